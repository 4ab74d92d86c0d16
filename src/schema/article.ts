import { datelineOf, type StoredDateline } from '../articles/columns.ts'
import { describeText, fieldsWith } from '../articles/fields.ts'
import { visibleArticles } from '../articles/visible.ts'
import { recordOf } from '../base/records.ts'
import type { Article as ArticleRow } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { totalCountOptions } from '../graphql/connections.ts'
import { toRowId } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { OF_ONE_ARTICLE } from '../graphql/selection.ts'
import { directionOf } from '../text/direction.ts'

export const Article = builder.prismaNode('Article', {
  id: { field: 'id' },
  extensions: OF_ONE_ARTICLE,
  nullable: true,
  findUnique: (id, context) => ({ id: toRowId(id), AND: visibleArticles(context) }),
  select: {},
  fields: (t) => ({
    slug: t.exposeString('slug'),
    url: t.exposeString('canonicalUrl', { description: 'The URL of the original page.' }),
    language: t.exposeString('language'),
    direction: t.field({
      type: TextDirection,
      ...describeArticle.direction,
      select: { language: true },
      resolve: ({ language }) => directionOf(language),
    }),
    status: t.expose('status', { type: ArticleStatus }),
    ...recordOf(fieldsWith({ kind: 'text', required: true }), (name) =>
      t.exposeString(name, describeText(name)),
    ),
    ...recordOf(fieldsWith({ kind: 'text', required: false }), (name) =>
      t.exposeString(name, { nullable: true, ...describeText(name) }),
    ),
    dateline: t.field({
      type: Dateline,
      nullable: true,
      ...describeArticle.dateline,
      select: { datelineText: true, datelinePlace: true, datelineRegion: true },
      resolve: datelineOf,
    }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime' }),
    updatedAt: t.expose('updatedAt', { type: 'DateTime' }),
    embargoedUntil: t.expose('embargoedUntil', {
      type: 'DateTime',
      nullable: true,
      authScopes: { role: 'editor' },
      unauthorizedResolver: () => null,
    }),
    version: t.exposeInt('version'),
  }),
})

/** The descriptions of fields that the licensed version has too. */
export const describeArticle = {
  direction: { description: 'The text direction.' },
  dateline: { description: 'The dateline: where the article was filed from.' },
} as const

/** Newest first. */
export const byPublication = keyset<Pick<ArticleRow, 'publishedAt' | 'id'>>(
  { field: 'publishedAt', direction: 'desc', kind: 'date' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

/** The same order of the rows of ArticleEntity, with the same cursors. */
export const byPublicationOfArticle = keyset<Pick<ArticleRow, 'publishedAt' | 'id'>>(
  { field: 'publishedAt', direction: 'desc', kind: 'date' },
  { field: 'id', column: 'articleId', direction: 'desc', kind: 'uuid' },
)

export const ArticleConnection = builder.connectionObject({
  type: Article,
  name: 'ArticleConnection',
  fields: (t) => ({ totalCount: t.int(totalCountOptions) }),
})

export const Dateline = builder.objectRef<StoredDateline>('Dateline').implement({
  description: 'Where an article was filed from.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The dateline as printed: "ERBIL, Kurdistan Region".' }),
    place: t.exposeString('place', { nullable: true, description: 'The town.' }),
    region: t.exposeString('region', { nullable: true, description: 'The region or country.' }),
  }),
})

export const TextDirection = builder.enumType('TextDirection', {
  description: 'The direction of text.',
  values: {
    LTR: { description: 'Left to right.' },
    RTL: { description: 'Right to left.' },
  } as const,
})

const ArticleStatus = builder.enumType('ArticleStatus', {
  description: 'Whether an article may be shown. The values are those of IPTC pubStatus.',
  values: {
    USABLE: { description: 'Readers may see the article.' },
    WITHHELD: { description: 'The article is temporarily not shown. It may be released later.' },
    CANCELED: { description: 'The article is withdrawn permanently. It must not be used again.' },
  } as const,
})
