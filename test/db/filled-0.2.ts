import pg from 'pg'
import type { TestDatabase } from '../support/database.ts'

/** Runs one statement and returns its rows. */
export type Run = <T>(sql: string) => Promise<T[]>

/**
 * Runs work in one transaction, on a server by a connection of its own: a gateway's connections end a statement that
 * takes too long.
 */
export async function inTransaction<T>(database: TestDatabase, work: (run: Run) => Promise<T>): Promise<T> {
  if (!database.url) {
    return database.prisma.$transaction((tx) => work(<T>(sql: string) => tx.$queryRawUnsafe<T[]>(sql)), {
      timeout: 30 * 60_000,
    })
  }
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query('BEGIN')
    const result = await work(async <T>(sql: string) => (await client.query(sql)).rows as T[])
    await client.query('COMMIT')
    return result
  } finally {
    await client.end()
  }
}

/**
 * Fills the tables of version 0.2.0, each with at least one row: `articles` articles with five blocks, two mentions and
 * four comments each. Written in SQL, because the client only knows the newest tables.
 */
export async function fillVersion02(database: TestDatabase, articles: number): Promise<void> {
  await inTransaction(database, async (run) => {
    for (const sql of [...SHARED, ...ARTICLES, ...COMMENTS, ...CHANGES, ...PARTNERS])
      await run(sql.replaceAll(':articles', String(articles)))
  })
}

/** The id of row `n` of a table, so that rows can refer to each other. */
const id = (table: string, n = 'n') => `md5('${table}' || ${n})::uuid`

const EACH_ARTICLE = 'FROM generate_series(1, :articles) n'
const EACH_ENTITY = 'FROM generate_series(1, 20) n'
const SOME_ENTITY = '(1 + n % 20)'
const AT = `timestamptz '2026-01-02 03:04:05Z' + n * interval '1 second'`

const SHARED = [
  `INSERT INTO "Topic" ("id", "slug", "label", "parentId")
   SELECT ${id('topic')}, 'topic-' || n, 'Topic ' || n, CASE WHEN n > 5 THEN ${id('topic', '(n - 5)')} END
   FROM generate_series(1, 10) n`,
  `INSERT INTO "Person" ("id", "slug", "name") SELECT ${id('person')}, 'person-' || n, 'Person ' || n ${EACH_ENTITY}`,
  `INSERT INTO "Organisation" ("id", "slug", "name")
   SELECT ${id('organisation')}, 'organisation-' || n, 'Organisation ' || n ${EACH_ENTITY}`,
  `INSERT INTO "Name" ("id", "text", "kind", "normalised", "personId")
   SELECT ${id('name')}, 'Person ' || n, 'CANONICAL', 'person ' || n, ${id('person')} ${EACH_ENTITY}`,
  `INSERT INTO "ExternalId" ("scheme", "value", "organisationId")
   SELECT 'wikidata', 'Q' || n, ${id('organisation')} ${EACH_ENTITY}`,
  `INSERT INTO "Affiliation" ("id", "personId", "organisationId", "title")
   SELECT ${id('affiliation')}, ${id('person')}, ${id('organisation')}, 'Director' ${EACH_ENTITY}`,
  `INSERT INTO "Image" ("id", "url", "credit")
   SELECT ${id('image')}, 'https://news.example/' || n || '.jpg', 'Credit' ${EACH_ARTICLE}`,
]

const ARTICLES = [
  `INSERT INTO "Article" ("id", "slug", "canonicalUrl", "language", "headline", "topicId", "publishedAt", "updatedAt",
     "leadImageId", "search")
   SELECT ${id('article')}, 'article-' || n, 'https://news.example/' || n, 'en', 'Headline ' || n,
     ${id('topic', '(1 + n % 10)')}, ${AT}, ${AT}, ${id('image')}, to_tsvector('simple', 'headline ' || n) ${EACH_ARTICLE}`,
  `INSERT INTO "Block" ("id", "articleId", "position", "kind", "text", "level", "imageId")
   SELECT ${id('block', "n || '-' || p")}, ${id('article')}, p,
     (ARRAY['HEADING', 'PARAGRAPH', 'QUOTATION', 'IMAGE', 'EMBED'])[p]::"BlockKind",
     CASE WHEN p <= 3 THEN repeat('Text ' || n || '. ', 20) END, CASE WHEN p = 1 THEN 2 END,
     CASE WHEN p = 4 THEN ${id('image')} END
   ${EACH_ARTICLE}, generate_series(1, 5) p`,
  `INSERT INTO "Embed" ("blockId", "provider", "url")
   SELECT ${id('block', "n || '-5'")}, 'X', 'https://x.example/' || n ${EACH_ARTICLE}`,
  `INSERT INTO "Quotation" ("id", "articleId", "blockId", "speakerPersonId", "direct", "viaOrganisationId")
   SELECT ${id('quotation')}, ${id('article')}, ${id('block', "n || '-3'")}, ${id('person', SOME_ENTITY)}, true,
     ${id('organisation', SOME_ENTITY)} ${EACH_ARTICLE}`,
  `INSERT INTO "Mention" ("id", "articleId", "blockId", "start", "end", "surface", "personId", "organisationId")
   SELECT ${id('mention', "n || '-' || p")}, ${id('article')}, ${id('block', "n || '-2'")}, p * 5, p * 5 + 4, 'Text',
     CASE WHEN p = 0 THEN ${id('person', SOME_ENTITY)} END, CASE WHEN p = 1 THEN ${id('organisation', SOME_ENTITY)} END
   ${EACH_ARTICLE}, generate_series(0, 1) p`,
  `INSERT INTO "ArticlePerson" ("articleId", "personId", "namedIn", "position", "rolesAsPrinted")
   SELECT ${id('article')}, ${id('person', SOME_ENTITY)}, 'STORY', 1, ARRAY['director'] ${EACH_ARTICLE}`,
  `INSERT INTO "ArticleOrganisation" ("articleId", "organisationId", "namedIn", "position")
   SELECT ${id('article')}, ${id('organisation', SOME_ENTITY)}, 'STORY', 1 ${EACH_ARTICLE}`,
  `INSERT INTO "Revision" ("articleId", "version", "at", "snapshot", "fingerprint")
   SELECT ${id('article')}, 1, ${AT}, jsonb_build_object('headline', 'Headline ' || n), 'f' || n ${EACH_ARTICLE}`,
  `INSERT INTO "Correction" ("id", "articleId", "kind", "text", "version", "at")
   SELECT ${id('correction')}, ${id('article')}, 'CLARIFICATION', 'Corrected.', 1, ${AT} ${EACH_ARTICLE}`,
]

/** Comment 1 is approved, 2 is an approved reply that is then retracted, 3 is pending, and 4 is rejected. */
const comment = (c: string) => id('comment', `n || '-' || ${c}`)

const COMMENTS = [
  `INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt")
   SELECT ${id('reader')}, 'reader-' || n, 'Reader ' || n, ${AT} ${EACH_ENTITY}`,
  `INSERT INTO "StandingChange" ("id", "readerId", "standing", "reason", "admin", "adminName", "at")
   SELECT ${id('status')}, ${id('reader', '1')}, 'GOOD', 'Reason.', 'admin', 'Admin', ${AT} FROM generate_series(1, 1) n`,
  `INSERT INTO "Comment" ("id", "articleId", "parentId", "readerId", "authorName", "body", "bodyKey", "submittedAt")
   SELECT ${comment('c')}, ${id('article')}, CASE WHEN c = 2 THEN ${comment('1')} END, ${id('reader', SOME_ENTITY)},
     'Reader', 'Comment ' || n || ' ' || c || repeat(' word', 40), 'comment ' || n || ' ' || c || repeat(' word', 40), ${AT}
   ${EACH_ARTICLE}, generate_series(1, 4) c`,
  ...[
    { c: 1, feed: 1, verdict: 'APPROVED' },
    { c: 2, feed: 2, verdict: 'APPROVED' },
    { c: 2, feed: 3, verdict: 'REJECTED' },
    { c: 4, feed: null, verdict: 'REJECTED' },
  ].flatMap(({ c, feed, verdict }) => decisions(c, feed, verdict)),
]

function decisions(c: number, feed: number | null, verdict: string): string[] {
  const approved = verdict === 'APPROVED'
  const decision = id('decision', `n || '-${c}-${verdict}'`)
  const statements = [
    `UPDATE "Comment" SET "status" = '${verdict}', "position" = ${approved ? feed : 'NULL'},
       "approvedAt" = ${approved ? '"submittedAt"' : 'NULL'}
     WHERE "id" IN (SELECT ${comment(String(c))} ${EACH_ARTICLE})`,
    `INSERT INTO "Decision" ("id", "commentId", "verdict", "moderator", "moderatorName", "at")
     SELECT ${decision}, ${comment(String(c))}, '${verdict}', 'moderator', 'Moderator', ${AT} ${EACH_ARTICLE}`,
  ]
  if (!approved) {
    statements.push(
      `INSERT INTO "DecisionGuideline" ("decisionId", "guidelineCode") SELECT ${decision}, 'ABUSE' ${EACH_ARTICLE}`,
    )
  }
  if (feed !== null) {
    statements.push(
      `UPDATE "Article" SET "feedPosition" = ${feed}, "commentCount" = "commentCount" + ${approved ? 1 : -1}`,
      `INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at")
       SELECT ${id('article')}, ${feed}, '${approved ? 'APPROVED' : 'RETRACTED'}', ${comment(String(c))}, ${AT} ${EACH_ARTICLE}`,
    )
  }
  return statements
}

const CHANGES = [
  `UPDATE "ChangeHead" SET "position" = :articles`,
  `INSERT INTO "ArticleChange" ("position", "articleId", "kind", "version", "at")
   SELECT n, ${id('article')}, 'PUBLISHED', 1, ${AT} ${EACH_ARTICLE}`,
]

const PARTNERS = [
  `INSERT INTO "Partner" ("id", "slug", "name", "createdAt") SELECT ${id('partner', '1')}, 'daily', 'Daily', now()`,
  `INSERT INTO "Licence" ("partnerId", "topics", "sections", "languages", "agencies", "fullText", "quotations", "embeds", "attribution")
   SELECT ${id('partner', '1')}, ARRAY['*'], '{}', ARRAY['en'], '{}', true, true, true, 'Daily'`,
  `INSERT INTO "LicenceChange" ("partnerId", "version", "terms", "admin", "at")
   SELECT ${id('partner', '1')}, 1, '{}', 'admin', now()`,
  `INSERT INTO "PartnerKey" ("id", "partnerId", "kind", "prefix", "hash", "createdAt")
   SELECT ${id('key', '1')}, ${id('partner', '1')}, 'FULL', 'prefix', repeat('0', 64), now()`,
  `INSERT INTO "PartnerUsage" ("partnerId", "unit", "start", "requests")
   SELECT ${id('partner', '1')}, 'DAY', date_trunc('day', now()), 3`,
  `INSERT INTO "Holding" ("partnerId", "articleId", "version", "since", "removalAttemptedAt")
   SELECT ${id('partner', '1')}, ${id('article')}, 1, ${AT}, CASE WHEN n % 10 = 0 THEN ${AT} END ${EACH_ARTICLE}`,
  `INSERT INTO "Delivery" ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt")
   SELECT ${id('delivery')}, ${id('partner', '1')}, ${id('article')}, 1, 'STORY', 'REST', ${AT}, ${AT} ${EACH_ARTICLE}`,
  `INSERT INTO "RemovalConfirmation" ("id", "partnerId", "articleId", "editor", "note", "at")
   SELECT ${id('confirmation', '1')}, ${id('partner', '1')}, ${id('article', '1')}, 'editor', 'By phone.', now()`,
  `INSERT INTO "Withdrawal" ("articleId", "at") SELECT ${id('article', '1')}, now()`,
  `INSERT INTO "WebhookEndpoint" ("id", "partnerId", "url", "createdAt", "position")
   SELECT ${id('endpoint', '1')}, ${id('partner', '1')}, 'https://daily.example/hook', now(), 0`,
  `INSERT INTO "WebhookSecret" ("id", "endpointId", "secret", "createdAt")
   SELECT ${id('secret', '1')}, ${id('endpoint', '1')}, 'whsec_c2VjcmV0', now()`,
  `INSERT INTO "WebSubSubscription" ("id", "topic", "callback", "partnerId", "createdAt", "leaseUntil")
   SELECT ${id('websub', '1')}, 'https://news.example/feed', 'https://reader.example/', ${id('partner', '1')}, now(), now()`,
  `INSERT INTO "RateCount" ("key", "start", "count") SELECT 'submit', date_trunc('minute', now()), 1`,
]
