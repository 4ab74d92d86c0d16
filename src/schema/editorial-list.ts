import { queryFromInfo } from '@pothos/plugin-prisma'
import { countEditorialArticles, editorialArticles } from '../articles/editorial-list.ts'
import { builder } from '../graphql/builder.ts'
import { NODES, pageComplexity } from '../graphql/connections.ts'
import { type PageArguments, pageSizeOf } from '../graphql/keyset.ts'
import { NAME_SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { MAX_FILTER_CHARACTERS, wordsOf } from '../text/words.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'

// The articles of every state: for editors.

const EditorialState = builder.enumType('EditorialState', {
  description: 'Who sees an article now, and why others do not.',
  values: {
    PUBLIC: { description: 'Everybody sees it.' },
    EMBARGOED: { description: 'It becomes public after its embargo or at its publication time.' },
    WITHHELD: { description: 'Temporarily not shown. It may be released later.' },
    CANCELED: { description: 'Withdrawn permanently.' },
  } as const,
})

const EditorialArticleFilter = builder.inputType('EditorialArticleFilter', {
  description: 'Filters articles. All given conditions must match.',
  fields: (t) => ({
    state: t.field({ type: EditorialState, description: 'Filters by state.' }),
    commentingOpen: t.boolean({
      description:
        'Filters by whether an editor has opened the comments. They may have closed automatically since.',
    }),
    text: t.string({
      description:
        'Filters by words or parts of words in the headline, in any case. All must occur. Maximum ' +
        `${MAX_FILTER_CHARACTERS} characters.`,
    }),
  }),
})

builder.queryField('editorialArticles', (t) =>
  t.connection(
    {
      type: Article,
      description: 'The articles of every state, latest publication first. For editors.',
      authScopes: { role: 'editor' },
      args: { filter: t.arg({ type: EditorialArticleFilter, description: 'Filters articles.' }) },
      complexity: (args) => ({ ...pageComplexity(args), field: NAME_SEARCH_COMPLEXITY }),
      resolve: async (_root, args, context, info) => {
        const conditions = conditionsOf(args.filter ?? {})
        const page = await editorialArticles(conditions, placesOf(args), context)
        const ids = page.map(({ id }) => id)
        const query = queryFromInfo({ context, info, path: NODES, select: { id: true, publishedAt: true } })
        const rows = await context.db.article.findMany({ ...query, where: { id: { in: ids } } })
        const rowOf = new Map(rows.map((row) => [row.id, row]))
        const inOrder = ids.flatMap((id) => rowOf.get(id) ?? [])
        return {
          ...byPublication.page(inOrder, args),
          totalCount: () => countEditorialArticles(conditions, context),
        }
      },
    },
    ArticleConnection,
  ),
)

function conditionsOf({ state, commentingOpen, text }: typeof EditorialArticleFilter.$inferInput) {
  return {
    state: state ?? null,
    commentingOpen: commentingOpen ?? null,
    words: text == null ? [] : wordsOf(text, 'text'),
  }
}

function placesOf(args: PageArguments) {
  const { size, backwards } = pageSizeOf(args)
  return {
    after: args.after == null ? null : byPublication.read(args.after, 'after'),
    before: args.before == null ? null : byPublication.read(args.before, 'before'),
    take: size + 1,
    backwards,
  }
}
