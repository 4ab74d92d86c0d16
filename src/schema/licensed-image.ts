import { builder } from '../graphql/builder.ts'
import type { LicensedImage as ImageData } from '../syndication/licensed-article.ts'

export const LicensedImage = builder.objectRef<ImageData>('LicensedImage').implement({
  description: 'An image that you may use, with its credit.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The absolute URL.' }),
    alt: t.exposeString('alt', {
      nullable: true,
      description: 'The alternative text.',
    }),
    caption: t.exposeString('caption', { nullable: true, description: 'The caption.' }),
    credit: t.exposeString('credit', {
      nullable: true,
      description: 'The credit line, which must be printed with the image.',
    }),
    photographer: t.exposeString('photographer', {
      nullable: true,
      description: 'The photographer or artist.',
    }),
    agency: t.exposeString('agency', { nullable: true, description: 'The agency that holds the rights.' }),
    usageTerms: t.exposeString('usageTerms', {
      nullable: true,
      description: 'The usage terms that came with the image.',
    }),
  }),
})
