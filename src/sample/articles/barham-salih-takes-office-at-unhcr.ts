import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p, picture } from '../blocks.ts'

export const salihLeadsUnhcr: ArticleDraft = {
  slug: 'barham-salih-takes-office-at-unhcr',
  canonicalUrl: 'https://dateline.example/world/barham-salih-takes-office-at-unhcr',
  language: 'en',
  kicker: 'United Nations',
  headline: 'Barham Salih, once a refugee himself, takes over the UN refugee agency',
  standfirst: 'Iraq’s former president begins a five-year term while need grows and money shrinks.',
  dateline: { text: 'GENEVA', place: 'Geneva', region: 'Switzerland' },
  byline: 'Dateline desk',
  topic: { slug: 'world', label: 'World' },
  publishedAt: new Date('2026-01-01T08:00:00Z'),
  leadImage: ownPicture(
    'refugee-tents',
    'Drawing of rows of white tents on a plain beneath mountains in the morning',
    'The agency works in 128 countries.',
  ),
  people: [
    {
      person: 'barham-salih',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['UN High Commissioner for Refugees', 'former president of Iraq'],
    },
    { person: 'filippo-grandi', namedIn: 'ARTICLE', rolesAsPrinted: ['predecessor'] },
    { person: 'antonio-guterres', namedIn: 'ARTICLE', rolesAsPrinted: ['UN Secretary-General'] },
    {
      person: 'annalena-baerbock',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['president of the General Assembly'],
    },
  ],
  blocks: [
    p(
      'Barham Salih, the former president of Iraq, takes office today as UN High Commissioner for Refugees. He is the first person from the Middle East in nearly half a century to hold the post.',
    ),
    p(
      'The General Assembly elected him by consensus on 18 December for a term of five years, on the proposal of UN Secretary-General Antonio Guterres, who had himself led the agency for a decade. Annalena Baerbock, president of the General Assembly, brought down the gavel to applause.',
    ),
    h('Prison, exile, presidency'),
    p(
      'Salih, a Kurd from Sulaymaniyah, was arrested twice by Saddam Hussein’s security forces at the age of 19 and held for 43 days. He finished school, fled to Britain and studied engineering there.',
    ),
    p(
      'After 2003 he was planning minister and deputy prime minister in Baghdad, twice prime minister of the Kurdistan Region, and from 2018 to 2022 president of Iraq, in the years in which the country dealt with what ISIS had left behind.',
    ),
    {
      kind: 'QUOTATION',
      text: 'He has first-hand experience of the challenges many refugees face today',
      speaker: { person: 'filippo-grandi' },
      roleAsPrinted: 'predecessor',
      direct: true,
      via: { text: 'a statement of the agency', organisation: 'unhcr' },
    },
    picture(
      ownPicture(
        'citadel',
        'Drawing of the citadel of Erbil above the roofs of the town at dusk',
        'The citadel of Erbil, where Salih headed the regional government.',
      ),
    ),
    h('More people, less money'),
    p(
      'His predecessor Filippo Grandi of Italy led UNHCR for ten years, through the wars in Syria, Ukraine and Sudan. More than 110 million people are displaced worldwide; when he started there were some 65 million.',
    ),
    p(
      'The agency’s income fell sharply in 2025 as the United States and other donors cut their aid, and thousands of its staff lost their posts.',
    ),
  ],
}
