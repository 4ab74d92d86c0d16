import { isDeepStrictEqual } from 'node:util'
import { NotFound } from '../base/errors.ts'
import { type NewChange, recordChanges } from '../changelog/record.ts'
import { type Licence, Prisma } from '../db/client/client.ts'
import { lockHoldings, lockLicenceRow } from '../db/locks.ts'
import { type AdminDeps, lockPartner } from './admin-mutations.ts'
import { checkedTerms } from './check-terms.ts'
import { boundaryChange } from './due-changes.ts'
import { nextBoundary, retentionMs, type Terms } from './terms.ts'

export interface LicenceUpdate {
  slug: string
  /** Omitted terms keep their value. */
  terms: Partial<Terms>
}

/**
 * Updates the licence of a partner. In the same transaction: the version history, the retention of held
 * articles, and the changes for the partner.
 *
 * @returns the licence, and false if it was already the same; then nothing is written
 * @throws InvalidInput, NotFound
 */
export async function setLicence(
  { slug, terms }: LicenceUpdate,
  { bus, now, admin }: AdminDeps,
): Promise<{ licence: Licence; changed: boolean }> {
  return bus.transaction(async (tx, publish) => {
    const { id: partnerId } = await lockPartner(tx, slug)
    const before = await lockLicence(tx, partnerId)
    const after = await checkedTerms(tx, { ...termsIn(before), ...terms })
    if (isDeepStrictEqual(after, termsIn(before))) return { licence: before, changed: false }
    const at = now()
    const licence = await writeLicence(tx, {
      partnerId,
      version: before.version + 1,
      terms: after,
      admin,
      at,
    })
    if (after.retentionDays !== before.retentionDays) await resetLapses(tx, { partnerId, terms: after, at })
    const change: NewChange = {
      articleId: null,
      kind: 'RIGHTS_CHANGED',
      partnerId,
      version: licence.version,
      licenceBefore: before.version,
    }
    // A start or end that has passed but is not recorded yet would be lost.
    const isOverdue = before.dueAt !== null && before.dueAt <= at
    const changes = isOverdue ? [boundaryChange(before), change] : [change]
    await recordChanges(tx, changes, { at, publish })
    return { licence, changed: true }
  }, TRANSACTION_TIMEOUTS_MS)
}

/** A partner may hold many articles, which must all be updated. */
const TRANSACTION_TIMEOUTS_MS = { maxWait: 10_000, timeout: 120_000 }

export interface LicenceVersion {
  partnerId: string
  version: number
  terms: Terms
  admin: string
  at: Date
}

/** Writes a licence version and its history entry. */
export async function writeLicence(
  tx: Prisma.TransactionClient,
  { partnerId, version, terms, admin, at }: LicenceVersion,
): Promise<Licence> {
  const row = { ...terms, version, dueAt: nextBoundary(terms, at) }
  const licence = await tx.licence.upsert({
    where: { partnerId },
    create: { partnerId, ...row },
    update: row,
  })
  await tx.licenceChange.create({ data: { partnerId, version, terms: asJson(terms), admin, at } })
  return licence
}

function asJson(terms: Terms): Prisma.InputJsonObject {
  return JSON.parse(JSON.stringify(terms))
}

async function lockLicence(tx: Prisma.TransactionClient, partnerId: string): Promise<Licence> {
  await lockLicenceRow(tx, partnerId)
  const licence = await tx.licence.findUnique({ where: { partnerId } })
  if (!licence) throw new NotFound('licence')
  return licence
}

function termsIn({ partnerId, version, dueAt, ...terms }: Licence): Terms {
  return terms
}

/**
 * Recomputes the end of retention of held articles. Articles whose retention ends with this change are covered
 * by the licence change; those that ended before keep their pending change.
 */
async function resetLapses(
  tx: Prisma.TransactionClient,
  { partnerId, terms, at }: { partnerId: string; terms: Terms; at: Date },
): Promise<void> {
  // A delivery to the partner may be recorded concurrently.
  await lockHoldings(tx, Prisma.sql`h."partnerId" = ${partnerId}::uuid`)
  await tx.$executeRaw`
    UPDATE "Holding" h SET "lapsesAt" = CASE
      WHEN n.lapses > ${at} OR n.lapses IS NULL THEN n.lapses
      WHEN h."lapsesAt" <= ${at} THEN h."lapsesAt"
    END
    FROM (
      SELECT "id", "publishedAt" + ${retentionMs(terms)}::float8 * interval '1 millisecond' AS lapses FROM "Article"
    ) n
    WHERE n."id" = h."articleId" AND h."partnerId" = ${partnerId}::uuid AND h."removalAttemptedAt" IS NULL`
}
