import pg from 'pg'
import { addArticle } from '../../support/newsroom.ts'
import { articleOf, saveNames } from '../cold/newsroom.ts'
import type { ThrowawayDatabase } from '../support/database.ts'

// A newsroom of any size: some articles saved as an editor saves them, and copies of their rows by SQL. Both
// sizes have the same rows for a topic, a language or a name that is rare.

export interface Size {
  articles: number
  /** Approved comments on one article, and pending ones on another. */
  comments: number
}

/** The articles that are copied. The last of them is copied RARE_COPIES times only. */
const TEMPLATES = 20
const RARE_COPIES = 20
const SPACING = "interval '10 minutes'"

export const rare = { slug: 'a-quasar-is-photographed', word: 'quasar', language: 'ckb' }

/** Fills a database, whose user must be a superuser. */
export async function fillNewsroom({ prisma, url }: ThrowawayDatabase, size: Size): Promise<void> {
  await saveNames(prisma)
  for (let i = 0; i < TEMPLATES; i++) {
    const draft = articleOf(i)
    const { blocks } = draft
    await addArticle(prisma, { ...draft, blocks: blocks.slice(0, 6) })
  }
  await addArticle(prisma, {
    slug: rare.slug,
    canonicalUrl: `https://dateline.example/${rare.slug}`,
    headline: `A ${rare.word} is photographed`,
    language: rare.language,
    topic: { slug: 'astronomy', label: 'Astronomy' },
  })
  // A session without the gateway's limits on time.
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query('BEGIN')
    // No triggers and no foreign keys: the rows are copies of rows that passed them, or follow the same rules.
    await client.query("SET LOCAL session_replication_role = 'replica'")
    for (const sql of statements(size)) await client.query(sql)
    await client.query('COMMIT')
    await client.query('VACUUM ANALYZE')
  } finally {
    await client.end()
  }
}

function statements({ articles, comments }: Size): string[] {
  // The rare ones are among the oldest.
  const publishedAt = `now() - ${SPACING} * CASE WHEN c.n > 0 THEN c.n ELSE ${articles} + c.n END`
  return [
    `CREATE TEMP TABLE copies ON COMMIT DROP AS
      WITH templates AS (SELECT id, slug, row_number() OVER (ORDER BY "publishedAt", id) AS number FROM "Article"
        WHERE slug <> '${rare.slug}')
      SELECT n, t.id AS template, md5('article' || n)::uuid AS id, md5('image' || n)::uuid AS image, t.slug
      FROM generate_series(1, ${articles - RARE_COPIES}) n JOIN templates t ON t.number = 1 + n % ${TEMPLATES}
      UNION ALL
      SELECT -n, a.id, md5('article' || -n)::uuid, NULL, a.slug
      FROM generate_series(1, ${RARE_COPIES}) n, "Article" a WHERE a.slug = '${rare.slug}'`,
    'CREATE INDEX ON copies (template)',
    copyOf('Article', {
      id: 'c.id',
      slug: "c.slug || '-copy-' || abs(c.n)",
      canonicalUrl: `t."canonicalUrl" || '-copy-' || abs(c.n)`,
      publishedAt,
      updatedAt: publishedAt,
      leadImageId: 'c.image',
    }),
    copyOf('ImageUse', { id: 'c.image', articleId: 'c.id' }),
    copyOf('Block', { id: `md5(c.n || 'block' || t.position)::uuid`, articleId: 'c.id' }),
    copyOf('ArticleEntity', { articleId: 'c.id', publishedAt }),
    `INSERT INTO "Reader" (id, subject, "displayName", "createdAt")
      SELECT md5('reader' || n)::uuid, 'reader-' || n, 'Reader ' || n, now() FROM generate_series(0, 99) n`,
    commentsOn(1, 'APPROVED', comments),
    commentsOn(2, 'PENDING', comments),
    `INSERT INTO "FeedEntry" ("articleId", position, kind, "commentId", at, "commentCount")
      SELECT "articleId", position, 'APPROVED', id, "approvedAt", position FROM "Comment" WHERE status = 'APPROVED'`,
    `UPDATE "Article" SET "commentCount" = ${comments}, "feedPosition" = ${comments} WHERE id = md5('article1')::uuid`,
  ]
}

/** Copies the rows of a table that belong to the templates, with other values in some columns. */
function copyOf(table: string, values: Record<string, string>): string {
  const owner = table === 'Article' ? 'id' : 'articleId'
  const own = Object.keys(values).map((column) => `"${column}"`)
  const columns = COLUMNS[table] as readonly string[]
  const others = columns.filter((column) => !(column in values)).map((column) => `"${column}"`)
  return `INSERT INTO "${table}" (${[...own, ...others].join(', ')})
    SELECT ${[...Object.values(values), ...others.map((column) => `t.${column}`)].join(', ')}
    FROM copies c JOIN "${table}" t ON t."${owner}" = c.template`
}

const COLUMNS: Record<string, readonly string[]> = {
  Article: [
    ...['language', 'status', 'kicker', 'headline', 'standfirst', 'datelineText', 'datelinePlace'],
    ...['datelineRegion', 'byline', 'topicId', 'version', 'search'],
  ],
  ImageUse: ['imageId', 'alt', 'caption', 'photographer', 'agency', 'credit', 'usageTerms'],
  Block: ['position', 'kind', 'text', 'level'],
  ArticleEntity: ['entityId', 'kind', 'namedIn', 'position', 'rolesAsPrinted'],
}

/** Comments on the copy with a number; every fourth one is a reply to the first of its forty. */
function commentsOn(article: number, status: 'APPROVED' | 'PENDING', count: number): string {
  const id = (n: string) => `md5('${status}' || ${n})::uuid`
  const first = '(n - (n - 1) % 40)'
  const isReply = '(n % 4 = 0)'
  const placed = status === 'APPROVED'
  return `INSERT INTO "Comment" (id, "articleId", "parentId", "threadId", "readerId", "authorName", body, "bodyDigest",
      status, "submittedAt", "approvedAt", position)
    SELECT ${id('n')}, md5('article${article}')::uuid,
      CASE WHEN ${isReply} THEN ${id(first)} END, CASE WHEN ${isReply} THEN ${id(first)} ELSE ${id('n')} END,
      md5('reader' || n % 100)::uuid, 'Reader ' || n % 100,
      'Comment ' || n || '. The bridge carries eleven thousand vehicles a day, three times as many as expected.',
      sha256(('comment' || n)::bytea), '${status}', now() - interval '1 day' + interval '1 second' * n,
      ${placed ? "now() - interval '1 hour' + interval '1 millisecond' * n, n" : 'NULL, NULL'}
    FROM generate_series(1, ${count}) n`
}
