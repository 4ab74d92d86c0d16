import type { ArticleDraft } from '../../articles/draft.ts'
import { p } from '../blocks.ts'

/** Canceled: killed, and must not be used again. */
export const hottestYear2023: ArticleDraft = {
  slug: 'copernicus-2023-hottest-year',
  canonicalUrl: 'https://dateline.example/climate/copernicus-2023-hottest-year',
  language: 'en',
  status: 'CANCELED',
  kicker: 'Global temperature',
  headline: '2023 was the hottest year in the Copernicus record',
  byline: 'Dateline climate desk',
  topic: { slug: 'climate', label: 'Climate' },
  publishedAt: new Date('2024-01-09T08:00:00Z'),
  leadImage: {
    url: '/pictures/thermometer-sun.svg',
    alt: 'Drawing of a tall thermometer before a low red sun over a dry plain',
    credit: 'Illustration: Dateline',
    syndicatable: true,
  },
  blocks: [
    p(
      'The year 2023 was the warmest in the records of the Copernicus Climate Change Service, which go back to 1940. On average it was 1.48 degrees warmer than the second half of the nineteenth century.',
    ),
    p(
      'For the first time every day of a year was at least one degree above that level, and two days in November were more than two degrees above it.',
    ),
  ],
}
