import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p } from '../blocks.ts'

export const gulfCupInBasra: ArticleDraft = {
  slug: 'iraq-wins-the-gulf-cup-in-basra',
  canonicalUrl: 'https://dateline.example/sport/iraq-wins-the-gulf-cup-in-basra',
  language: 'en',
  kicker: 'Arabian Gulf Cup',
  headline: 'Younis heads Iraq to the Gulf Cup in the last minute of extra time',
  standfirst:
    'A 3–2 win over Oman in Basra brings the hosts their fourth title, on a day that began with grief.',
  dateline: { text: 'BASRA, Iraq', place: 'Basra', region: 'Iraq' },
  byline: 'Dateline sports desk',
  topic: { slug: 'sport', label: 'Sport' },
  publishedAt: new Date('2023-01-19T20:30:00Z'),
  leadImage: ownPicture(
    'stadium',
    'Drawing of a round stadium at night with floodlights and a full pitch',
    'Basra International Stadium, also called the Palm Trunk, seats 65,000.',
  ),
  people: [
    { person: 'manaf-younis', namedIn: 'ARTICLE', rolesAsPrinted: ['defender'] },
    { person: 'ibrahim-bayesh', namedIn: 'ARTICLE', rolesAsPrinted: ['midfielder'] },
    { person: 'amjad-attwan', namedIn: 'ARTICLE', rolesAsPrinted: ['midfielder'] },
    { person: 'jesus-casas', namedIn: 'ARTICLE', rolesAsPrinted: ['Iraq’s coach'] },
    { person: 'mohammed-shia-al-sudani', namedIn: 'ARTICLE', rolesAsPrinted: ['Prime Minister'] },
  ],
  blocks: [
    p(
      'Iraq are champions of the Arabian Gulf Cup for the first time in 35 years. A header by the defender Manaf Younis in the second minute of stoppage time after extra time beat Oman 3–2 in Basra on Thursday.',
    ),
    h('Five goals, two penalties'),
    p(
      'Ibrahim Bayesh put the hosts ahead after 24 minutes. Oman missed one penalty in the second half but scored another, through Salaah Al-Yahyaei, in the tenth minute of added time.',
    ),
    p(
      'In extra time Amjad Attwan converted a penalty for Iraq in the 116th minute, and Omar Al-Malki levelled for Oman three minutes later. Then Attwan lifted a free kick into the area, and Younis was there. The referee let the goal stand after a look at the screen.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The players were not comfortable after what happened but they showed strong character and played like lions to make people happy',
      speaker: { person: 'jesus-casas' },
      roleAsPrinted: 'Iraq’s coach',
      direct: true,
    },
    h('A crush before the match'),
    p(
      'What Jesús Casas, Iraq’s coach, meant had happened hours earlier. Thousands of people, many without tickets, pressed against the gates from dawn; at least one person was killed in the crush and dozens were hurt, and some reports spoke of more dead.',
    ),
    p(
      'Prime Minister Mohammed Shia al-Sudani travelled to Basra to oversee the arrangements, and the final was played as planned.',
    ),
    p(
      'Iraq had not been host to the tournament since 1979, the year of its first title. It won again in 1984 and 1988, and then for decades wars and bans kept big matches away from the country.',
    ),
  ],
}
