import type { ArticleDraft } from '../../articles/draft.ts'
import { agencyPicture, h, p } from '../blocks.ts'

/** Its comments are closed. */
export const strikeAtBaghdadAirport: ArticleDraft = {
  slug: 'us-strike-at-baghdad-airport',
  canonicalUrl: 'https://dateline.example/iraq/us-strike-at-baghdad-airport',
  language: 'en',
  kicker: 'Iraq and the United States',
  headline: 'US strike at Baghdad airport kills Soleimani and the PMF’s deputy leader',
  standfirst:
    'Iraq’s prime minister calls the attack a breach of sovereignty and asks parliament for a special session.',
  dateline: { text: 'BAGHDAD', place: 'Baghdad', region: 'Iraq' },
  byline: 'Dateline desk',
  topic: { slug: 'iraq', label: 'Iraq' },
  publishedAt: new Date('2020-01-03T12:40:00Z'),
  commenting: { open: false },
  leadImage: agencyPicture(
    'airport-dawn',
    'Reuters',
    'Drawing of an airport control tower and palms at dawn, with a thin column of smoke in the distance',
    'The road to Baghdad International Airport was hit shortly after midnight.',
  ),
  people: [
    {
      person: 'qasem-soleimani',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['commander of Iran’s Quds Force', 'Major General'],
    },
    {
      person: 'abu-mahdi-al-muhandis',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['deputy head of the Popular Mobilization Forces'],
    },
    { person: 'adil-abdul-mahdi', namedIn: 'ARTICLE', rolesAsPrinted: ['caretaker prime minister'] },
    { person: 'barham-salih', namedIn: 'ARTICLE', rolesAsPrinted: ['President'] },
    { person: 'mike-pompeo', namedIn: 'ARTICLE', rolesAsPrinted: ['US Secretary of State'] },
    { person: 'donald-trump', namedIn: 'ARTICLE', rolesAsPrinted: ['President'] },
  ],
  organisations: [{ organisation: 'reuters', namedIn: 'CREDIT' }],
  blocks: [
    p(
      'A US air strike outside Baghdad’s international airport early on Friday killed Major General Qasem Soleimani, commander of Iran’s Quds Force, and Abu Mahdi al-Muhandis, deputy head of the Popular Mobilization Forces (PMF).',
    ),
    p(
      'Their two vehicles had just left the airport when they were hit. Iraqi officials counted ten dead, five of them Iranians and five of them Iraqis.',
    ),
    p(
      'The US Department of Defense confirmed within hours that it had acted on the orders of President Donald Trump, and described the killing as a defensive measure against planned attacks on Americans.',
    ),
    h('Baghdad protests'),
    p(
      'Adil Abdul-Mahdi, Iraq’s caretaker prime minister, condemned the strike. Al-Muhandis held an official post, he pointed out, and the PMF are by law part of Iraq’s armed forces.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The strike was an act of aggression against Iraq, broke the terms on which US troops are in the country, and could set off a war in the region',
      speaker: { person: 'adil-abdul-mahdi' },
      roleAsPrinted: 'caretaker prime minister',
      direct: false,
      via: { text: 'a statement of his office' },
    },
    p(
      'President Barham Salih condemned the attack too, and called on all sides for restraint so that Iraq would be spared another armed conflict.',
    ),
    h('Days of escalation'),
    p(
      'The strike follows a week of violence. A US contractor died in a rocket attack near Kirkuk on 27 December; US aircraft then bombed positions of Kataib Hezbollah, a group within the PMF; and on New Year’s Eve its supporters broke into the grounds of the US embassy.',
    ),
    p(
      'US Secretary of State Mike Pompeo said the decision had been taken to disrupt an imminent attack. Democrats in Congress asked for the evidence.',
    ),
    p(
      'Iran’s supreme leader announced three days of mourning and promised severe revenge. The US embassy told Americans to leave Iraq at once.',
    ),
    p(
      'About 5,000 US troops are in Iraq to train its forces against ISIS. Their future is what parliament is expected to debate.',
    ),
  ],
}
