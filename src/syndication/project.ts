import { type Audience, termsOf } from '../licensing/audience.ts'
import { covers, isInForce, type Terms } from '../licensing/terms.ts'
import { mayHaveImage } from './image-rights.ts'
import type {
  ArticleBlock,
  FullArticle,
  ImageWithRights,
  LicensedArticle,
  LicensedImage,
} from './licensed-article.ts'
import { allEntities, redactNames } from './redact-names.ts'
import { redactUrls } from './redact-urls.ts'

/**
 * An audience's version of a story: the one place where it is decided who may have what of it. Every format
 * and every transport shows what this returns, and nothing beside it.
 *
 * @param now the moment at which rights are judged: embargoes, licences and their terms run by the clock
 * @returns null when the audience may not have the story, nor know of it
 */
export function project(article: FullArticle, audience: Audience, now: Date): LicensedArticle | null {
  if (!mayHave(article, audience, now)) return null
  const terms = termsOf(audience)
  const { status, embargoedUntil, leadImage, body, people, organisations, ...common } = article
  const refused = images(article).filter((image) => !mayHaveImage(image, audience))
  const addresses = [...new Set(refused.map(({ url }) => url))]
  // A picture that is refused once is refused wherever the story shows it.
  const isShown = ({ url }: LicensedImage) =>
    !addresses.some((address) => url.toLowerCase().includes(address.toLowerCase()))
  const kept = body.filter((block) => isKept(block, terms, isShown))
  const lead = leadImage && isShown(leadImage) ? leadImage : null
  const version: LicensedArticle = {
    ...common,
    leadImage: lead && withoutRights(lead),
    body: kept.map((block) =>
      block.kind === 'IMAGE' ? { ...block, image: withoutRights(block.image) } : block,
    ),
    ...(audience.kind === 'partner'
      ? redactNames(article, { body: kept, leadImage: lead })
      : allEntities(article)),
    attribution: terms.attribution.trim() || null,
    hasFullText: terms.fullText,
  }
  return addresses.length > 0 ? redactUrls(version, addresses) : version
}

/** Of a story, what decides whether an audience may have it at all. */
export type ArticleSummary = Pick<
  FullArticle,
  'id' | 'version' | 'status' | 'publishedAt' | 'embargoedUntil' | 'language' | 'topic'
>

/** Whether an audience may have a story at all. */
export function mayHave(article: ArticleSummary, audience: Audience, now: Date): boolean {
  if (audience.kind === 'newsroom') return true
  const terms = termsOf(audience)
  return (
    isOut(article, now) &&
    isInForce(terms, now) &&
    isWithinTerm(article, terms, now) &&
    isCovered(article, terms)
  )
}

/** When an audience's right to a story ends by itself: its licence lets it keep stories for so long; null for never. */
export function lapsesAt(
  { publishedAt }: Pick<FullArticle, 'publishedAt'>,
  { retentionDays }: Pick<Terms, 'retentionDays'>,
): Date | null {
  return retentionDays === null ? null : new Date(publishedAt.getTime() + retentionDays * DAY_MS)
}

const DAY_MS = 24 * 60 * 60 * 1000

function isOut({ status, publishedAt, embargoedUntil }: ArticleSummary, now: Date): boolean {
  return status === 'USABLE' && publishedAt <= now && (embargoedUntil === null || embargoedUntil <= now)
}

function isWithinTerm(article: ArticleSummary, terms: Terms, now: Date): boolean {
  const end = lapsesAt(article, terms)
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
  block: ArticleBlock<ImageWithRights>,
  terms: Terms,
  isShown: (image: ImageWithRights) => boolean,
): boolean {
  if (!terms.fullText) return false
  if (block.kind === 'QUOTATION') return terms.quotations
  if (block.kind === 'EMBED') return terms.embeds
  return block.kind !== 'IMAGE' || isShown(block.image)
}

function images({ leadImage, body }: FullArticle): ImageWithRights[] {
  const inBody = body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : []))
  return leadImage ? [leadImage, ...inBody] : inBody
}

/** The picture without what is the newsroom's business. */
function withoutRights({ syndicatable, partners, ...image }: ImageWithRights): LicensedImage {
  return image
}
