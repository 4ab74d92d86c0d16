import { builder } from '../graphql/builder.ts'
import type { Coverage, CoverageWarning } from './coverage.ts'

const LicenceTerm = builder.enumType('LicenceTerm', {
  description: 'A list of a licence.',
  values: {
    TOPICS: { value: 'topics', description: 'Slugs of topics.' },
    SECTIONS: { value: 'sections', description: 'Slugs of sections.' },
    LANGUAGES: { value: 'languages', description: 'BCP 47 tags.' },
    AGENCIES: { value: 'agencies', description: 'Picture agencies.' },
  } as const,
})

const LicenceWarning = builder.objectRef<CoverageWarning>('LicenceWarning').implement({
  description: 'An entry of a licence that no article or image has: it may be misspelt.',
  fields: (t) => ({
    term: t.field({
      type: LicenceTerm,
      description: 'The list that the entry is in.',
      resolve: ({ term }) => term,
    }),
    entry: t.exposeString('entry', { description: 'The entry.' }),
    message: t.exposeString('message', { description: 'The warning in words.' }),
  }),
})

export const LicenceCoverage = builder.objectRef<Coverage>('LicenceCoverage').implement({
  description: 'What a licence covers of the articles and images that there are.',
  fields: (t) => ({
    articles: t.exposeInt('articles', { description: 'Articles that the partner may have now.' }),
    images: t.exposeInt('images', {
      description: 'Images of those articles that the partner may have now, each address once.',
    }),
    inForce: t.exposeBoolean('inForce', {
      description: 'Whether the licence is in force now; one that is not covers nothing.',
    }),
    warnings: t.field({
      type: [LicenceWarning],
      description: 'Entries of the licence that no article or image has.',
      resolve: ({ warnings }) => warnings,
    }),
  }),
})
