import type { ArticleDraft } from '../../articles/draft.ts'
import { h, ownPicture, p } from '../blocks.ts'

/** Embargoed far ahead: only editors see it. */
export const spaceStationComesDown: ArticleDraft = {
  slug: 'how-the-space-station-will-come-down',
  canonicalUrl: 'https://dateline.example/science/how-the-space-station-will-come-down',
  language: 'en',
  kicker: 'Background',
  headline: 'How the space station is to come down',
  standfirst: 'Written ahead for the days of the re-entry. Check dates against NASA’s plan before use.',
  byline: 'Dateline science desk',
  topic: { slug: 'science', label: 'Science' },
  publishedAt: new Date('2026-11-02T09:00:00Z'),
  embargoedUntil: new Date('2031-01-06T06:00:00Z'),
  leadImage: ownPicture(
    'space-station',
    'Drawing of a space station with long solar panels above the curve of the Earth',
    'The station has been lived in without a break since November 2000.',
  ),
  blocks: [
    p(
      'No larger thing has ever been brought down from orbit. The International Space Station weighs more than 400 tonnes and is as wide as a football field, and most of it is to burn up over the emptiest part of the Pacific.',
    ),
    p(
      'NASA chose SpaceX in June 2024 to build the vehicle that will do it, under a contract worth up to 843 million dollars. It is a Dragon capsule with a far larger engine section and several times the usual load of propellant.',
    ),
    h('A slow fall, then a hard push'),
    p(
      'The plan lets the station sink by itself for a year or more as thin air brakes it. Its last crew leaves while it is still well above the danger line. The final burn then steers it towards the sea around Point Nemo, further from any coast than any other place on the planet.',
    ),
    p(
      'Taking it apart or lifting it higher was studied and rejected: the one would take as many spacewalks as its building, the other would only leave the problem to somebody else, with more debris about.',
    ),
    h('A home for a generation'),
    p(
      'The first module, Zarya, was launched on 20 November 1998. On 2 November 2000 the first crew moved in, and somebody has been on board ever since.',
    ),
    p(
      'Five agencies run it: those of the United States, Russia, Europe, Japan and Canada. Companies such as Axiom Space are to build its successors.',
    ),
  ],
}
