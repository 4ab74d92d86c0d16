import { builder } from '../graphql/builder.ts'

// Images and corrections of articles.

/** A field for editors; null for other viewers. */
const forEditors = {
  nullable: true,
  authScopes: { role: 'editor' },
  unauthorizedResolver: () => null,
} as const

const SYNDICATABLE = 'Whether every partner may use the image. For editors.'
const PARTNERS = 'Slugs of the partners that may use the image even if "syndicatable" is false. For editors.'

builder.prismaObject('Image', {
  fields: (t) => ({
    url: t.string({
      description: 'The absolute URL of the image.',
      resolve: ({ url }, _args, { publicUrl }) => (url.startsWith('/') ? publicUrl + url : url),
    }),
    alt: t.exposeString('alt', { nullable: true }),
    caption: t.exposeString('caption', { nullable: true }),
    credit: t.exposeString('credit', { nullable: true }),
    photographer: t.exposeString('photographer', { nullable: true }),
    agency: t.exposeString('agency', { nullable: true }),
    usageTerms: t.exposeString('usageTerms', { nullable: true }),
    syndicatable: t.exposeBoolean('syndicatable', { ...forEditors, description: SYNDICATABLE }),
    partners: t.exposeStringList('partners', { ...forEditors, description: PARTNERS }),
  }),
})

export const CorrectionKind = builder.enumType('CorrectionKind', {
  description: 'The kind of correction.',
  values: {
    CORRECTION: { description: 'Corrects an error.' },
    CLARIFICATION: { description: 'Clarifies a statement.' },
    UPDATE: { description: 'Adds new information.' },
    RETRACTION: { description: 'Retracts the article.' },
  } as const,
})

builder.prismaObject('Correction', {
  fields: (t) => ({
    kind: t.expose('kind', { type: CorrectionKind }),
    text: t.exposeString('text'),
    version: t.exposeInt('version'),
    at: t.expose('at', { type: 'DateTime' }),
  }),
})

builder.prismaObjectFields('Article', (t) => ({
  leadImage: t.relation('leadImage', { nullable: true }),
  corrections: t.relation('corrections', {
    description: 'The correction notices, newest first.',
    query: { orderBy: { at: 'desc' } },
  }),
}))
