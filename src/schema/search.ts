import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import { countArticles, type SearchHit, searchArticles } from '../articles/search/articles.ts'
import { matchNames, type NameMatch, segment } from '../articles/search/names.ts'
import { InvalidInput } from '../base/errors.ts'
import type { EntityKind } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { NODES, pageComplexity } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { keyset } from '../graphql/keyset.ts'
import { SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { dependsOn } from '../graphql/record-reads.ts'
import { normaliseName } from '../names/names.ts'
import { ARTICLES, REFERENCE_DETAILS, REFERENCE_NAMES } from '../read-cache/reads.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Article, ArticleConnection } from './article.ts'
import { Organisation } from './organisation.ts'
import { Person } from './person.ts'

/** The longest query, in characters. */
const MAX_QUERY_CHARACTERS = 200

/** People or organisations shown for one query. */
const MAX_ENTITIES = 10

interface Search {
  text: string
  language: string | null
  /** Loaded once, and only if a field needs it. */
  names: () => Promise<NameMatch[]>
}

const byRank = keyset<SearchHit>(
  { field: 'rank', direction: 'desc', kind: 'number' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

const SearchResults = builder.objectRef<Search>('SearchResults').implement({
  description: 'The results of a search.',
  fields: (t) => ({
    articles: t.connection(
      {
        type: Article,
        description:
          'The newest 500 articles that match, best match first. Supports only forward pagination. The total count is ' +
          'at most 500.',
        complexity: (args) => ({ ...pageComplexity(args), field: SEARCH_COMPLEXITY }),
        resolve: async (search, args, context, info) => {
          const hits = await findHits(search, args, context)
          const query = queryFromInfo({ context, info, path: NODES, select: { id: true } })
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
          return {
            edges: edges.map(({ cursor, node }) => ({ cursor, node: node.row })),
            pageInfo,
            totalCount: async () => countArticles(await wholeSearch(search, context), context),
          }
        },
      },
      ArticleConnection,
    ),
    people: t.field({
      type: [Person],
      description: 'People whose name matches, best match first.',
      complexity: { field: 1, multiplier: MAX_ENTITIES },
      resolve: ({ names }, _args, context, info) => findEntities('PERSON', names, context, info),
    }),
    organisations: t.field({
      type: [Organisation],
      description: 'Organisations whose name matches, best match first.',
      complexity: { field: 1, multiplier: MAX_ENTITIES },
      resolve: ({ names }, _args, context, info) => findEntities('ORGANISATION', names, context, info),
    }),
  }),
})

builder.queryField('search', (t) =>
  t.field({
    type: SearchResults,
    description:
      'Searches the text of articles and all names of people and organisations. Also finds the articles that mention ' +
      'these people and organisations. Names may be misspelt or in another script. Ranks the newest 500 articles that ' +
      'match.',
    complexity: { field: SEARCH_COMPLEXITY },
    ...dependsOn(() => [ARTICLES, REFERENCE_DETAILS, REFERENCE_NAMES]),
    args: {
      text: t.arg.string({ required: true, description: 'Words and names. Maximum 200 characters.' }),
      language: t.arg.string({ description: 'Filters articles by language, a BCP 47 tag.' }),
    },
    resolve: (_root, { text, language }, { db }) => {
      if (text.length > MAX_QUERY_CHARACTERS)
        throw new InvalidInput(
          'text',
          `The search text is too long. Use at most ${MAX_QUERY_CHARACTERS} characters.`,
        )
      if (normaliseName(text) === '')
        throw new InvalidInput('text', 'The search text has no letter or digit. Add at least one.')
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
  search: Search,
  args: Parameters<typeof byRank.query>[0],
  context: Context,
): Promise<SearchHit[]> {
  if (args.last != null || args.before != null) {
    throw new InvalidInput(
      'last',
      'Search results support only "first" and "after". Leave out "last" and "before".',
    )
  }
  const { take } = byRank.query(args)
  const after = args.after == null ? null : byRank.read(args.after)
  return searchArticles({ ...(await wholeSearch(search, context)), after, take }, context)
}

async function wholeSearch({ text, language, names }: Search, { db }: Context) {
  return { segments: await segment(text, db), names: await names(), language }
}

/** The people or organisations whose name matches, best match first. */
async function findEntities(
  kind: EntityKind,
  names: Search['names'],
  context: Context,
  info: GraphQLResolveInfo,
) {
  const matches = (await names()).filter((match) => match.kind === kind).slice(0, MAX_ENTITIES)
  const query = queryFromInfo({ context, info, select: { id: true, kind: true } })
  const where = { id: { in: matches.map(({ id }) => id) } }
  const rows = await context.db.entity.findMany({ ...query, where })
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  return matches.flatMap(({ id }) => rowOf.get(id) ?? [])
}
