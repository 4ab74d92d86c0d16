import { queryFromInfo } from '@pothos/plugin-prisma'
import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import {
  type ModerationCounts as Counts,
  countPending,
  MAX_COUNTED,
  type PendingCount,
} from '../comments/moderation-counts.ts'
import type { Article as ArticleRow } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { articleGlobalId } from '../syndication/article-json.ts'
import { Article } from './article.ts'
import { conditionsOf, ModerationFilter } from './moderation-queue.ts'

const OLDEST = { description: 'When the oldest of these comments was submitted.' } as const

const ArticleCommentCount = builder
  .objectRef<PendingCount<string> & { article: ArticleRow | null }>('ArticleCommentCount')
  .implement({
    description: 'The number of pending comments on an article.',
    fields: (t) => ({
      articleId: t.id({
        description: 'The id of the article.',
        resolve: ({ key }) => articleGlobalId(key),
      }),
      article: t.field({
        type: Article,
        nullable: true,
        description: 'The article, if you may see it.',
        resolve: ({ article }) => article,
      }),
      count: t.exposeInt('count', { description: 'The number of pending comments.' }),
      oldestSubmittedAt: t.expose('oldestSubmittedAt', { type: 'DateTime', ...OLDEST }),
    }),
  })

const LanguageCommentCount = builder
  .objectRef<PendingCount<string | null>>('LanguageCommentCount')
  .implement({
    description: 'The number of pending comments in a language.',
    fields: (t) => ({
      language: t.exposeString('key', {
        nullable: true,
        description: 'The language that the reader declared, as a BCP 47 tag; null for none.',
      }),
      count: t.exposeInt('count', { description: 'The number of pending comments.' }),
    }),
  })

const ModerationCounts = builder.objectRef<Counts>('ModerationCounts').implement({
  description: 'The numbers of pending comments.',
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'The number of all of them.' }),
    oldestSubmittedAt: t.expose('oldestSubmittedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the oldest of these comments was submitted. Null if none is pending.',
    }),
    byArticle: t.field({
      type: [ArticleCommentCount],
      description: 'The numbers by article, the largest first.',
      args: {
        first: t.arg.int({
          required: true,
          defaultValue: DEFAULT_PAGE_SIZE,
          description: `Returns the first *n* items. Maximum ${MAX_PAGE_SIZE}.`,
        }),
      },
      complexity: ({ first }) => ({
        field: 1,
        multiplier: Math.min(Math.max(1, first), MAX_PAGE_SIZE),
      }),
      resolve: async ({ byArticle }, { first }, context, info) => {
        if (first < 0 || first > MAX_PAGE_SIZE)
          throw new InvalidInput('first', `"first" must be from 0 to ${MAX_PAGE_SIZE}.`)
        const shown = byArticle.slice(0, first)
        const query = queryFromInfo({ context, info, path: ['article'], select: { id: true } })
        const where = { AND: [{ id: { in: shown.map(({ key }) => key) } }, visibleArticles(context)] }
        const rows = await context.db.article.findMany({ ...query, where })
        const rowOf = new Map(rows.map((row) => [row.id, row as ArticleRow]))
        return shown.map((each) => ({ ...each, article: rowOf.get(each.key) ?? null }))
      },
    }),
    byLanguage: t.field({
      type: [LanguageCommentCount],
      description: `The numbers by language, the largest first. Maximum ${MAX_PAGE_SIZE}.`,
      complexity: { field: 1, multiplier: 10 },
      resolve: ({ byLanguage }) => byLanguage.slice(0, MAX_PAGE_SIZE),
    }),
  }),
})

builder.queryField('moderationCounts', (t) =>
  t.field({
    type: ModerationCounts,
    description: `The numbers of pending comments. Counts the earliest ${MAX_COUNTED.toLocaleString('en')} at most. For moderators.`,
    authScopes: { role: 'moderator' },
    args: {
      filter: t.arg({
        type: ModerationFilter,
        description: 'Filters comments. The status must be PENDING.',
      }),
    },
    complexity: { field: SEARCH_COMPLEXITY },
    resolve: (_root, args, context) => {
      const { status, ...conditions } = conditionsOf(args.filter ?? { status: 'PENDING' })
      if (status !== 'PENDING')
        throw new InvalidInput('status', 'Only pending comments are counted. Leave out "status".')
      return countPending(conditions, context)
    },
  }),
)
