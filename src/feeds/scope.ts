import { languagesIn } from '../articles/languages.ts'
import { topicsUnder } from '../articles/topics/under.ts'
import { visibleTopics } from '../articles/topics/visible.ts'
import { anonymous } from '../auth/viewer.ts'
import { type EntityKind, Prisma, type PrismaClient } from '../db/client/client.ts'
import type { LicensedArticle } from '../syndication/licensed-article.ts'
import type { Scope } from './address.ts'

/** A scope that was looked up. */
export interface ResolvedScope {
  /** The display name; null for the whole newsroom. */
  label: string | null
  /** BCP 47 tag if the scope is a language. */
  language: string | null
  /**
   * Conditions in SQL with "Article" as `a`. Each article of the scope meets exactly one. They are read one by one, each
   * in the order of an index.
   */
  parts: Prisma.Sql[]
  /**
   * Whether the licensed version of an article belongs to the scope: an article is not listed under a redacted
   * name.
   */
  has(article: LicensedArticle): boolean
}

type ScopeDb = Pick<PrismaClient, 'topic' | 'entity' | '$queryRaw'>

/** Looks up a scope; null if there is no such topic, person or organisation. */
export async function findScope(db: ScopeDb, scope: Scope, now: () => Date): Promise<ResolvedScope | null> {
  switch (scope.kind) {
    case 'all':
      return { label: null, language: null, parts: [Prisma.sql`TRUE`], has: () => true }
    case 'language':
      return {
        label: scope.name,
        language: scope.name,
        parts: (await languagesIn(scope.name, db)).map((language) => Prisma.sql`a."language" = ${language}`),
        has: () => true,
      }
    case 'topic':
      return topicScope(db, scope.name, now)
    case 'person':
      return entityScope(db, { kind: 'PERSON', slug: scope.name })
    case 'organisation':
      return entityScope(db, { kind: 'ORGANISATION', slug: scope.name })
  }
}

/** The feed of a topic includes its subtopics. A topic that the public may not see does not exist. */
async function topicScope(db: ScopeDb, slug: string, now: () => Date): Promise<ResolvedScope | null> {
  const topic = await db.topic.findUnique({ where: { slug, AND: visibleTopics({ viewer: anonymous, now }) } })
  if (!topic) return null
  const ids = await topicsUnder(slug, db)
  return {
    label: topic.label,
    language: null,
    parts: [Prisma.sql`a."topicId" = ANY(${ids}::uuid[])`],
    has: ({ topic: filed }) => filed?.path.includes(slug) ?? false,
  }
}

async function entityScope(
  db: ScopeDb,
  key: { kind: EntityKind; slug: string },
): Promise<ResolvedScope | null> {
  const entity = await db.entity.findUnique({
    where: { kind_slug: key },
    select: { id: true, name: true },
  })
  if (!entity) return null
  const { id, name } = entity
  return {
    label: name,
    language: null,
    parts: [
      Prisma.sql`EXISTS (SELECT FROM "ArticleEntity" n WHERE n."articleId" = a."id"
        AND n."entityId" = ${id}::uuid AND n."namedIn" = 'ARTICLE')`,
    ],
    has: ({ people, organisations }) =>
      (key.kind === 'PERSON' ? people : organisations).some((named) => named.entity.id === id),
  }
}
