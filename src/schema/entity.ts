import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { NODES, pageComplexity } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { keyset, type PageArguments } from '../graphql/keyset.ts'
import { NAME_SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { normaliseName } from '../names/names.ts'
import { byPublication } from './article.ts'

// The common parts of people and organisations: names, external ids, and mentions in articles.

/** The interface of people and organisations. */
export const Entity = builder.interfaceRef<{ slug: string; name: string; description: string | null }>(
  'Entity',
)

Entity.implement({
  description: 'A person or an organisation.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'The slug in URLs.' }),
    name: t.exposeString('name', { description: 'The canonical name.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'A one-sentence description.',
    }),
  }),
})

/** The complexity of a list, with or without a name filter. */
export function byNameComplexity({
  filter,
  ...page
}: PageArguments & { filter?: { name?: string | null } | null }) {
  const { field, multiplier } = pageComplexity(page)
  return { field: filter?.name == null ? field : NAME_SEARCH_COMPLEXITY, multiplier }
}

/** By name, then by id. */
export const byName = keyset<{ name: string; id: string }>(
  { field: 'name', direction: 'asc', kind: 'text' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)

export const NamedIn = builder.enumType('NamedIn', {
  description:
    'The part of an article that names a person or organisation. A name in a caption does not count as a name in the text.',
  values: {
    ARTICLE: { value: 'STORY', description: 'In the headline, standfirst or body.' },
    CAPTION: { description: 'In the caption of an image.' },
    CREDIT: { description: 'In the credit line of an image.' },
    BYLINE: { description: 'In the byline.' },
  } as const,
})

/** The argument of Article.people and Article.organisations. */
export const whereNamed = builder.args((t) => ({
  namedIn: t.field({
    type: [NamedIn],
    required: true,
    defaultValue: ['STORY', 'CAPTION'],
    description: 'Filters by the part of the article.',
  }),
}))

const NameKind = builder.enumType('NameKind', {
  description: 'The kind of name.',
  values: {
    CANONICAL: { description: 'The canonical name.' },
    ALIAS: { description: 'Another name.' },
    ACRONYM: { description: 'An acronym.' },
    TRANSLITERATION: { description: 'The name in another script.' },
  } as const,
})

builder.prismaObject('Name', {
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The name.' }),
    kind: t.expose('kind', { type: NameKind }),
    language: t.exposeString('language', { nullable: true }),
    script: t.exposeString('script', { nullable: true }),
  }),
})

builder.prismaObject('ExternalId', {
  fields: (t) => ({
    scheme: t.exposeString('scheme'),
    value: t.exposeString('value', { description: 'The id in the register.' }),
  }),
})

builder.prismaObject('Affiliation', {
  fields: (t) => ({
    title: t.exposeString('title', { description: 'The title of the position.' }),
    from: t.string({
      nullable: true,
      description: 'The first day, YYYY-MM-DD.',
      resolve: ({ from }) => day(from),
    }),
    to: t.string({
      nullable: true,
      description: 'The last day, YYYY-MM-DD.',
      resolve: ({ to }) => day(to),
    }),
    person: t.relation('person'),
    organisation: t.relation('organisation'),
  }),
})

/**
 * The query for one page of the articles whose text names a person or organisation.
 * @param nested the function that Pothos passes to the `select` of a field
 */
export function articlesNaming<Selected>(
  args: PageArguments,
  context: Context,
  nested: (selection: true, path: string[]) => Selected,
) {
  const { where, orderBy, take } = byPublication.query(args)
  return {
    where: { namedIn: 'STORY' as const, article: { AND: [visibleArticles(context), where] } },
    orderBy: orderBy.map((column) => ({ article: column })),
    take,
    select: { article: nested(true, NODES) },
  }
}

/** The entities that an article names in the given parts, in the order of first mention. */
export function inOrderOfMention<Place>({ namedIn }: { namedIn: Place[] }) {
  return {
    // Each value would be a parameter of the statement.
    where: { namedIn: { in: [...new Set(namedIn)] } },
    orderBy: [{ namedIn: 'asc' as const }, { position: 'asc' as const }],
  }
}

/**
 * The where-condition for a name filter: every word must occur in one stored name.
 * @throws InvalidInput for a filter without a word, or with too many
 */
export function named(typed: string) {
  if (typed.length > MAX_NAME_LENGTH) {
    throw new InvalidInput('name', `The name filter is too long. Use at most ${MAX_NAME_LENGTH} characters.`)
  }
  const words = [...new Set(normaliseName(typed).split(' '))]
  if (words.length > MAX_NAME_WORDS) {
    throw new InvalidInput('name', `The name filter has too many words. Use at most ${MAX_NAME_WORDS}.`)
  }
  if (words[0] === '')
    throw new InvalidInput('name', 'The name filter has no letter or digit. Add at least one.')
  return { names: { some: { AND: words.map((word) => ({ normalised: { contains: word } })) } } }
}

/** The longest name filter, in UTF-16 code units and in words. */
const MAX_NAME_LENGTH = 200
const MAX_NAME_WORDS = 10

function day(date: Date | null): string | null {
  return date?.toISOString().slice(0, 10) ?? null
}
