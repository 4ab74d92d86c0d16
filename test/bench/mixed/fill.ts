import pg from 'pg'
import { globalId } from '../../support/newsroom.ts'
import { type Random, zipf } from '../chaos/random.ts'
import { fillNewsroom } from '../growth/fill.ts'
import type { ThrowawayDatabase } from '../support/database.ts'

/** Approved comments of each story before the first approval: as many as a page shows. */
export const COMMENTS = 20
/** growth/fill.ts uses the lowest numbers for copies that are all alike, and makes this many others. */
const OTHERS = 20

export interface Stories {
  /** Most read first. */
  slugs: string[]
  /** Pending comments in the order of their approval, each with the index of its story. */
  pending: { id: string; story: number }[]
}

/** Fills a database with stories that have comments, and with pending comments that Zipf's law gives to stories. */
export async function fillStories(
  database: ThrowawayDatabase,
  { stories, approvals }: { stories: number; approvals: number },
  random: Random,
): Promise<Stories> {
  await fillNewsroom(database, { articles: stories + OTHERS, comments: 0 })
  const choose = zipf(stories)
  const chosen = Array.from({ length: approvals }, () => choose(random))
  const client = new pg.Client(database.url)
  await client.connect()
  try {
    await client.query('BEGIN')
    await client.query("SET LOCAL session_replication_role = 'replica'")
    await client.query(APPROVED, [stories, COMMENTS])
    await client.query(FEED_ENTRIES)
    await client.query(COUNTS, [stories, COMMENTS])
    const { rows: pending } = await client.query<{ id: string }>(PENDING, [chosen])
    await client.query('COMMIT')
    await client.query('VACUUM ANALYZE')
    const { rows } = await client.query<{ slug: string }>(SLUGS, [stories])
    return {
      slugs: rows.map(({ slug }) => slug),
      pending: pending.map(({ id }, i) => ({ id: globalId('Comment', id), story: chosen[i] as number })),
    }
  } finally {
    await client.end()
  }
}

const COLUMNS = `id, "articleId", "threadId", "readerId", "authorName", body, "bodyDigest", status, "submittedAt",
  "approvedAt", position`
const TEXT = `'Comment ' || n || '. The bridge carries eleven thousand vehicles a day, three times as many as expected.'`
const BY = `md5('reader' || n % 100)::uuid, 'Reader ' || n % 100`

const APPROVED = `INSERT INTO "Comment" (${COLUMNS})
  SELECT id, md5('article' || story)::uuid, id, ${BY}, ${TEXT}, sha256(id::text::bytea), 'APPROVED',
    now() - interval '1 day' + interval '1 second' * n, now() - interval '1 hour' + interval '1 second' * n, n
  FROM generate_series(1, $1::int) story, generate_series(1, $2::int) n,
    LATERAL (SELECT md5('approved' || story || '-' || n)::uuid AS id) made`

const FEED_ENTRIES = `INSERT INTO "FeedEntry" ("articleId", position, kind, "commentId", at, "commentCount")
  SELECT "articleId", position, 'APPROVED', id, "approvedAt", position FROM "Comment" WHERE status = 'APPROVED'`

const COUNTS = `UPDATE "Article" SET "commentCount" = $2, "feedPosition" = $2
  WHERE id IN (SELECT md5('article' || story)::uuid FROM generate_series(1, $1::int) story)`

/** Stories are given by their index, and have numbers from 1 on. */
const PENDING = `INSERT INTO "Comment" (${COLUMNS})
  SELECT id, md5('article' || story + 1)::uuid, id, ${BY}, ${TEXT}, sha256(id::text::bytea), 'PENDING', now(), NULL, NULL
  FROM unnest($1::int[]) WITH ORDINALITY AS chosen (story, n),
    LATERAL (SELECT md5('pending' || n)::uuid AS id) made
  ORDER BY n RETURNING id`

const SLUGS = `SELECT slug FROM generate_series(1, $1::int) story
  JOIN "Article" ON id = md5('article' || story)::uuid ORDER BY story`
