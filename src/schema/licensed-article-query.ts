import { builder, ErrorInterface } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdIn } from '../graphql/ids.ts'
import { CHARGED_UNLESS_REMOVALS } from '../graphql/operation-charge.ts'
import { FOR_PARTNERS } from '../graphql/partner-access.ts'
import { audienceOf } from '../licensing/partner-audience.ts'
import type { Charge } from '../licensing/quota.ts'
import { articleJson } from '../syndication/article-json.ts'
import { ArticleGone, licensedArticle } from '../syndication/load-licensed-article.ts'
import { LicensedArticle } from './licensed-article.ts'
import { ADVISORY, PUBLIC_REASON, RemovalReason } from './removal-reason.ts'

builder.queryField('licensedArticle', (t) =>
  t.field({
    type: LicensedArticle,
    nullable: true,
    description:
      'The licensed version of an article; null if it does not exist or is not licensed to you. For partners and editors.',
    extensions: FOR_PARTNERS,
    authScopes: { syndication: true },
    args: { id: t.arg.id({ required: true, description: 'The id of the article.' }) },
    resolve: async (_root, { id }, context) => {
      try {
        return await licensed(id, context, null)
      } catch (error) {
        if (error instanceof ArticleGone) return null
        throw error
      }
    },
  }),
)

builder.objectType(ArticleGone, {
  name: 'ArticleGone',
  description: 'You received the article and may no longer keep it: remove it everywhere.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    articleId: t.globalID({
      description: 'The id of the article.',
      resolve: ({ articleId }) => ({ type: 'Article', id: articleId }),
    }),
    reason: t.field({
      type: RemovalReason,
      description: 'The reason for the removal.',
      resolve: ({ notice }) => notice.removed,
    }),
    publicReason: t.string({
      nullable: true,
      description: PUBLIC_REASON,
      resolve: ({ notice }) => notice.publicReason,
    }),
    advisory: t.string({ nullable: true, description: ADVISORY, resolve: ({ notice }) => notice.advisory }),
  }),
})

builder.queryField('licensedArticleResult', (t) =>
  t.field({
    type: LicensedArticle,
    nullable: true,
    description:
      'Like Query.licensedArticle, but returns the reason if you received the article and must remove it. For ' +
      'partners and editors.',
    extensions: { ...FOR_PARTNERS, ...CHARGED_UNLESS_REMOVALS },
    authScopes: { syndication: true },
    args: { id: t.arg.id({ required: true, description: 'The id of the article.' }) },
    errors: {
      types: [ArticleGone],
      union: {
        name: 'LicensedArticleResult',
        description: 'The licensed version of the article, or the reason why you must remove it.',
      },
    },
    resolve: (_root, { id }, context) => licensed(id, context, context.charge),
  }),
)

async function licensed(id: string, context: Context, charge: Charge | null) {
  const audience = await audienceOf(context.viewer, context.prisma)
  const articleId = rowIdIn('Article', id)
  const article = await licensedArticle({ articleId, audience, via: 'GRAPHQL', charge }, context)
  return article && articleJson(article)
}
