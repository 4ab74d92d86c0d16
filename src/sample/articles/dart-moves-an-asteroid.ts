import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p, picture } from '../blocks.ts'

export const dartMovesAsteroid: ArticleDraft = {
  slug: 'dart-moves-an-asteroid',
  canonicalUrl: 'https://dateline.example/science/dart-moves-an-asteroid',
  language: 'en',
  kicker: 'Planetary defence',
  headline: 'A small spacecraft has moved an asteroid, and by a lot',
  standfirst: 'NASA’s DART mission cut the orbit of Dimorphos by 32 minutes. Success was set at 73 seconds.',
  dateline: { text: 'WASHINGTON', place: 'Washington', region: 'United States' },
  byline: 'Dateline science desk',
  topic: { slug: 'science', label: 'Science' },
  publishedAt: new Date('2022-10-11T19:15:00Z'),
  leadImage: ownPicture(
    'asteroid-impact',
    'Drawing of a small spacecraft flying towards the smaller of two asteroids',
    'DART on its way to Dimorphos, the moonlet of the asteroid Didymos.',
  ),
  people: [{ person: 'bill-nelson', namedIn: 'ARTICLE', rolesAsPrinted: ['NASA Administrator'] }],
  blocks: [
    p(
      'For the first time people have changed the path of a celestial body. NASA confirmed on Tuesday that the crash of its DART spacecraft into the asteroid Dimorphos has shortened the asteroid’s orbit by 32 minutes.',
    ),
    p(
      'Dimorphos, some 160 metres across, circles a larger asteroid, Didymos. Before the impact of 26 September one round took 11 hours and 55 minutes; now it takes 11 hours and 23 minutes, give or take two. Bill Nelson, NASA Administrator, presented the result in Washington.',
    ),
    {
      kind: 'QUOTATION',
      text: 'All of us have a responsibility to protect our home planet. After all, it’s the only one we have.',
      speaker: { person: 'bill-nelson' },
      roleAsPrinted: 'NASA Administrator',
      direct: true,
    },
    h('More than a push'),
    p(
      'The mission would have counted as a success with a change of 73 seconds. That it was more than 25 times as much is owed to the rubble: tonnes of rock flew off the surface, and their recoil added to the push of the spacecraft itself.',
    ),
    picture(
      ownPicture(
        'asteroid-orbit',
        'Diagram of the orbit of Dimorphos around Didymos before and after the impact',
        'Before the impact one orbit took 11 hours 55 minutes, afterwards 11 hours 23 minutes.',
      ),
    ),
    p(
      'DART was built and run by the Johns Hopkins Applied Physics Laboratory in Maryland. It weighed about 570 kilograms on arrival and travelled at roughly 22,500 kilometres an hour. Neither asteroid has ever threatened the Earth.',
    ),
    p(
      'The Italian space agency’s little satellite LICIACube watched from a distance, and so did telescopes on every continent, as well as Hubble and Webb.',
    ),
    h('Next: a closer look'),
    p(
      'How much stronger a blow would be needed for a different asteroid depends on what it is made of. Hera, a probe of the European Space Agency (ESA), is to fly to Didymos and examine the mass of Dimorphos and what the impact left of it.',
    ),
    p(
      'The method works only with years of warning. NASA has found nearly all the asteroids larger than a kilometre that come near the Earth, but fewer than half of those the size of Dimorphos.',
    ),
  ],
}
