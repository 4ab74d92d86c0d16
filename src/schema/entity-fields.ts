import { visibleArticles } from '../articles/visible.ts'
import type { Prisma } from '../db/client/client.ts'
import {
  columnsOf,
  type Nested,
  NODES,
  nestedPage,
  pageComplexity,
  selecting,
  totalOf,
} from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import type { Keyset, PageArguments } from '../graphql/keyset.ts'
import type { Selected } from '../graphql/selected-fields.ts'
import { Article, byPublication, byPublicationOfArticle } from './article.ts'
import { newestQuotation, Quotation } from './quotation.ts'

// The options of the fields that people and organisations have in common.

const ASC = 'asc' as const
const DESC = 'desc' as const

export const affiliationsField = { query: { orderBy: [{ from: DESC }, { id: ASC }] } }

/** Names in captions, credits and bylines do not count. */
export const IN_TEXT = { namedIn: 'ARTICLE' as const }

type RowOf<Order> = Order extends Keyset<infer Row> ? Row : never

/**
 * The query for the rows of ArticleEntity of a page of articles, newest first. They have the publication time, so that
 * the page is read in the order of an index.
 */
export function namingPage(args: PageArguments, where: Prisma.ArticleEntityWhereInput[]) {
  const { where: bounds, ...page } = byPublicationOfArticle.query(args)
  return { ...page, where: { AND: [...where, bounds] } }
}

/** The articles whose text names the entity, newest first. */
export function articlesField(noun: string) {
  return {
    type: Article,
    description: `Articles whose text names this ${noun}, newest first.`,
    complexity: pageComplexity,
    select: (args: PageArguments, context: Context, nested: Nested, selected?: Selected) => {
      const visible = visibleArticles(context)
      const { orderBy } = byPublication.query(args)
      return {
        articles: {
          ...namingPage(args, [{ ...IN_TEXT, article: visible }]),
          select: { article: selecting(nested, columnsOf<RowOf<typeof byPublication>>(orderBy), NODES) },
        },
        ...totalOf('articles', { ...IN_TEXT, article: visible }, selected),
      }
    },
    resolve: <Row extends RowOf<typeof byPublication>>(
      { articles, _count }: { articles: { article: Row }[]; _count: { articles: number } },
      args: PageArguments,
    ) => ({
      ...byPublication.page(
        articles.map(({ article }) => article),
        args,
      ),
      totalCount: () => _count.articles,
    }),
  }
}

/** The quotations of the entity in articles that the viewer may see, newest first. */
export function quotationsField(noun: string) {
  return {
    type: Quotation,
    description: `Quotations of this ${noun}, newest first.`,
    complexity: pageComplexity,
    select: (args: PageArguments, context: Context, nested: Nested) => ({
      quotations: nestedPage(newestQuotation, args, [{ article: visibleArticles(context) }], nested),
    }),
    resolve: <Row extends RowOf<typeof newestQuotation>>(
      { quotations }: { quotations: Row[] },
      args: PageArguments,
    ) => newestQuotation.page(quotations, args),
  }
}
