import { builder } from '../graphql/builder.ts'

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

builder.prismaObjectField('Article', 'leadImage', (t) => t.relation('leadImage', { nullable: true }))
