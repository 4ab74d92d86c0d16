import { makeKey, type NewKey } from '../auth/api-key.ts'
import { InvalidInput } from '../base/errors.ts'
import { type Partner, Prisma } from '../db/client/client.ts'
import type { AdminDeps } from './admin-mutations.ts'
import { checkedTerms } from './check-terms.ts'
import { writeLicence } from './licence.ts'
import { checkedQuota, type QuotaInput } from './set-quota.ts'
import { noTerms, type Terms } from './terms.ts'

const MAX_SLUG_CHARACTERS = 80
const MAX_NAME_CHARACTERS = 200

export interface NewPartner extends QuotaInput {
  slug: string
  name: string
  /** Omitted terms grant nothing; see `noTerms`. */
  licence?: Partial<Terms>
}

/**
 * Adds a partner with its licence and its first API key.
 * @returns the partner, and the key, which is stored only as a hash
 * @throws InvalidInput, also for an existing slug
 */
export async function addPartner(
  order: NewPartner,
  { bus, now, admin }: AdminDeps,
): Promise<{ partner: Partner; key: NewKey }> {
  const slug = checkedSlug(order.slug)
  const name = checkedName(order.name)
  const quota = checkedQuota(order)
  const key = makeKey('FULL')
  const at = now()
  try {
    const partner = await bus.transaction(async (tx) => {
      const terms = await checkedTerms(tx, { ...noTerms, ...order.licence })
      const { id } = await tx.partner.create({ data: { slug, name, createdAt: at, ...quota } })
      const { text, ...kept } = key
      await tx.partnerKey.create({ data: { ...kept, partnerId: id, createdAt: at } })
      await writeLicence(tx, { partnerId: id, version: 1, terms, admin, at })
      return tx.partner.findUniqueOrThrow({ where: { id } })
    })
    return { partner, key }
  } catch (error) {
    const isTaken = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
    throw isTaken
      ? new InvalidInput('slug', `A partner "${slug}" already exists. Choose another slug.`)
      : error
  }
}

function checkedSlug(slug: string): string {
  if (slug.length > MAX_SLUG_CHARACTERS || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) {
    throw new InvalidInput(
      'slug',
      `A slug may contain only lower-case letters, digits and hyphens. The maximum is ${MAX_SLUG_CHARACTERS} characters.`,
    )
  }
  return slug
}

function checkedName(text: string): string {
  const name = text.normalize('NFC').replace(/\s+/gu, ' ').trim()
  if (name === '' || name.length > MAX_NAME_CHARACTERS || /\p{Cc}/u.test(name)) {
    throw new InvalidInput('name', `A name must be one line of 1 to ${MAX_NAME_CHARACTERS} characters.`)
  }
  return name
}
