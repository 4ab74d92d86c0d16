import { Prisma } from './client/client.ts'

// Every lock that a transaction takes by a statement of its own. A lock ends with its transaction.
//
// A transaction takes its locks in this order, so that two transactions can't wait for each other. Rows of one table are
// locked in the order of their ids.
//
//   1. reader       the status of the person who writes
//   2. image rights
//   3. partner, then its licence
//   4. articles     NO KEY UPDATE: rows that reference an article (comments, changes) may still be added;
//                   then images: new ones by URL, others by id
//   5. holdings     by article, then partner
//   6. articles     KEY SHARE, for the foreign keys of new entries of the change sequence
//      (a submission takes 1 and 6 in one statement: src/comments/submission-target.ts)
//   7. comments      by id: those that are decided, or the parent of a new comment with the first comment of its thread
//   8. the change sequence: the update of "ChangeHead" in src/changelog/record.ts, always last
//
// Webhook endpoints are locked in transactions of their own, before their jobs in the queue. The requests that count for
// a quota, and the row of the purges of a CDN, are locked in single statements.

type Tx = Pick<Prisma.TransactionClient, '$queryRaw' | '$executeRaw'>

/**
 * Locks a person against a ban until the transaction ends: the row of the reader, or the subject if there is no row.
 * The function is in the database because it may take two locks, one after the other, in one round trip.
 * @returns the status; undefined if there is no row
 */
export async function lockReaderShared(tx: Tx, subject: string): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ standing: string | null }[]>`
    SELECT "Reader_lock_shared"(${subject})::text AS "standing"`
  return row?.standing ?? undefined
}

/** Waits for transactions that hold the lock of a subject, and blocks new ones. A ban takes it before it writes a row. */
export async function lockSubjectExclusive(tx: Tx, subject: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${subject}, 0))`
}

/** The key of the advisory lock on image rights. */
const IMAGE_RIGHTS_LOCK_KEY = 1_147_233_365

/** Prevents changes of image rights while an article is saved. */
export async function lockImageRightsShared(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${IMAGE_RIGHTS_LOCK_KEY}::bigint)`
}

/** Prevents saving of articles while image rights change, so that no article misses the change. */
export async function lockImageRightsExclusive(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${IMAGE_RIGHTS_LOCK_KEY}::bigint)`
}

/**
 * Makes admin mutations on one partner run one after the other.
 * @returns the id of the partner; undefined if there is none
 */
export async function lockPartnerRow(tx: Tx, slug: string): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Partner" WHERE "slug" = ${slug} FOR NO KEY UPDATE`
  return rows[0]?.id
}

/** Prevents a change of a licence, or its start or end by the clock, while it is changed. */
export async function lockLicenceRow(tx: Tx, partnerId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM "Licence" WHERE "partnerId" = ${partnerId}::uuid FOR UPDATE`
}

/** Locks one licence whose start or end is due, so that one gateway records it. */
export async function lockDueLicence(tx: Tx, now: Date): Promise<string | undefined> {
  const rows = await tx.$queryRaw<{ partnerId: string }[]>`
    SELECT "partnerId" FROM "Licence" WHERE "dueAt" <= ${now} ORDER BY "partnerId" LIMIT 1 FOR UPDATE`
  return rows[0]?.partnerId
}

/**
 * Makes writers of one article run one after the other: editors, imports, and decisions about its comments.
 * FOR UPDATE would wait for licence changes, which reference articles and hold the change sequence.
 *
 * @param showing locks all articles that show an image with one of these URLs, too
 * @returns the id of the article; undefined if there is none
 */
export async function lockArticleRow(
  tx: Tx,
  key: { id: string } | { canonicalUrl: string },
  showing: readonly string[] = [],
): Promise<string | undefined> {
  const isIt =
    'id' in key ? Prisma.sql`"id" = ${key.id}::uuid` : Prisma.sql`"canonicalUrl" = ${key.canonicalUrl}`
  const isLocked = showing.length > 0 ? Prisma.sql`${isIt} OR ${shows(showing)}` : isIt
  const rows = await tx.$queryRaw<{ id: string; isIt: boolean }[]>`
    SELECT "id", ${isIt} AS "isIt" FROM "Article" WHERE ${isLocked} ORDER BY "id" FOR NO KEY UPDATE`
  return rows.find(({ isIt }) => isIt)?.id
}

/**
 * The same for several articles. For decisions, it makes the order of feed positions the order of commits.
 * @returns the articles in the order of their ids; `at` is the database's time after the row was locked
 */
export async function lockArticleRows(
  tx: Tx,
  ids: Iterable<string>,
): Promise<{ id: string; feedPosition: number; at: Date }[]> {
  return tx.$queryRaw`
    SELECT locked.*, clock_timestamp() AS at FROM (
      SELECT "id", "feedPosition" FROM "Article" WHERE "id" = ANY(${[...ids]}::uuid[]) ORDER BY "id" FOR NO KEY UPDATE
    ) locked`
}

/** The same for all articles that show an image. Returns their ids. */
export async function lockArticlesShowing(tx: Tx, urls: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Article" WHERE ${shows(urls)} ORDER BY "id" FOR NO KEY UPDATE`
  return rows.map(({ id }) => id)
}

function shows(urls: readonly string[]): Prisma.Sql {
  return Prisma.sql`"id" IN (
    SELECT u."articleId" FROM "ImageUse" u JOIN "Image" i ON i."id" = u."imageId"
    WHERE i."url" = ANY(${[...urls]}::text[]))`
}

/** Prevents other writes to images while they are changed. Images are locked after articles. */
export async function lockImageRows(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT FROM "Image" WHERE "id" = ANY(${[...ids]}::uuid[]) ORDER BY "id" FOR NO KEY UPDATE`
}

/** The same for articles that became visible by the clock. Locked by id, and returned in the order of time. */
export function lockDueArticles(
  tx: Tx,
  now: Date,
  limit: number,
): Promise<{ id: string; version: number }[]> {
  return tx.$queryRaw`
    WITH locked AS (
      SELECT "id", "version", "dueAt" FROM "Article"
      WHERE "dueAt" <= ${now} AND "id" IN (
        SELECT "id" FROM "Article" WHERE "dueAt" <= ${now} ORDER BY "dueAt", "id" LIMIT ${limit}
      )
      ORDER BY "id" FOR NO KEY UPDATE
    )
    SELECT "id", "version" FROM locked ORDER BY "dueAt", "id"`
}

/**
 * Prevents deletes of articles. Inserting entries of the change sequence locks their articles in the same way, but in the
 * order of the entries: a transaction that updates an article may hold its lock and wait for the sequence.
 */
export async function lockArticlesShared(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    SELECT FROM "Article" WHERE "id" = ANY(${[...ids]}::uuid[]) ORDER BY "id" FOR KEY SHARE`
}

/**
 * The holdings that satisfy a condition, locked, to be used in FROM: deliveries, acknowledgements and
 * changes of retention of one partner run one after the other for each article.
 *
 * @param condition on the columns of "Holding" h
 */
export function lockedHoldings(condition: Prisma.Sql, limit?: number): Prisma.Sql {
  const most = limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit}`
  return Prisma.sql`
    SELECT h.* FROM "Holding" h WHERE ${condition} ORDER BY h."articleId", h."partnerId" ${most} FOR UPDATE`
}

/** Locks the holdings that satisfy a condition. */
export async function lockHoldings(tx: Tx, condition: Prisma.Sql): Promise<void> {
  await tx.$executeRaw`SELECT FROM (${lockedHoldings(condition)}) locked`
}

/**
 * The counts of requests of one minute and one day, locked in the order in which a request increments them, to be used
 * in FROM.
 */
export function lockedUsage(partnerId: string, minute: Date | undefined, day: Date | undefined): Prisma.Sql {
  return Prisma.sql`
    SELECT "unit", "start" FROM "PartnerUsage"
    WHERE "partnerId" = ${partnerId}::uuid
      AND (("unit" = 'MINUTE' AND "start" = ${minute}) OR ("unit" = 'DAY' AND "start" = ${day ?? null}))
    ORDER BY "unit" = 'DAY' FOR UPDATE`
}

/** Prevents two changes of one webhook, such as rotations of its secret, at the same time. */
export async function lockEndpointRow(tx: Tx, id: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM "WebhookEndpoint" WHERE "id" = ${id}::uuid FOR UPDATE`
}

/**
 * An enabled webhook, locked, to be used in FROM; none if another gateway has it. The queue orders messages about one
 * article by transaction time, so a webhook for which a later transaction has queued is left out.
 */
export function lockedFreeEndpoint(id: string): Prisma.Sql {
  return Prisma.sql`
    SELECT * FROM "WebhookEndpoint"
    WHERE "id" = ${id}::uuid AND "disabledAt" IS NULL AND ("queuedAt" IS NULL OR "queuedAt" <= now())
    FOR UPDATE SKIP LOCKED`
}

/** The articles that satisfy a condition on "Article" as `a`, locked as the foreign keys of new rows lock them. */
export function articlesKeyShare(condition: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT a."id" FROM "Article" a WHERE ${condition} ORDER BY a."id" FOR KEY SHARE`
}

/**
 * The head of the change sequence, locked until the transaction ends; no row if another transaction writes to the
 * sequence.
 * @param after a condition on what the statement locks before
 */
export function freeSequence(after: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT "position" FROM "ChangeHead" WHERE "id" = 1 AND ${after} FOR SHARE SKIP LOCKED`
}

/** The row of the purges of a CDN, locked, to be used in FROM; none while another gateway sends them. */
export function lockedFreePurgeState(gatewayId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT * FROM "PurgeState"
    WHERE "id" = 1 AND ("holder" IS NULL OR "holder" = ${gatewayId}::uuid OR "heldUntil" < clock_timestamp())
    FOR UPDATE SKIP LOCKED`
}

/** Whether no other transaction writes to the change sequence. Then none can until this transaction ends. */
export async function lockSequenceShared(tx: Pick<Tx, '$queryRaw'>): Promise<boolean> {
  const free = await tx.$queryRaw<object[]>`SELECT "position" FROM "ChangeHead" FOR SHARE SKIP LOCKED`
  return free.length > 0
}

/** Keys of advisory locks between gateways: numbers that nothing else on the server uses. */
export const GATEWAY_LOCK_KEYS = {
  /** One gateway migrates. */
  migration: 4_115_272_061,
  /** One gateway creates the sample newsroom. */
  sample: 4_115_272_062,
}

/** Waits for an advisory lock between gateways, in a transaction that holds no other lock. */
export const LOCK_GATEWAYS_SQL = 'SELECT pg_advisory_xact_lock($1)'

// Parts of larger statements:

/**
 * Reads the article that a new comment references, and locks it as the foreign key locks it.
 * @param after a condition on what the statement locks before
 */
export function articleKeyShare(id: string, after: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT * FROM "Article" WHERE "id" = ${id}::uuid AND ${after} FOR KEY SHARE`
}

/** The same for the parent of a new comment and the first comment of its thread, in the order of their ids. */
export function threadKeyShare(
  { articleId, parentId }: { articleId: string; parentId: string | null },
  after: Prisma.Sql,
): Prisma.Sql {
  return Prisma.sql`SELECT "id", "status" FROM "Comment"
    WHERE "articleId" = ${articleId}::uuid AND ${after}
      AND "id" IN (${parentId}::uuid, (SELECT "threadId" FROM "Comment" WHERE "id" = ${parentId}::uuid))
    ORDER BY "id" FOR KEY SHARE`
}

/** Locks the comments of the rows "made", which have a "commentId", in the order of their ids. */
export const COMMENTS_FOR_UPDATE = Prisma.sql`
  SELECT made.* FROM made JOIN "Comment" k ON k."id" = made."commentId" ORDER BY k."id" FOR UPDATE OF k`
