import type { ArticleDraft } from '../../articles/draft.ts'
import { ownPicture, p } from '../blocks.ts'

/** Withheld: out of view while the desk checks it. */
export const warmestYear2024: ArticleDraft = {
  slug: '2024-warmest-year-on-record',
  canonicalUrl: 'https://dateline.example/climate/2024-warmest-year-on-record',
  language: 'en',
  status: 'WITHHELD',
  kicker: 'Global temperature',
  headline: '2024 was the warmest year on record, about 1.55 degrees above pre-industrial times',
  dateline: { text: 'GENEVA', place: 'Geneva', region: 'Switzerland' },
  byline: 'Dateline climate desk',
  topic: { slug: 'climate', label: 'Climate' },
  publishedAt: new Date('2025-01-10T16:00:00Z'),
  leadImage: ownPicture(
    'thermometer-sun',
    'Drawing of a tall thermometer before a low red sun over a dry plain',
    'The ten years to 2024 were the ten warmest on record.',
  ),
  people: [
    {
      person: 'celeste-saulo',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['Secretary-General of the World Meteorological Organization'],
    },
  ],
  blocks: [
    p(
      'The World Meteorological Organization (WMO) confirmed on Friday that 2024 was the warmest year since measurements began. From six data sets it arrives at 1.55 degrees above the average of 1850 to 1900, with a margin of 0.13.',
    ),
    p(
      'That is very likely the first calendar year above 1.5 degrees. The Paris Agreement, which names that limit, means averages over decades, so a single year does not break it.',
    ),
    {
      kind: 'QUOTATION',
      text: 'It is not about one or two years: every single one of the past ten was among the ten warmest',
      speaker: { person: 'celeste-saulo' },
      roleAsPrinted: 'Secretary-General of the World Meteorological Organization',
      direct: false,
    },
    p('Celeste Saulo, who heads the organisation, stressed that every fraction of a degree matters.'),
  ],
}
