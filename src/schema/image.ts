import { builder } from '../graphql/builder.ts'

/** A field for editors; null for other viewers. */
const forEditors = {
  nullable: true,
  authScopes: { role: 'editor' },
  unauthorizedResolver: () => null,
} as const

const SYNDICATABLE = 'Whether every partner may use the image. For editors.'
const PARTNERS = 'Slugs of the partners that may use the image even if "syndicatable" is false. For editors.'

/** An image in an article: the texts are of the use, the URL and the rights of the image. */
builder.prismaObject('ImageUse', {
  name: 'Image',
  description: 'An image, with its credit and its rights.',
  select: {},
  fields: (t) => ({
    url: t.string({
      description: 'The absolute URL of the image.',
      select: { image: { select: { url: true } } },
      resolve: ({ image: { url } }, _args, { publicUrl }) => (url.startsWith('/') ? publicUrl + url : url),
    }),
    alt: t.exposeString('alt', { nullable: true }),
    caption: t.exposeString('caption', { nullable: true }),
    credit: t.exposeString('credit', { nullable: true }),
    photographer: t.exposeString('photographer', { nullable: true }),
    agency: t.exposeString('agency', { nullable: true }),
    usageTerms: t.exposeString('usageTerms', { nullable: true }),
    syndicatable: t.boolean({
      ...forEditors,
      description: SYNDICATABLE,
      select: { image: { select: { syndicatable: true } } },
      resolve: ({ image }) => image.syndicatable,
    }),
    partners: t.stringList({
      ...forEditors,
      description: PARTNERS,
      select: { image: { select: { partners: true } } },
      resolve: ({ image }) => image.partners,
    }),
  }),
})

builder.prismaObjectField('Article', 'leadImage', (t) => t.relation('leadImage', { nullable: true }))
