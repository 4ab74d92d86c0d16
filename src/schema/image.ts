import { builder } from '../graphql/builder.ts'

// What stands around a story's body: its lead picture, and the changes readers are told of.

/** A field that only editors are shown; null for everybody else. */
const forEditors = {
  nullable: true,
  authScopes: { role: 'editor' },
  unauthorizedResolver: () => null,
} as const

const SYNDICATABLE = 'Whether partners may have the picture without a right of their own to it. For editors.'
const PARTNERS = 'Slugs of the partners who may have it all the same. For editors.'

builder.prismaObject('Image', {
  fields: (t) => ({
    url: t.string({
      description: "The picture's absolute address.",
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
  description: 'What kind of change a story was given.',
  values: {
    CORRECTION: { description: 'Something was wrong.' },
    CLARIFICATION: { description: 'Something could be misread.' },
    UPDATE: { description: 'Something new is known.' },
    RETRACTION: { description: 'The story is taken back.' },
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
    description: 'The changes that readers are told of, newest first.',
    query: { orderBy: { at: 'desc' } },
  }),
}))
