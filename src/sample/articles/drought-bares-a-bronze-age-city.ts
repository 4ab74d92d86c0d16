import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p } from '../blocks.ts'

export const bronzeAgeCity: ArticleDraft = {
  slug: 'drought-bares-a-bronze-age-city',
  canonicalUrl: 'https://dateline.example/culture/drought-bares-a-bronze-age-city',
  language: 'en',
  kicker: 'Archaeology',
  headline: 'Drought on the Tigris bares a city 3,400 years old',
  standfirst: 'Archaeologists had weeks to map Kemune before the Mosul reservoir took it back.',
  dateline: { text: 'DUHOK, Kurdistan Region', place: 'Duhok', region: 'Kurdistan Region' },
  byline: 'Dateline culture desk',
  topic: { slug: 'culture', label: 'Culture' },
  publishedAt: new Date('2022-06-02T09:00:00Z'),
  leadImage: ownPicture(
    'sunken-city',
    'Drawing of mud-brick walls of an ancient city rising from the edge of a reservoir, with mountains behind',
    'The walls of Kemune stand in the reservoir behind the Mosul Dam.',
  ),
  people: [
    {
      person: 'hasan-ahmed-qasim',
      namedIn: 'ARTICLE',
      rolesAsPrinted: ['chairman of the Kurdistan Archaeology Organization'],
    },
    { person: 'ivana-puljiz', namedIn: 'ARTICLE', rolesAsPrinted: ['junior professor in Freiburg'] },
    { person: 'peter-pfalzner', namedIn: 'ARTICLE', rolesAsPrinted: ['professor in Tübingen'] },
  ],
  blocks: [
    p(
      'A city of the Bronze Age that had lain under the Mosul reservoir for decades came up for air this winter, when drought lowered the Tigris. A team of Kurdish and German archaeologists mapped as much of it as the cold and the clock allowed.',
    ),
    p(
      'The site is called Kemune, in the province of Duhok. In its day, about 3,400 years ago, it was probably Zakhiku, a centre of the Mittani Empire, which ruled much of northern Mesopotamia and Syria.',
    ),
    h('A dig in the snow'),
    p(
      'Since December large amounts of water have been drawn from the reservoir, Iraq’s most important, to save crops in the south. When the first walls showed, Hasan Ahmed Qasim, chairman of the Kurdistan Archaeology Organization, Ivana Puljiz of the University of Freiburg and Peter Pfälzner of the University of Tübingen put a team together within days.',
    ),
    p(
      'They worked through January and February together with Duhok’s directorate of antiquities, in hail and snow, and never knew when the lake would rise again.',
    ),
    {
      kind: 'QUOTATION',
      text: 'The great storehouse matters most: goods in such quantities must have come from all over the region',
      speaker: { person: 'ivana-puljiz' },
      roleAsPrinted: 'junior professor in Freiburg',
      direct: false,
      via: { text: 'a statement of the universities', organisation: 'university-of-tubingen' },
    },
    p(
      'Besides a palace already known from a short dig in 2018 they found thick town walls with towers, a storehouse of several floors and workshops.',
    ),
    h('Letters in their envelopes'),
    p(
      'The walls are of sun-dried brick, yet some stand metres high. An earthquake around 1350 BC brought the upper parts down and buried the rest, which is what saved them.',
    ),
    p(
      'Five jars held more than 100 clay tablets in cuneiform, from the time just after the quake. Some are still in their clay envelopes. That unfired clay should outlast so many years under water astonished the excavators.',
    ),
    {
      kind: 'QUOTATION',
      text: 'It is close to a miracle that cuneiform tablets made of unfired clay survived so many decades under water',
      speaker: { person: 'peter-pfalzner' },
      roleAsPrinted: 'professor in Tübingen',
      direct: false,
    },
    p(
      'Before they left, the team wrapped the walls in plastic sheeting and covered them with gravel. Kemune is under water again, this time better protected.',
    ),
  ],
}
