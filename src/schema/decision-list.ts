import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { Comment } from './comment.ts'
import { Decision, Verdict } from './decision.ts'

// What moderators decided, and who: for moderators.

builder.prismaObjectField('Decision', 'comment', (t) =>
  t.relation('comment', { type: Comment, description: 'The comment.' }),
)

const DecisionFilter = builder.inputType('DecisionFilter', {
  description: 'Filters decisions. All given conditions must match.',
  fields: (t) => ({
    moderator: t.string({ description: 'Filters by the subject of the moderator: see Decision.moderator.' }),
    verdict: t.field({ type: Verdict, description: 'Filters by verdict.' }),
    articleId: t.id({ description: 'Filters by the article of the comment.' }),
    decidedFrom: t.field({
      type: 'DateTime',
      description: 'Filters by the time of the decision, inclusive.',
    }),
    decidedBefore: t.field({
      type: 'DateTime',
      description: 'Filters by the time of the decision, exclusive.',
    }),
  }),
})

const latestFirst = keyset<{ at: Date; id: string }>(
  { field: 'at', direction: 'desc', kind: 'date' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

builder.queryField('decisions', (t) =>
  t.connection(
    {
      type: Decision,
      description: 'The decisions of moderators, latest first. For moderators.',
      authScopes: { role: 'moderator' },
      args: { filter: t.arg({ type: DecisionFilter, description: 'Filters decisions.' }) },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) => {
        const { moderator, verdict, articleId, decidedFrom, decidedBefore } = args.filter ?? {}
        const where = {
          moderator: moderator ?? undefined,
          verdict: verdict ?? undefined,
          articleId: articleId == null ? undefined : rowIdOf('Article', articleId),
          at: { gte: decidedFrom ?? undefined, lt: decidedBefore ?? undefined },
        }
        const rows = await context.db.decision.findMany(rootPage(latestFirst, args, [where], context, info))
        return latestFirst.page(rows, args)
      },
    },
    { name: 'DecisionConnection' },
    { name: 'DecisionEdge' },
  ),
)
