import { queryFromInfo } from '@pothos/plugin-prisma'
import { type Hit, searchArticles } from '../articles/search/articles.ts'
import { matchNames, type NameMatch, segment } from '../articles/search/names.ts'
import { InvalidInput } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { NODES, pageComplexity } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { keyset } from '../graphql/keyset.ts'
import { SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { normaliseName } from '../names/names.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Article, ArticleConnection } from './article.ts'
import { Organisation } from './organisation.ts'
import { Person } from './person.ts'

/** The longest query, in characters. */
const MAX_QUERY = 200

/** People or organisations shown for one query. */
const MAX_ENTITIES = 10

interface Search {
  text: string
  language: string | null
  /** Read once, and only when some part of the results is asked for. */
  names: () => Promise<NameMatch[]>
}

const byRank = keyset<Hit>(
  { field: 'rank', direction: 'desc', kind: 'number' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

const SearchResults = builder.objectRef<Search>('SearchResults').implement({
  description: 'What a search found.',
  fields: (t) => ({
    articles: t.connection(
      {
        type: Article,
        description: 'Stories, best match first. Pages go forwards only.',
        complexity: (args) => ({ ...pageComplexity(args), field: SEARCH_COMPLEXITY }),
        resolve: async (search, args, context, info) => {
          const hits = await findHits(search, args, context)
          const query = queryFromInfo({ context, info, path: NODES })
          const rows = await context.db.article.findMany({
            ...query,
            where: { id: { in: hits.map(({ id }) => id) } },
          })
          const rowOf = new Map(rows.map((row) => [row.id, row]))
          const ranked = hits.flatMap((hit) => {
            const row = rowOf.get(hit.id)
            return row ? [{ ...hit, row }] : []
          })
          const { edges, pageInfo } = byRank.page(ranked, args)
          return { edges: edges.map(({ cursor, node }) => ({ cursor, node: node.row })), pageInfo }
        },
      },
      ArticleConnection,
    ),
    people: t.field({
      type: [Person],
      description: 'People with such a name, best match first.',
      complexity: { field: 1, multiplier: MAX_ENTITIES },
      resolve: async ({ names }, _args, context, info) => {
        const keys = (await names()).flatMap(({ personId }) => personId ?? []).slice(0, MAX_ENTITIES)
        const query = queryFromInfo({ context, info })
        return inOrder(keys, await context.db.person.findMany({ ...query, where: { id: { in: keys } } }))
      },
    }),
    organisations: t.field({
      type: [Organisation],
      description: 'Organisations with such a name, best match first.',
      complexity: { field: 1, multiplier: MAX_ENTITIES },
      resolve: async ({ names }, _args, context, info) => {
        const keys = (await names())
          .flatMap(({ organisationId }) => organisationId ?? [])
          .slice(0, MAX_ENTITIES)
        const query = queryFromInfo({ context, info })
        return inOrder(
          keys,
          await context.db.organisation.findMany({ ...query, where: { id: { in: keys } } }),
        )
      },
    }),
  }),
})

builder.queryField('search', (t) =>
  t.field({
    type: SearchResults,
    description:
      'Finds stories by their words, and people, organisations and their stories by any of their names, ' +
      'misspelt or in another script.',
    complexity: { field: SEARCH_COMPLEXITY },
    args: {
      text: t.arg.string({ required: true, description: 'Words and names, up to 200 characters.' }),
      language: t.arg.string({ description: 'Only stories in this language, a BCP 47 tag.' }),
    },
    resolve: (_root, { text, language }, { db }) => {
      if (text.length > MAX_QUERY)
        throw new InvalidInput('text', `Search for at most ${MAX_QUERY} characters.`)
      if (normaliseName(text) === '')
        throw new InvalidInput('text', 'Search for at least one letter or digit.')
      let names: Promise<NameMatch[]> | undefined
      return {
        text,
        language: language == null ? null : canonicalLanguage(language),
        names: () => (names ??= matchNames(text, db)),
      }
    },
  }),
)

async function findHits(
  { text, language, names }: Search,
  args: Parameters<typeof byRank.query>[0],
  context: Context,
): Promise<Hit[]> {
  if (args.last != null || args.before != null) {
    throw new InvalidInput('last', 'Search results are paged with "first" and "after" only.')
  }
  const { take } = byRank.query(args)
  return searchArticles(
    {
      segments: await segment(text, context.db),
      names: await names(),
      language,
      after: args.after == null ? null : byRank.read(args.after),
      take,
    },
    context,
  )
}

function inOrder<Row extends { id: string }>(keys: string[], rows: Row[]): Row[] {
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return keys.flatMap((key) => rowOf.get(key) ?? [])
}
