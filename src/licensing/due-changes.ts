import type { Publisher } from '../bus/bus.ts'
import { type NewChange, recordChanges } from '../changelog/record.ts'
import { type Licence, Prisma, type PrismaClient } from '../db/client/client.ts'
import { lockDueArticles, lockDueLicence, lockedHoldings } from '../db/locks.ts'
import { nextBoundary } from './terms.ts'

export interface DueDeps {
  prisma: PrismaClient
  bus: Publisher
  now: () => Date
}

/**
 * The rows per transaction: the change sequence must not be locked for long, nor the only connection of the embedded
 * database.
 */
const BATCH_SIZE = 100

/**
 * Records the changes that happen by the clock: ended embargoes, licences that start or end, and articles whose
 * retention ended. All gateways may run it concurrently; each change is recorded once.
 *
 * Rights do not depend on it, because they are computed from the clock. It only notifies partners.
 */
export async function announceDue(deps: DueDeps): Promise<void> {
  const now = deps.now()
  if (!(await isAnythingDue(deps.prisma, now))) return
  while ((await announceBatch(deps, now, dueArticles)) === BATCH_SIZE) {}
  while ((await announceBatch(deps, now, dueHoldings)) === BATCH_SIZE) {}
  while ((await announceBatch(deps, now, dueLicence)) > 0) {}
}

async function isAnythingDue(prisma: PrismaClient, now: Date): Promise<boolean> {
  const [row] = await prisma.$queryRaw<{ due: boolean }[]>`SELECT ${anythingDueSql(now)} AS due`
  return row?.due ?? false
}

/** Whether `announceDue` has something to record, in SQL. */
export function anythingDueSql(now: Date): Prisma.Sql {
  return Prisma.sql`(EXISTS (SELECT FROM "Article" WHERE "dueAt" <= ${now})
    OR EXISTS (SELECT FROM "Holding" WHERE "lapsesAt" <= ${now})
    OR EXISTS (SELECT FROM "Licence" WHERE "dueAt" <= ${now}))`
}

/** Marks due rows as processed and returns their number and the changes to record. */
type TakeDue = (tx: Prisma.TransactionClient, now: Date) => Promise<{ taken: number; changes: NewChange[] }>

function announceBatch({ bus }: DueDeps, now: Date, take: TakeDue): Promise<number> {
  return bus.transaction(async (tx, publish) => {
    const { taken, changes } = await take(tx, now)
    if (changes.length > 0) await recordChanges(tx, changes, { at: now, publish })
    return taken
  })
}

async function dueArticles(tx: Prisma.TransactionClient, now: Date) {
  const rows = await lockDueArticles(tx, now, BATCH_SIZE)
  await tx.article.updateMany({ where: { id: { in: rows.map(({ id }) => id) } }, data: { dueAt: null } })
  const changes = rows.map(({ id: articleId, version }): NewChange => {
    return { articleId, version, kind: 'PUBLISHED' }
  })
  return { taken: rows.length, changes }
}

async function dueHoldings(tx: Prisma.TransactionClient, now: Date) {
  const lapsed = lockedHoldings(Prisma.sql`h."lapsesAt" <= ${now}`, BATCH_SIZE)
  const rows = await tx.$queryRaw<{ partnerId: string; articleId: string; version: number }[]>`
    SELECT h."partnerId", h."articleId", a."version" FROM (${lapsed}) h JOIN "Article" a ON a."id" = h."articleId"
    ORDER BY h."articleId", h."partnerId"`
  await tx.$executeRaw`
    UPDATE "Holding" h SET "lapsesAt" = NULL
    FROM unnest(${rows.map(({ partnerId }) => partnerId)}::uuid[], ${rows.map(({ articleId }) => articleId)}::uuid[])
      AS due("partnerId", "articleId")
    WHERE h."partnerId" = due."partnerId" AND h."articleId" = due."articleId"`
  const changes = rows.map((row): NewChange => ({ ...row, kind: 'RIGHTS_CHANGED' }))
  return { taken: rows.length, changes }
}

/** The change of a licence that started or ended by the clock. */
export function boundaryChange({ partnerId, version }: Pick<Licence, 'partnerId' | 'version'>): NewChange {
  return { articleId: null, kind: 'RIGHTS_CHANGED', partnerId, version, licenceBefore: version }
}

/** Takes one licence. */
async function dueLicence(tx: Prisma.TransactionClient, now: Date) {
  const partnerId = await lockDueLicence(tx, now)
  if (!partnerId) return { taken: 0, changes: [] }
  const licence = await tx.licence.findUniqueOrThrow({ where: { partnerId } })
  await tx.licence.update({ where: { partnerId }, data: { dueAt: nextBoundary(licence, now) } })
  return { taken: 1, changes: [boundaryChange(licence)] }
}
