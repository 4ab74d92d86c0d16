import { visibleArticles } from '../articles/visible.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { forwardPage } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { DEFAULT_PAGE_SIZE } from '../graphql/limits.ts'
import { articleGlobalId } from '../syndication/article-json.ts'
import { checkPageSize } from '../syndication/changes.ts'
import { confirmRemoval, MAX_NOTE_CHARACTERS } from '../syndication/confirm-removal.ts'
import { openRecalls, type RecallPage } from '../syndication/open-recalls.ts'
import { mustStillRemove, type Recall, recall } from '../syndication/recall.ts'
import { Article } from './article.ts'
import { ArticleHolder } from './article-holder.ts'
import { RemovalReason } from './removal-reason.ts'

// The partners that must remove an article, and what they have confirmed: for editors.

const ArticleRecall = builder.objectRef<Recall>('ArticleRecall').implement({
  description: 'The partners that received an article, and the state of its removal.',
  fields: (t) => ({
    articleId: t.id({
      description: 'The id of the article.',
      resolve: ({ articleId }) => articleGlobalId(articleId),
    }),
    article: t.prismaField({
      type: Article,
      nullable: true,
      description: 'The article; null if it does not exist any more.',
      resolve: (query, { articleId }, _args, context) =>
        context.db.article.findUnique({
          ...query,
          where: { id: articleId, AND: visibleArticles(context) },
        }),
    }),
    withdrawn: t.field({
      type: RemovalReason,
      nullable: true,
      description: 'Why the article is withdrawn for all partners; null if it may be shown.',
      resolve: ({ withdrawn }) => withdrawn,
    }),
    isComplete: t.boolean({
      description: 'Whether every partner that must remove the article has confirmed its removal.',
      resolve: ({ holders }) => !holders.some(mustStillRemove),
    }),
    holders: t.field({
      type: [ArticleHolder],
      description:
        'The partners that received the article. Partners that must still remove the article come first.',
      resolve: ({ holders }) => holders,
    }),
  }),
})

builder.queryField('recall', (t) =>
  t.field({
    type: ArticleRecall,
    description:
      'The partners that received an article, with version and time, and the state of its removal. Fails with ' +
      'NOT_FOUND if the article does not exist. For editors.',
    authScopes: { role: 'editor' },
    args: { articleId: t.arg.id({ required: true, description: 'The id of the article.' }) },
    resolve: (_root, { articleId }, context) => recall(rowIdOf('Article', articleId), context),
  }),
)

const RecallEdge = builder.objectRef<RecallPage['recalls'][number]>('RecallEdge').implement({
  description: 'An edge in a connection.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'A cursor for use in pagination.' }),
    node: t.field({
      type: ArticleRecall,
      description: 'The item at the end of the edge.',
      resolve: ({ recall }) => recall,
    }),
  }),
})

const RecallConnection = builder.objectRef<RecallPage>('RecallConnection').implement({
  description: 'The connection type for ArticleRecall.',
  fields: (t) => ({
    edges: t.field({
      type: [RecallEdge],
      description: 'A list of edges.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ recalls }) => recalls,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Information to aid in pagination.',
      resolve: ({ recalls, more }) => ({
        startCursor: recalls[0]?.cursor ?? null,
        endCursor: recalls.at(-1)?.cursor ?? null,
        hasNextPage: more,
        hasPreviousPage: false,
      }),
    }),
  }),
})

builder.queryField('openRecalls', (t) =>
  t.field({
    type: RecallConnection,
    description: 'Articles whose removal at least one partner must still confirm, latest first. For editors.',
    authScopes: { role: 'editor' },
    args: forwardPage,
    complexity: pageComplexity,
    resolve: (_root, args, { prisma, now }) => {
      const first = args.first ?? DEFAULT_PAGE_SIZE
      checkPageSize(first)
      return openRecalls({ first, after: args.after ?? null }, { prisma, now })
    },
  }),
)

builder.relayMutationField(
  'confirmRemoval',
  {
    description: "A partner's confirmation that it removed an article.",
    inputFields: (t) => ({
      articleId: t.id({ required: true, description: 'The id of the article.' }),
      partner: t.string({ required: true, description: 'The slug of the partner.' }),
      note: t.string({
        required: true,
        description: `Who confirmed the removal, and how. Maximum ${MAX_NOTE_CHARACTERS} characters.`,
      }),
    }),
  },
  {
    description:
      'Records that a partner confirmed a removal by phone or mail. The partner then counts as notified, and the article as removed. ' +
      'For editors.',
    authScopes: { role: 'editor' },
    errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] },
    resolve: (_root, { input }, { prisma, bus, now, viewer }) => {
      const { articleId, partner, note } = input
      return confirmRemoval(
        { articleId: rowIdOf('Article', articleId), partner, note },
        { prisma, bus, now, viewer },
      )
    },
  },
  {
    description: 'The confirmation was recorded.',
    outputFields: (t) => ({
      recall: t.field({
        type: ArticleRecall,
        description: 'The recall of the article after the confirmation.',
        resolve: (recall) => recall,
      }),
    }),
  },
)
