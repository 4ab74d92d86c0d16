import type { ArticleDraft } from '../../articles/draft.ts'
import { agencyPicture, h, ownPicture, p, picture } from '../blocks.ts'

export const cop28Deal: ArticleDraft = {
  slug: 'cop28-transition-away-from-fossil-fuels',
  canonicalUrl: 'https://dateline.example/climate/cop28-transition-away-from-fossil-fuels',
  language: 'en',
  kicker: 'COP28',
  headline: 'Nations agree for the first time to move away from fossil fuels',
  standfirst: 'The Dubai decision names the cause of the climate crisis, and leaves the pace open.',
  dateline: { text: 'DUBAI', place: 'Dubai', region: 'United Arab Emirates' },
  byline: 'Dateline climate desk',
  topic: { slug: 'climate', label: 'Climate' },
  publishedAt: new Date('2023-12-13T10:10:00Z'),
  leadImage: agencyPicture(
    'wind-and-sun',
    'Reuters',
    'Drawing of wind turbines and solar panels in a desert before a city skyline',
    'Renewable power is to be tripled by 2030 under the agreement reached in Dubai.',
  ),
  people: [
    { person: 'sultan-al-jaber', namedIn: 'ARTICLE', rolesAsPrinted: ['president of COP28'] },
    { person: 'simon-stiell', namedIn: 'ARTICLE', rolesAsPrinted: ['UN climate chief'] },
    { person: 'antonio-guterres', namedIn: 'ARTICLE', rolesAsPrinted: ['UN Secretary-General'] },
  ],
  organisations: [{ organisation: 'reuters', namedIn: 'CREDIT' }],
  blocks: [
    p(
      'Nearly 200 countries agreed in Dubai on Wednesday to move away from coal, oil and gas in their energy systems. In three decades of UN climate talks no such decision had named fossil fuels as a whole.',
    ),
    p(
      'Sultan Al Jaber, president of COP28, brought the gavel down a day after the conference should have ended. The decision asks countries to contribute to a transition that is just, orderly and equitable, with action speeded up in this decade, so as to reach net zero by 2050.',
    ),
    h('What it says and does not say'),
    p(
      'A phase-out, which more than 100 countries had wanted, is not in the text. It does call for three times as much renewable power and twice the pace of energy saving by 2030, and recognises a role for what it calls transitional fuels, which is understood to mean gas.',
    ),
    {
      kind: 'QUOTATION',
      text: 'Whilst we didn’t turn the page on the fossil fuel era in Dubai, this outcome is the beginning of the end.',
      speaker: { person: 'simon-stiell' },
      roleAsPrinted: 'UN climate chief',
      direct: true,
      via: { text: 'closing speech to the conference', organisation: 'unfccc' },
    },
    p(
      'Simon Stiell, who heads the secretariat of the UN climate convention (UNFCCC), asked governments and companies to turn the promises into real results without delay.',
    ),
    picture(
      ownPicture(
        'warming-stripes',
        'Drawing of vertical stripes that turn from blue to deep red',
        'The Paris Agreement of 2015 seeks to limit warming to 1.5 degrees.',
      ),
    ),
    h('Islands out of the room'),
    p(
      'The Alliance of Small Island States, whose members may lose their land to the sea, said its delegates had not yet been in the hall when the decision was adopted. Its statement, calling the text a step forward but not the change of course that was needed, drew a long standing ovation.',
    ),
    p(
      'Antonio Guterres, the UN Secretary-General, told those who had kept a phase-out from the text that it would come whether they liked it or not.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The age of fossil fuels must end, and it must end with justice',
      speaker: { person: 'antonio-guterres' },
      roleAsPrinted: 'UN Secretary-General',
      direct: false,
      via: { text: 'a statement of the United Nations', organisation: 'united-nations' },
    },
    p(
      'Money remains the open question. A fund for countries hit by climate disasters was started on the opening day with pledges of several hundred million dollars; the damage it is meant for runs to hundreds of billions a year.',
    ),
  ],
}
