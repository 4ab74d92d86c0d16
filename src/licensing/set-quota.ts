import { InvalidInput } from '../base/errors.ts'
import type { Partner } from '../db/client/client.ts'
import { type AdminDeps, lockPartner } from './admin-mutations.ts'

/** Maximum requests per minute and per day (UTC). Omitted quotas keep their value. */
export interface QuotaInput {
  quotaPerMinute?: number | null
  quotaPerDay?: number | null
}

const MAX_QUOTA = { quotaPerMinute: 1_000_000, quotaPerDay: 1_000_000_000 }

/** @throws InvalidInput, NotFound */
export async function setPartnerQuota(
  { slug, ...order }: QuotaInput & { slug: string },
  { bus }: AdminDeps,
): Promise<Partner> {
  const data = checkedQuota(order)
  return bus.transaction(async (tx) => {
    const { id } = await lockPartner(tx, slug)
    return tx.partner.update({ where: { id }, data })
  })
}

export function checkedQuota(order: QuotaInput): { quotaPerMinute?: number; quotaPerDay?: number } {
  const checked: { quotaPerMinute?: number; quotaPerDay?: number } = {}
  for (const field of ['quotaPerMinute', 'quotaPerDay'] as const) {
    const requests = order[field]
    if (requests == null) continue
    if (!Number.isInteger(requests) || requests < 1 || requests > MAX_QUOTA[field]) {
      throw new InvalidInput(field, `"${field}" must be a whole number from 1 to ${MAX_QUOTA[field]}.`)
    }
    checked[field] = requests
  }
  return checked
}
