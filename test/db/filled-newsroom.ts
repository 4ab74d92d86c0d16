import type { TestDatabase } from '../support/database.ts'
import { inTransaction } from './filled-0.2.ts'

export interface NewsroomSize {
  articles: number
  /** The comments on article 1. Every fifth of the other articles has one. */
  comments: number
}

/**
 * Fills a database with articles in SQL. Article 1 is the oldest. "council" and "water" are each in 60 % of the
 * articles, person 1 is named in 60 %, "lighthouse" and person 2 only in the 5 oldest, which are also the only ones in
 * German and of topic 2. Topic 3 has no articles, and one comment in ten is pending.
 */
export async function fillNewsroom(
  database: Pick<TestDatabase, 'url' | 'prisma'>,
  size: NewsroomSize,
): Promise<void> {
  await inTransaction(database as TestDatabase, async (run) => {
    for (const sql of newsroomSql(size)) await run(sql)
  })
  // Outside the transaction: also cleans the GIN indexes' pending lists, as autovacuum would.
  for (const table of TABLES) await database.prisma.$executeRawUnsafe(`VACUUM ANALYZE "${table}"`)
}

/** The tables that grow with the newsroom. */
export const TABLES = [
  'Topic',
  'Entity',
  'Name',
  'Article',
  'Block',
  'Quotation',
  'Mention',
  'ArticleEntity',
  'ArticleChange',
  'Reader',
  'Comment',
  'FeedEntry',
  'Decision',
  'Holding',
  'Delivery',
] as const

/** The id of row `n` of a table, so that rows can refer to each other. */
export const idSql = (table: string, n = 'n') => `md5('${table}' || ${n})::uuid`

export function newsroomSql({ articles, comments }: NewsroomSize): string[] {
  const sizes: Record<string, number> = { articles, comments, people: Math.ceil(articles / 10) + 10 }
  return [...SHARED, ...ARTICLES, ...COMMENTS, ...DECISIONS, ...PARTNERS].map((sql) =>
    sql.replaceAll(/:(articles|comments|people)/g, (_, name: string) => String(sizes[name])),
  )
}

const id = idSql
const AT = `timestamptz '2020-01-01Z' + n * interval '30 minutes'`
const EACH_ARTICLE = 'FROM generate_series(1, :articles) n'
/** A number from 0 to 99 that seems random, for row n and a purpose. */
const percent = (purpose: string) => `('x' || substr(md5('${purpose}' || n), 1, 6))::bit(24)::int % 100`

/** Names 1 and 2 are words with the number; the others have nothing in common, as in a newsroom. */
const name = (first: string, last: string) =>
  `CASE WHEN n <= 2 THEN '${first}' || n || ' ${last}' || n
     ELSE substr(md5('${first}' || n), 1, 8) || ' ' || substr(md5('${last}' || n), 1, 10) END`

const SHARED = [
  `INSERT INTO "Topic" ("id", "slug", "label", "parentId")
   SELECT ${id('topic')}, 'topic-' || n, 'Topic ' || n, CASE WHEN n > 20 THEN ${id('topic', '(n % 20 + 1)')} END
   FROM generate_series(1, 100) n`,
  `INSERT INTO "Entity" ("id", "kind", "slug", "name")
   SELECT ${id('person')}, 'PERSON'::"EntityKind", 'person-' || n, ${name('Person', 'Surname')} FROM generate_series(1, :people) n
   UNION ALL
   SELECT ${id('organisation')}, 'ORGANISATION', 'organisation-' || n, ${name('Organisation', 'Union')}
   FROM generate_series(1, :people) n`,
  `INSERT INTO "Name" ("id", "text", "kind", "normalised", "entityId")
   SELECT gen_random_uuid(), "name", 'CANONICAL', lower("name"), "id" FROM "Entity"`,
]

const ARTICLES = [
  `CREATE TEMPORARY TABLE "words" ON COMMIT DROP AS
   SELECT p, (SELECT string_agg('word' || (random() * random() * 5000)::int, ' ') FROM generate_series(1, 120 + p * 0)) AS "text"
   FROM generate_series(0, 499) p`,
  `CREATE TEMPORARY TABLE "vectors" ON COMMIT DROP AS
   SELECT p, c, w, CASE WHEN c = 1 THEN 'council ' ELSE '' END || CASE WHEN w = 1 THEN 'water ' ELSE '' END || "text" AS "text",
     to_tsvector('simple', CASE WHEN c = 1 THEN 'council ' ELSE '' END || CASE WHEN w = 1 THEN 'water ' ELSE '' END || "text") AS "search"
   FROM "words", generate_series(0, 1) c, generate_series(0, 1) w`,
  `INSERT INTO "Article" ("id", "slug", "canonicalUrl", "language", "headline", "topicId", "publishedAt", "updatedAt", "search")
   SELECT ${id('article')}, 'article-' || n, 'https://news.example/' || n,
     CASE WHEN n <= 5 THEN 'de' WHEN n % 10 = 0 THEN 'en-GB' WHEN n % 10 < 7 THEN 'en' WHEN n % 10 = 7 THEN 'ckb' ELSE 'ar' END,
     'Headline ' || n, CASE WHEN n <= 5 THEN ${id('topic', '2')} ELSE ${id('topic', '(4 + n % 97)')} END, ${AT}, ${AT},
     v."search" || setweight(to_tsvector('simple', 'headline h' || n || CASE WHEN n <= 5 THEN ' lighthouse' ELSE '' END), 'A')
   ${EACH_ARTICLE} JOIN "vectors" v ON v.p = n % 500 AND v.c = (${percent('council')} < 60)::int AND v.w = (${percent('water')} < 60)::int`,
  `INSERT INTO "Block" ("id", "articleId", "position", "kind", "text")
   SELECT ${id('block', "n || '-' || p")}, ${id('article')}, p, (ARRAY['PARAGRAPH', 'QUOTATION'])[p]::"BlockKind", 'Text ' || n
   ${EACH_ARTICLE}, generate_series(1, 2) p`,
  `CREATE TEMPORARY TABLE "named" ON COMMIT DROP AS
   SELECT DISTINCT n, CASE WHEN p = 1 AND ${percent('person')} < 60 THEN 1 WHEN n <= 5 AND p = 2 THEN 2
     ELSE 3 + (n * 7 + p * 13) % (:people - 2) END AS "person"
   ${EACH_ARTICLE}, generate_series(1, 3) p`,
  `INSERT INTO "ArticleEntity" ("articleId", "entityId", "kind", "namedIn", "position", "rolesAsPrinted")
   SELECT ${id('article')}, ${id('person', '"person"')}, 'PERSON'::"EntityKind", 'ARTICLE'::"NamedIn", 1, '{}'::text[] FROM "named"
   UNION ALL
   SELECT ${id('article')}, ${id('organisation', '"person"')}, 'ORGANISATION', 'ARTICLE', 1, '{}' FROM "named"`,
  `INSERT INTO "Mention" ("id", "articleId", "blockId", "start", "end", "surface", "entityId")
   SELECT gen_random_uuid(), ${id('article')}, ${id('block', "n || '-1'")}, row_number() OVER (PARTITION BY n) * 10,
     row_number() OVER (PARTITION BY n) * 10 + 4, 'Text', ${id('person', '"person"')} FROM "named"`,
  `INSERT INTO "Quotation" ("id", "articleId", "blockId", "speakerId", "direct")
   SELECT ${id('quotation')}, ${id('article')}, ${id('block', "n || '-2'")}, ${id('person', 'min("person")')}, true
   FROM "named" GROUP BY n`,
  `UPDATE "ChangeHead" SET "position" = :articles`,
  `INSERT INTO "ArticleChange" ("position", "articleId", "kind", "version", "at")
   SELECT n, ${id('article')}, 'PUBLISHED', 1, ${AT} ${EACH_ARTICLE}`,
]

/** Comment n is on article 1 and by reader 1, up to :comments; the others are on an article each. */
const EACH_COMMENT = 'FROM generate_series(1, :comments + :articles / 5) n'
const ON = `CASE WHEN n <= :comments THEN 1 ELSE 5 * (n - :comments) END`
const POSITION = `CASE WHEN n > :comments THEN 1 ELSE n - n / 10 END`

const COMMENTS = [
  `INSERT INTO "Reader" ("id", "subject", "displayName", "createdAt")
   SELECT ${id('reader')}, 'reader-' || n, 'Reader ' || n, ${AT} FROM generate_series(1, 100) n`,
  `UPDATE "Article" SET "feedPosition" = 1, "commentCount" = 1
   WHERE "id" IN (SELECT ${id('article', ON)} ${EACH_COMMENT} WHERE n > :comments AND n % 10 > 0)`,
  `INSERT INTO "Comment" ("id", "articleId", "readerId", "body", "bodyDigest", "submittedAt", "status", "position",
     "approvedAt", "parentId")
   SELECT ${id('comment')}, ${id('article', ON)}, CASE WHEN n <= :comments THEN ${id('reader', '1')} ELSE ${id('reader', '(2 + n % 99)')} END,
     'Comment ' || n, sha256(n::text::bytea), ${AT}, CASE WHEN n % 10 = 0 THEN 'PENDING' ELSE 'APPROVED' END::"CommentStatus",
     CASE WHEN n % 10 > 0 THEN ${POSITION} END, CASE WHEN n % 10 > 0 THEN ${AT} END,
     CASE WHEN n BETWEEN 2 AND :comments AND n % 2 = 0 THEN ${id('comment', '1')} END
   ${EACH_COMMENT} ORDER BY n`,
  // A trigger wants each entry at the feed position that its article has at that moment.
  `DO $$ BEGIN
     FOR i IN 1 .. :comments - :comments / 10 LOOP
       UPDATE "Article" SET "feedPosition" = i, "commentCount" = i WHERE "id" = ${id('article', '1')};
       INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at", "commentCount")
         SELECT "articleId", "position", 'APPROVED', "id", "approvedAt", i FROM "Comment"
         WHERE "articleId" = ${id('article', '1')} AND "position" = i;
     END LOOP;
   END $$`,
  `INSERT INTO "FeedEntry" ("articleId", "position", "kind", "commentId", "at", "commentCount")
   SELECT "articleId", "position", 'APPROVED', "id", "approvedAt", 1 FROM "Comment"
   WHERE "position" = 1 AND "articleId" <> ${id('article', '1')}`,
]

const DECISIONS = [
  `INSERT INTO "Decision" ("id", "commentId", "verdict", "moderator", "moderatorName", "at")
   SELECT ${id('decision')}, ${id('comment')}, 'APPROVED', 'moderator-' || CASE WHEN n <= 5 THEN 2 ELSE 1 END, 'Moderator', ${AT}
   ${EACH_COMMENT} WHERE n % 10 > 0`,
]

const PARTNERS = [
  `INSERT INTO "Partner" ("id", "slug", "name", "createdAt")
   SELECT ${id('partner')}, 'partner-' || n, 'Partner ' || n, now() FROM generate_series(1, 10) n`,
  `INSERT INTO "Licence" ("partnerId", "topics", "sections", "languages", "agencies", "fullText", "quotations", "embeds", "attribution")
   SELECT ${id('partner')}, ARRAY['*'], ARRAY['*'], ARRAY['*'], '{}', true, true, true, 'Partner' FROM generate_series(1, 10) n`,
  `INSERT INTO "Holding" ("partnerId", "articleId", "version", "since")
   SELECT ${id('partner', '(1 + n % 10)')}, ${id('article')}, 1, ${AT} ${EACH_ARTICLE}`,
  `INSERT INTO "Delivery" ("id", "partnerId", "articleId", "version", "kind", "via", "firstAt", "lastAt", "toldAt")
   SELECT ${id('delivery')}, ${id('partner', '(1 + n % 10)')}, ${id('article')}, 1, 'ARTICLE', 'REST', ${AT}, ${AT}, ${AT} ${EACH_ARTICLE}`,
]
