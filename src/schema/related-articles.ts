import { queryFromInfo } from '@pothos/plugin-prisma'
import { relatedArticles } from '../articles/related.ts'
import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { RELATED_COMPLEXITY } from '../graphql/limits.ts'
import { OF_OTHER_ARTICLES } from '../graphql/selection.ts'
import { Article } from './article.ts'

const DEFAULT_RELATED = 6
const MAX_RELATED = 20

builder.prismaObjectField('Article', 'related', (t) =>
  t.field({
    type: [Article],
    description:
      'Other articles with the same people, organisations or topic. Those that have most in common come first, then ' +
      'the newest.',
    args: {
      first: t.arg.int({
        required: true,
        defaultValue: DEFAULT_RELATED,
        description: `Returns the first *n* items. Maximum ${MAX_RELATED}.`,
      }),
    },
    complexity: ({ first }) => ({
      field: RELATED_COMPLEXITY,
      multiplier: Math.min(Math.max(1, first), MAX_RELATED),
    }),
    extensions: OF_OTHER_ARTICLES,
    select: { id: true },
    resolve: async ({ id }, { first }, context, info) => {
      if (first < 1 || first > MAX_RELATED)
        throw new InvalidInput('first', `"first" must be from 1 to ${MAX_RELATED}.`)
      const ids = await relatedArticles({ id, take: first }, context)
      const query = queryFromInfo({ context, info, select: { id: true } })
      const where = { AND: [{ id: { in: ids } }, visibleArticles(context)] }
      const rows = await context.db.article.findMany({ ...query, where })
      const rowOf = new Map(rows.map((row) => [row.id, row]))
      return ids.flatMap((each) => rowOf.get(each) ?? [])
    },
  }),
)
