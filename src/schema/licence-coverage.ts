import { builder } from '../graphql/builder.ts'
import type { Coverage, CoverageWarning } from '../syndication/coverage.ts'

const LicenceTerm = builder.enumType('LicenceTerm', {
  description: 'A list in a licence.',
  values: {
    TOPICS: { value: 'topics', description: 'Slugs of topics.' },
    SECTIONS: { value: 'sections', description: 'Slugs of sections.' },
    LANGUAGES: { value: 'languages', description: 'BCP 47 tags.' },
    AGENCIES: { value: 'agencies', description: 'Agencies.' },
  } as const,
})

const LicenceWarning = builder.objectRef<CoverageWarning>('LicenceWarning').implement({
  description: 'An entry of a licence that matches no article or image. It may be misspelt.',
  fields: (t) => ({
    term: t.field({
      type: LicenceTerm,
      description: 'The list that contains the entry.',
      resolve: ({ term }) => term,
    }),
    entry: t.exposeString('entry', { description: 'The entry.' }),
    message: t.exposeString('message', { description: 'The text of the warning.' }),
  }),
})

export const LicenceCoverage = builder.objectRef<Coverage>('LicenceCoverage').implement({
  description: 'The articles and images that a licence covers.',
  fields: (t) => ({
    articles: t.exposeInt('articles', { description: 'Articles that the partner may have now.' }),
    images: t.exposeInt('images', {
      description: 'Images of those articles that the partner may have now. Each image URL is counted once.',
    }),
    inForce: t.exposeBoolean('inForce', {
      description: 'Whether the licence is in force now. A licence that is not in force covers nothing.',
    }),
    warnings: t.field({
      type: [LicenceWarning],
      description: 'Entries of the licence that match no article or image.',
      resolve: ({ warnings }) => warnings,
    }),
  }),
})
