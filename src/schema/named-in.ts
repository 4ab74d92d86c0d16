import { builder } from '../graphql/builder.ts'

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

/** The argument of Article.people and Article.organisations. */
export const whereNamed = builder.args((t) => ({
  namedIn: t.field({
    type: [NamedIn],
    required: true,
    defaultValue: ['ARTICLE', 'CAPTION'],
    description: 'Filters by the part of the article.',
  }),
}))

/** The entities that an article names in the given parts, in the order of first mention. */
export function inOrderOfMention<Place>({ namedIn }: { namedIn: Place[] }) {
  return {
    // Each value would be a parameter of the statement.
    where: { namedIn: { in: [...new Set(namedIn)] } },
    orderBy: [{ namedIn: 'asc' as const }, { position: 'asc' as const }],
  }
}
