import { visibleArticles } from '../articles/visible.ts'
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
import { Article, byPublication } from './article.ts'
import { newestQuotation, Quotation } from './quotation.ts'

// The options of the fields that people and organisations have in common.

const ASC = 'asc' as const
const DESC = 'desc' as const

export const affiliationsField = { query: { orderBy: [{ from: DESC }, { id: ASC }] } }

/** Names in captions, credits and bylines do not count. */
const IN_TEXT = { namedIn: 'ARTICLE' as const }

type RowOf<Order> = Order extends Keyset<infer Row> ? Row : never

/** The articles whose text names the entity, newest first. */
export function articlesField(noun: string) {
  return {
    type: Article,
    description: `Articles whose text names this ${noun}, newest first.`,
    complexity: pageComplexity,
    select: (args: PageArguments, context: Context, nested: Nested, selected?: Selected) => {
      const { where, orderBy, take } = byPublication.query(args)
      const visible = visibleArticles(context)
      return {
        articles: {
          where: { ...IN_TEXT, article: { AND: [visible, where] } },
          orderBy: orderBy.map((column) => ({ article: column })),
          take,
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
