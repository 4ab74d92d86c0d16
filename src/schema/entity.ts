import type { GraphQLResolveInfo } from 'graphql'
import { InvalidInput } from '../base/errors.ts'
import type { EntityKind as EntityKindOfRow } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { keyset, type PageArguments } from '../graphql/keyset.ts'
import { NAME_SEARCH_COMPLEXITY } from '../graphql/limits.ts'
import { dependsOn } from '../graphql/record-reads.ts'
import { normaliseName } from '../names/names.ts'
import { REFERENCE_DETAILS } from '../read-cache/reads.ts'

// What people and organisations have in common: the interface, their names and external ids, lists by name. Both
// types are variants of one model and inherit the fields of the interface; the others are in entity-fields.ts.

/** The descriptions of the fields that each entity has. */
export const describeEntity = {
  kind: { description: 'Whether the object is a person or an organisation.' },
  slug: { description: 'The slug in URLs.' },
  name: { description: 'The canonical name.' },
  description: { description: 'A one-sentence description.' },
  names: { description: 'All names, the canonical name first.' },
  externalIds: { description: 'The ids in external registers, such as Wikidata.' },
} as const

/** The interface of people and organisations. */
export const Entity = builder.prismaInterface('Entity', {
  name: 'Entity',
  description: 'A person or an organisation.',
  interfaces: [builder.nodeInterfaceRef()],
  select: { kind: true },
  resolveType: ({ kind }) => (kind === 'PERSON' ? 'Person' : 'Organisation'),
  fields: (t) => ({
    kind: t.expose('kind', { type: EntityKind, ...describeEntity.kind }),
    slug: t.exposeString('slug', describeEntity.slug),
    name: t.exposeString('name', describeEntity.name),
    description: t.exposeString('description', {
      nullable: true,
      ...describeEntity.description,
      ...dependsOn(() => [REFERENCE_DETAILS]),
    }),
    names: t.relation('names', {
      ...describeEntity.names,
      query: { orderBy: [{ kind: 'asc' }, { normalised: 'asc' }] },
    }),
    externalIds: t.relation('externalIds', {
      ...describeEntity.externalIds,
      query: { orderBy: { scheme: 'asc' } },
    }),
  }),
})

export const EntityKind = builder.enumType('EntityKind', {
  description: 'The kind of entity.',
  values: {
    PERSON: { description: 'A person.' },
    ORGANISATION: { description: 'An organisation.' },
  } as const,
})

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
  select: {},
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The name.' }),
    kind: t.expose('kind', { type: NameKind }),
    language: t.exposeString('language', { nullable: true }),
    script: t.exposeString('script', { nullable: true }),
  }),
})

builder.prismaObject('ExternalId', {
  select: {},
  fields: (t) => ({
    scheme: t.exposeString('scheme'),
    value: t.exposeString('value', { description: 'The id in the register.' }),
  }),
})

/** The complexity of a list, with or without a name filter. */
export function byNameComplexity({ filter, ...page }: PageArguments & { filter?: NameFilter | null }) {
  const { field, multiplier } = pageComplexity(page)
  return { field: filter?.name == null ? field : NAME_SEARCH_COMPLEXITY, multiplier }
}

/** By name, then by id. */
const byName = keyset<{ name: string; id: string }>(
  { field: 'name', direction: 'asc', kind: 'text' },
  { field: 'id', direction: 'asc', kind: 'uuid' },
)

/** The input type of a filter by name. */
export function nameFilter(typename: 'PersonFilter' | 'OrganisationFilter', description: string) {
  return builder.inputType(typename, {
    description,
    fields: (t) => ({
      name: t.string({
        description:
          'Filters by words of any name, in any script. All words must match. Maximum 10 words and 200 characters.',
      }),
    }),
  })
}

/** A page of the entities of a kind, by name. */
export async function pageByName(
  kind: EntityKindOfRow,
  args: PageArguments & { filter?: NameFilter | null },
  context: Context,
  info: GraphQLResolveInfo,
) {
  const where = [{ kind }, ...named(args.filter)]
  const page = rootPage(byName, args, where, context, info, { kind: true } as const)
  return byName.page(await context.db.entity.findMany(page), args)
}

interface NameFilter {
  name?: string | null
}

/**
 * The where-conditions for a name filter: every word must occur in one stored name.
 * @throws InvalidInput for a filter without a word, or with too many
 */
function named(filter: NameFilter | null | undefined) {
  if (filter?.name == null) return []
  if (filter.name.length > MAX_NAME_LENGTH) {
    throw new InvalidInput('name', `The name filter is too long. Use at most ${MAX_NAME_LENGTH} characters.`)
  }
  const words = [...new Set(normaliseName(filter.name).split(' '))]
  if (words.length > MAX_NAME_WORDS) {
    throw new InvalidInput('name', `The name filter has too many words. Use at most ${MAX_NAME_WORDS}.`)
  }
  if (words[0] === '')
    throw new InvalidInput('name', 'The name filter has no letter or digit. Add at least one.')
  return [{ names: { some: { AND: words.map((word) => ({ normalised: { contains: word } })) } } }]
}

/** The longest name filter, in UTF-16 code units and in words. */
const MAX_NAME_LENGTH = 200
const MAX_NAME_WORDS = 10
