import { visibleArticles } from '../articles/visible.ts'
import { InvalidInput } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { NODES, pageComplexity } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { keyset, type PageArguments } from '../graphql/keyset.ts'
import { NAME_SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { normaliseName } from '../names/names.ts'
import { byPublication } from './article.ts'

// What people and organisations have in common: names, entries in registers, and being named in stories.

/** The interface of whoever can be named or quoted. */
export const Entity = builder.interfaceRef<{ slug: string; name: string; description: string | null }>(
  'Entity',
)

Entity.implement({
  description: 'A person or an organisation.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'The name in addresses.' }),
    name: t.exposeString('name', { description: 'The name the newsroom uses.' }),
    description: t.exposeString('description', {
      nullable: true,
      description: 'One sentence on who or what this is.',
    }),
  }),
})

/** What a list costs, by name or not. */
export function byNameComplexity({
  filter,
  ...page
}: PageArguments & { filter?: { name?: string | null } | null }) {
  const { field, multiplier } = pageComplexity(page)
  return { field: filter?.name == null ? field : NAME_SEARCH_COMPLEXITY, multiplier }
}

/** By name, then by key. */
export const byName = keyset<{ name: string; id: string }>(
  { field: 'name', direction: 'asc', kind: 'text' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)

export const NamedIn = builder.enumType('NamedIn', {
  description: 'Where around a story somebody is named. A name in a caption is not a name in the story.',
  values: {
    STORY: { description: 'In the headline, standfirst or body.' },
    CAPTION: { description: "In a picture's caption." },
    CREDIT: { description: "In a picture's credit line." },
    BYLINE: { description: 'As an author.' },
  } as const,
})

/** The argument of the lists of people and organisations that a story names. */
export const whereNamed = builder.args((t) => ({
  namedIn: t.field({
    type: [NamedIn],
    required: true,
    defaultValue: ['STORY', 'CAPTION'],
    description: 'Only those named in one of these places.',
  }),
}))

const NameKind = builder.enumType('NameKind', {
  description: 'What kind of name this is.',
  values: {
    CANONICAL: { description: 'The name the newsroom uses.' },
    ALIAS: { description: 'Another name.' },
    ACRONYM: { description: 'Initials.' },
    TRANSLITERATION: { description: 'The name spelt in another script.' },
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
    value: t.exposeString('value', { description: 'The key in that register.' }),
  }),
})

builder.prismaObject('Affiliation', {
  fields: (t) => ({
    title: t.exposeString('title', { description: 'The post.' }),
    from: t.string({
      nullable: true,
      description: 'Since that day, YYYY-MM-DD.',
      resolve: ({ from }) => day(from),
    }),
    to: t.string({
      nullable: true,
      description: 'Until that day, YYYY-MM-DD.',
      resolve: ({ to }) => day(to),
    }),
    person: t.relation('person'),
    organisation: t.relation('organisation'),
  }),
})

/**
 * What to read for one page of the stories that name somebody in their own text.
 * @param nested the function that Pothos hands to a field's `select`
 */
export function storiesNaming<Selected>(
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

/** Those whom a story names in some places, in the order of first naming. */
export function inOrderOfNaming<Place>({ namedIn }: { namedIn: Place[] }) {
  return {
    where: { namedIn: { in: namedIn } },
    orderBy: [{ namedIn: 'asc' as const }, { position: 'asc' as const }],
  }
}

/**
 * The where-condition for a name that somebody typed: every word of it must occur in one stored name.
 * @throws InvalidInput when there is no word in it, or more than a name has
 */
export function named(typed: string) {
  if (typed.length > MAX_NAME_LENGTH) {
    throw new InvalidInput('name', `Give at most ${MAX_NAME_LENGTH} characters of a name.`)
  }
  const words = [...new Set(normaliseName(typed).split(' '))]
  if (words.length > MAX_NAME_WORDS) {
    throw new InvalidInput('name', `Give at most ${MAX_NAME_WORDS} words of a name.`)
  }
  if (words[0] === '') throw new InvalidInput('name', 'Give at least one letter or digit of a name.')
  return { names: { some: { AND: words.map((word) => ({ normalised: { contains: word } })) } } }
}

/** The longest name to look for: in UTF-16 code units, and in words. */
const MAX_NAME_LENGTH = 200
const MAX_NAME_WORDS = 10

function day(date: Date | null): string | null {
  return date?.toISOString().slice(0, 10) ?? null
}
