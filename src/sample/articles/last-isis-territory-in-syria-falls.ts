import type { ArticleDraft } from '../../articles/draft.ts'
import { agencyPicture, h, p } from '../blocks.ts'

/** Says "ISIS" throughout, so that a search by the group's other names has to go through its aliases. */
export const lastTerritoryFalls: ArticleDraft = {
  slug: 'last-isis-territory-in-syria-falls',
  canonicalUrl: 'https://dateline.example/syria/last-isis-territory-in-syria-falls',
  language: 'en',
  kicker: 'Baghuz',
  headline: 'ISIS loses its last village in Syria',
  standfirst: 'A yellow flag over Baghuz ends nearly five years of the group’s rule over land.',
  dateline: { text: 'BAGHUZ, Syria', place: 'Baghuz', region: 'Deir ez-Zor' },
  byline: 'Dateline desk',
  topic: { slug: 'syria', label: 'Syria' },
  publishedAt: new Date('2019-03-23T11:30:00Z'),
  leadImage: agencyPicture(
    'river-village',
    'AFP',
    'Drawing of a village among palms on the bank of a wide river, with a yellow flag on a roof',
    'Baghuz lies on the Euphrates, close to the border with Iraq.',
  ),
  people: [
    {
      person: 'mustafa-bali',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['head of the press office of the Syrian Democratic Forces'],
    },
    { person: 'donald-trump', namedIn: 'ARTICLE', rolesAsPrinted: ['US President'] },
  ],
  organisations: [{ organisation: 'afp', namedIn: 'CREDIT' }],
  blocks: [
    p(
      'The Syrian Democratic Forces (SDF) said on Saturday that they had taken Baghuz, the last village that ISIS held in Syria. Fighters raised their yellow flag over the ruins beside the Euphrates.',
    ),
    p(
      'The announcement came from Mustafa Bali, head of the press office of the Syrian Democratic Forces, early in the morning.',
    ),
    {
      kind: 'EMBED',
      embed: {
        provider: 'X',
        url: 'https://x.com/mustefabali',
        authorName: 'Mustafa Bali',
        handle: '@mustefabali',
        text: 'Syrian Democratic Forces declare total elimination of so-called caliphate and %100 territorial defeat of ISIS.',
        postedAt: new Date('2019-03-23T04:30:00Z'),
      },
    },
    p(
      'He also paid tribute to the dead. The SDF, an alliance of Kurdish, Arab and Christian units, puts its own losses in the war against the group at about 11,000.',
    ),
    h('Weeks of waiting'),
    p(
      'The end took far longer than planned. Again and again the assault was halted so that people could leave, and tens of thousands came out: fighters, their families, and captives. Most were taken to the camp at al-Hol, which was soon many times over its capacity.',
    ),
    p(
      'US President Donald Trump had declared on Friday that nothing was left of the group’s territory. Officers of the SDF still reported sporadic shooting that night.',
    ),
    h('From Mosul to Baghuz'),
    p(
      'At its height ISIS ruled an area about the size of Britain, across Syria and Iraq. Its leader, Abu Bakr al-Baghdadi, proclaimed a caliphate in Mosul in the summer of 2014.',
    ),
    p(
      'Iraq drove the group out of its towns by the end of 2017. On the Syrian side an international coalition led by the United States supported the SDF from the air, through Manbij and Raqqa and down the river valley.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The fight is not over: hidden cells remain, and they must now be hunted down',
      speaker: { organisation: 'syrian-democratic-forces' },
      direct: false,
    },
    p(
      'Where al-Baghdadi himself is, nobody has said. The group keeps affiliates from West Africa to Southeast Asia, and its sleeper cells carry out bombings on both sides of the border.',
    ),
  ],
}
