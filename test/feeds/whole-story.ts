import type { LicensedArticle, LicensedImage } from '../../src/syndication/licensed-article.ts'
import { noTexts } from '../support/texts.ts'

/** A picture of which nothing is known but its address. */
export const picture = (changes: Partial<LicensedImage> = {}): LicensedImage => ({
  url: 'https://pictures.example/plain',
  alt: null,
  caption: null,
  photographer: null,
  agency: null,
  credit: null,
  usageTerms: null,
  ...changes,
})

/** A story with as little in it as may be. */
export const bareStory = (changes: Partial<LicensedArticle> = {}): LicensedArticle => ({
  id: '0000000b-0000-7000-8000-000000000000',
  slug: 'bare',
  url: 'https://news.example/bare',
  language: 'ar',
  version: 1,
  ...noTexts,
  headline: 'Bare',
  dateline: null,
  topic: null,
  publishedAt: new Date('2026-01-01T00:00:00Z'),
  updatedAt: new Date('2026-01-01T00:00:00Z'),
  corrections: [],
  leadImage: null,
  body: [],
  people: [],
  organisations: [],
  attribution: null,
  hasFullText: false,
  ...changes,
})

const jane = {
  kind: 'PERSON' as const,
  id: '00000001-0000-7000-8000-000000000000',
  slug: 'jane-doe',
  name: 'Jane Doe',
}
const office = {
  kind: 'ORGANISATION' as const,
  id: '00000002-0000-7000-8000-000000000000',
  slug: 'the-office',
  name: 'The Office',
}

/** A story with everything in it that a story can have, each thing once and with a word of its own. */
export const wholeStory: LicensedArticle = {
  id: '0000000a-0000-7000-8000-000000000000',
  slug: 'whole',
  url: 'https://news.example/whole',
  language: 'en-GB',
  version: 3,
  ...noTexts,
  kicker: 'Kicker',
  headline: 'Headline',
  standfirst: 'Standfirst',
  dateline: { text: 'ERBIL', place: 'Erbil', region: 'Kurdistan' },
  byline: 'Jane Doe',
  topic: { slug: 'health', label: 'Health', path: ['news', 'health'] },
  publishedAt: new Date('2026-01-02T03:04:05Z'),
  updatedAt: new Date('2026-01-03T00:00:00Z'),
  corrections: [
    { kind: 'CLARIFICATION', text: 'Clarified', version: 3, at: new Date('2026-01-03T23:59:00Z') },
    { kind: 'CORRECTION', text: 'Corrected', version: 2, at: new Date('2026-01-02T12:00:00Z') },
  ],
  leadImage: {
    url: 'https://pictures.example/lead.JPG?w=1',
    alt: 'Lead alt',
    caption: 'Lead caption',
    photographer: 'Ann Lens',
    agency: 'AFP',
    credit: 'Ann Lens / AFP',
    usageTerms: 'https://terms.example/',
  },
  body: [
    { kind: 'PARAGRAPH', text: 'First\nline', mentions: [] },
    { kind: 'HEADING', text: 'Small', level: 9, mentions: [] },
    { kind: 'HEADING', text: 'Large', level: 1, mentions: [] },
    { kind: 'IMAGE', image: picture({ url: 'https://pictures.example/in.png', usageTerms: 'Once only' }) },
    { kind: 'IMAGE', image: picture({ url: 'https://pictures.example/lead.JPG?w=1', caption: 'Again' }) },
    {
      kind: 'QUOTATION',
      text: 'Said',
      mentions: [],
      quotation: {
        speaker: jane,
        roleAsPrinted: 'chair',
        direct: true,
        via: 'a spokesman',
        viaOrganisation: office,
      },
    },
    {
      kind: 'EMBED',
      embed: {
        provider: 'X',
        url: 'https://x.example/1',
        authorName: 'Author',
        handle: '@author',
        text: 'Posted',
        postedAt: new Date('2026-01-01T20:00:00Z'),
      },
    },
    {
      kind: 'EMBED',
      embed: {
        provider: 'Y',
        url: 'https://y.example/2',
        authorName: null,
        handle: null,
        text: null,
        postedAt: null,
      },
    },
  ],
  people: [
    { entity: jane, namedIn: 'ARTICLE', rolesAsPrinted: ['chair'] },
    { entity: jane, namedIn: 'CAPTION', rolesAsPrinted: ['doctor', 'chair'] },
  ],
  organisations: [{ entity: office, namedIn: 'ARTICLE', rolesAsPrinted: ['employer'] }],
  attribution: 'From us.',
  hasFullText: true,
}
