import { type Audience, termsOf } from '../licensing/audience.ts'
import { covers, isInForce, type Terms } from '../licensing/terms.ts'
import { mayHavePicture } from './image-rights.ts'
import type { HeldPicture, Picture, Story, StoryBlock, SyndicatedStory } from './licensed-article.ts'
import { allNames, namesLeft } from './redact-names.ts'
import { withoutAddresses } from './redact-urls.ts'

/**
 * An audience's version of a story: the one place where it is decided who may have what of it. Every format
 * and every transport shows what this returns, and nothing beside it.
 *
 * @param now the moment at which rights are judged: embargoes, licences and their terms run by the clock
 * @returns null when the audience may not have the story, nor know of it
 */
export function project(story: Story, audience: Audience, now: Date): SyndicatedStory | null {
  if (!mayHave(story, audience, now)) return null
  const terms = termsOf(audience)
  const { status, embargoedUntil, leadImage, body, people, organisations, ...furniture } = story
  const refused = pictures(story).filter((picture) => !mayHavePicture(picture, audience))
  const addresses = [...new Set(refused.map(({ url }) => url))]
  // A picture that is refused once is refused wherever the story shows it.
  const isShown = ({ url }: Picture) =>
    !addresses.some((address) => url.toLowerCase().includes(address.toLowerCase()))
  const kept = body.filter((block) => isKept(block, terms, isShown))
  const lead = leadImage && isShown(leadImage) ? leadImage : null
  const version: SyndicatedStory = {
    ...furniture,
    leadImage: lead && bare(lead),
    body: kept.map((block) => (block.kind === 'IMAGE' ? { ...block, image: bare(block.image) } : block)),
    ...(audience.kind === 'partner' ? namesLeft(story, { body: kept, leadImage: lead }) : allNames(story)),
    attribution: terms.attribution.trim() || null,
    hasFullText: terms.fullText,
  }
  return addresses.length > 0 ? withoutAddresses(version, addresses) : version
}

/** Of a story, what decides whether an audience may have it at all. */
export type Outline = Pick<
  Story,
  'id' | 'version' | 'status' | 'publishedAt' | 'embargoedUntil' | 'language' | 'topic'
>

/** Whether an audience may have a story at all. */
export function mayHave(story: Outline, audience: Audience, now: Date): boolean {
  if (audience.kind === 'newsroom') return true
  const terms = termsOf(audience)
  return (
    isOut(story, now) && isInForce(terms, now) && isWithinTerm(story, terms, now) && isCovered(story, terms)
  )
}

/** When an audience's right to a story ends by itself: its licence lets it keep stories for so long; null for never. */
export function lapsesAt(
  { publishedAt }: Pick<Story, 'publishedAt'>,
  { keepDays }: Pick<Terms, 'keepDays'>,
): Date | null {
  return keepDays === null ? null : new Date(publishedAt.getTime() + keepDays * DAY)
}

const DAY = 24 * 60 * 60 * 1000

function isOut({ status, publishedAt, embargoedUntil }: Outline, now: Date): boolean {
  return status === 'USABLE' && publishedAt <= now && (embargoedUntil === null || embargoedUntil <= now)
}

function isWithinTerm(story: Outline, terms: Terms, now: Date): boolean {
  const end = lapsesAt(story, terms)
  return end === null || now < end
}

/** Whether a licence covers a story of this language and topic. */
export function isCovered(
  { language, topic }: { language: string; topic: { path: readonly string[] } | null },
  { languages, topics, sections }: Pick<Terms, 'languages' | 'topics' | 'sections'>,
): boolean {
  const path = topic?.path ?? []
  return covers(topics, ...path) && covers(sections, ...path.slice(0, 1)) && speaks(languages, language)
}

/** Whether a licence that has these languages covers another one: "en" covers "en-GB" too. */
export function speaks(languages: readonly string[], language: string): boolean {
  const tag = language.toLowerCase()
  return languages.some((each) => {
    const wanted = each.toLowerCase()
    return wanted === '*' || tag === wanted || tag.startsWith(`${wanted}-`)
  })
}

function isKept(
  block: StoryBlock<HeldPicture>,
  terms: Terms,
  isShown: (picture: HeldPicture) => boolean,
): boolean {
  if (!terms.fullText) return false
  if (block.kind === 'QUOTATION') return terms.quotations
  if (block.kind === 'EMBED') return terms.embeds
  return block.kind !== 'IMAGE' || isShown(block.image)
}

function pictures({ leadImage, body }: Story): HeldPicture[] {
  const inBody = body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : []))
  return leadImage ? [leadImage, ...inBody] : inBody
}

/** The picture without what is the newsroom's business. */
function bare({ syndicatable, partners, ...picture }: HeldPicture): Picture {
  return picture
}
