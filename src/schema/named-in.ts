import type { EntityKind, NamedIn as Place } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { type Nested, selecting } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'

// The parts of an article that name people and organisations.

export const NamedIn = builder.enumType('NamedIn', {
  description:
    'The part of an article that names a person or organisation. A name in a caption does not count as a name in the text.',
  values: {
    ARTICLE: { description: 'In the headline, standfirst or body.' },
    CAPTION: { description: 'In the caption of an image.' },
    CREDIT: { description: 'In the credit line of an image.' },
    BYLINE: { description: 'In the byline.' },
  } as const,
})

const whereNamed = builder.args((t) => ({
  namedIn: t.field({
    type: [NamedIn],
    required: true,
    defaultValue: ['ARTICLE', 'CAPTION'],
    description: 'Filters by the part of the article that contains the name.',
  }),
}))

/** The query for the entities that an article names in the given parts, in the order of first mention. */
export function inOrderOfMention<Place>({ namedIn }: { namedIn: Place[] }) {
  return {
    // Each value would be a parameter of the statement.
    where: { namedIn: { in: [...new Set(namedIn)] } },
    orderBy: [{ namedIn: 'asc' as const }, { position: 'asc' as const }],
  }
}

/**
 * The options of Article.people and Article.organisations: the entities of one kind. The kind is no condition of the
 * query, so that the two fields with equal arguments select the same relation in the same way: it is read once.
 */
export function appearancesField(kind: EntityKind) {
  return {
    args: whereNamed,
    complexity: { field: 1, multiplier: 10 },
    select: (args: { namedIn: Place[] }, _context: Context, nested: Nested) => ({
      entities: { ...selecting(nested, { kind: true } as const), ...inOrderOfMention(args) },
    }),
    resolve: <Row extends { kind: EntityKind }>({ entities }: { entities: Row[] }) =>
      entities.filter((entity) => entity.kind === kind),
  }
}
