import type { GraphQLResolveInfo } from 'graphql'
import { languagesIn } from '../articles/languages.ts'
import { topicsUnder } from '../articles/topics/under.ts'
import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import type { Prisma } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOrSlug } from '../graphql/ids.ts'
import type { PageArguments } from '../graphql/keyset.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'
import { IN_TEXT, namingPage } from './entity-fields.ts'

export const ArticleFilter = builder.inputType('ArticleFilter', {
  description: 'Filters articles. All given conditions must match.',
  fields: (t) => ({
    topic: t.string({ description: 'Filters by the slug of a topic. Subtopics are included.' }),
    language: t.string({ description: 'Filters by language, a BCP 47 tag. "en" includes "en-GB".' }),
    person: t.string({ description: 'Filters by the slug or id of a person that the text names.' }),
    organisation: t.string({
      description: 'Filters by the slug or id of an organisation that the text names.',
    }),
    publishedFrom: t.field({ type: 'DateTime', description: 'Filters by publication time, inclusive.' }),
    publishedBefore: t.field({ type: 'DateTime', description: 'Filters by publication time, exclusive.' }),
  }),
})

builder.queryField('articles', (t) =>
  t.connection(
    {
      type: Article,
      description: 'Articles, newest first.',
      args: { filter: t.arg({ type: ArticleFilter, description: 'Filters articles.' }) },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) => {
        const filter = args.filter ?? {}
        // Refuses an invalid cursor even if no article can match.
        byPublication.query(args)
        const where = [visibleArticles(context), ...(await conditions(filter, context))]
        const parts = await partsOf(filter, context)
        const [part, ...others] = parts
        const reading = { args, context, info }
        const rows =
          part && others.length === 0
            ? await readPart(part, where, reading)
            : await readMerged(parts, where, reading)
        const totalCount = async () => {
          const counts = parts.map(({ condition, named }) => {
            const naming = named === undefined ? {} : { entities: { some: { ...IN_TEXT, entityId: named } } }
            return context.db.article.count({ where: { AND: [...where, condition, naming] } })
          })
          return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0)
        }
        return { ...byPublication.page(rows, args), totalCount }
      },
    },
    ArticleConnection,
  ),
)

type Filter = typeof ArticleFilter.$inferInput

/** @throws InvalidInput for a period that no time can be in */
export function checkPeriod({
  publishedFrom,
  publishedBefore,
}: Pick<Filter, 'publishedFrom' | 'publishedBefore'>): void {
  if (publishedFrom && publishedBefore && publishedFrom >= publishedBefore) {
    throw new InvalidInput('publishedBefore', '"publishedBefore" must be later than "publishedFrom".')
  }
}

/** The conditions of a filter that need no index of their own. */
async function conditions(
  { topic, publishedFrom, publishedBefore }: Filter,
  { db }: Context,
): Promise<Prisma.ArticleWhereInput[]> {
  checkPeriod({ publishedFrom, publishedBefore })
  const where: Prisma.ArticleWhereInput[] = []
  if (topic != null) where.push({ topicId: { in: await topicsUnder(topic, db) } })
  if (publishedFrom) where.push({ publishedAt: { gte: publishedFrom } })
  if (publishedBefore) where.push({ publishedAt: { lt: publishedBefore } })
  return where
}

/** A part of the filtered list, which is read in the order of an index. */
interface Part {
  condition: Prisma.ArticleWhereInput
  /** The row id of an entity that all articles of the part name, in addition to the condition. */
  named?: string
}

/**
 * The parts of a filtered list: one of each language, one of an entity, none if the filter matches no article. The
 * planner, which knows neither the rare languages nor the rare entities of prepared statements, has no choice then.
 */
async function partsOf({ language, person, organisation }: Filter, { db }: Context): Promise<Part[]> {
  const languages = language == null ? null : await languagesIn(canonicalLanguage(language), db)
  const entities = [
    person == null ? null : { kind: 'PERSON' as const, ...rowIdOrSlug('Person', person) },
    organisation == null
      ? null
      : { kind: 'ORGANISATION' as const, ...rowIdOrSlug('Organisation', organisation) },
  ].filter((entity) => entity !== null)
  const found = await Promise.all(
    entities.map((where) => db.entity.findFirst({ where, select: { id: true } })),
  )
  const ids = found.flatMap((entity) => entity?.id ?? [])
  if (ids.length < entities.length) return []
  const [named, ...others] = ids
  if (named !== undefined) {
    const namesAll = { AND: others.map((entityId) => ({ entities: { some: { ...IN_TEXT, entityId } } })) }
    const inLanguages = languages ? { language: { in: languages } } : {}
    return [{ condition: { ...namesAll, ...inLanguages }, named }]
  }
  return languages?.map((each) => ({ condition: { language: each } })) ?? [{ condition: {} }]
}

interface Reading {
  args: PageArguments
  context: Context
  info: GraphQLResolveInfo
}

/** Reads only the keys of each part, merges them, and reads the client's selection once for those on the page. */
async function readMerged(
  parts: readonly Part[],
  where: Prisma.ArticleWhereInput[],
  { args, context, info }: Reading,
) {
  if (parts.length === 0) return []
  const { where: bounds, ...page } = byPublication.query(args)
  const keys = await Promise.all(
    parts.map(({ condition }) =>
      context.db.article.findMany({
        ...page,
        where: { AND: [...where, condition, bounds] },
        select: { id: true, publishedAt: true },
      }),
    ),
  )
  const inOrder = args.last == null ? newestFirst : (a: Published, b: Published) => newestFirst(b, a)
  const onPage = keys.flat().sort(inOrder).slice(0, page.take)
  const ids = onPage.map(({ id }) => id)
  const selected = rootPage(byPublication, args, [...where, { id: { in: ids } }], context, info)
  return (await context.db.article.findMany(selected)).sort(inOrder)
}

async function readPart(
  { condition, named }: Part,
  where: Prisma.ArticleWhereInput[],
  { args, context, info }: Reading,
) {
  const page = rootPage(byPublication, args, [...where, condition], context, info)
  if (named === undefined) return context.db.article.findMany(page)
  const { where: _bounds, orderBy: _orderBy, take: _take, ...article } = page
  const rows = await context.db.articleEntity.findMany({
    ...namingPage(args, [{ ...IN_TEXT, entityId: named, article: { AND: [...where, condition] } }]),
    select: { article },
  })
  return rows.map((row) => row.article)
}

interface Published {
  publishedAt: Date
  id: string
}

function newestFirst(a: Published, b: Published): number {
  return b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? 1 : -1)
}
