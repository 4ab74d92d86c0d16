import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p } from '../blocks.ts'

export const covidEmergencyEnds: ArticleDraft = {
  slug: 'who-ends-covid-emergency',
  canonicalUrl: 'https://dateline.example/health/who-ends-covid-emergency',
  language: 'en',
  kicker: 'COVID-19',
  headline: 'World Health Organization declares the COVID-19 emergency over',
  standfirst: 'After three years and three months the highest level of alert is lifted. The virus stays.',
  dateline: { text: 'GENEVA', place: 'Geneva', region: 'Switzerland' },
  byline: 'Dateline health desk',
  topic: { slug: 'health', label: 'Health' },
  publishedAt: new Date('2023-05-05T14:00:00Z'),
  leadImage: ownPicture(
    'vaccine-vials',
    'Drawing of vaccine vials and a syringe on a laboratory bench',
    'More than 13 billion doses of vaccine had been given by the spring of 2023.',
  ),
  people: [
    {
      person: 'tedros-adhanom-ghebreyesus',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['Director-General of the World Health Organization'],
    },
  ],
  blocks: [
    p(
      'COVID-19 is no longer a global health emergency. Tedros Adhanom Ghebreyesus, Director-General of the World Health Organization, lifted the alert in Geneva on Friday on the advice of an expert committee that had met the day before.',
    ),
    {
      kind: 'QUOTATION',
      text: 'It is therefore with great hope that I declare COVID-19 over as a global health emergency.',
      speaker: { person: 'tedros-adhanom-ghebreyesus' },
      roleAsPrinted: 'Director-General of the World Health Organization',
      direct: true,
    },
    p(
      'The alert, in official language a public health emergency of international concern, had been raised on 30 January 2020, when fewer than 100 cases were known outside China and none of them had been fatal.',
    ),
    h('Seven million, and many more'),
    p(
      'Almost seven million deaths have been reported since. The organisation itself believes the true number to be at least 20 million.',
    ),
    p(
      'Deaths had been falling for more than a year as immunity grew through vaccines and infections. Most countries had long since returned to life as it was before.',
    ),
    h('Not the end of the virus'),
    p(
      'In the week before the announcement somebody still died of the disease every three minutes, and thousands were in intensive care. New variants may yet bring new waves.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The worst that any country could do is to take the news as a reason to let down its guard or to take apart what it has built',
      speaker: { person: 'tedros-adhanom-ghebreyesus' },
      roleAsPrinted: 'Director-General of the World Health Organization',
      direct: false,
    },
    p(
      'Governments are negotiating a treaty meant to make the response to the next pandemic faster and fairer. In this one, people in poor countries waited far longer for vaccines than people in rich ones.',
    ),
  ],
}
