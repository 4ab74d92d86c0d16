import { matches } from '../articles/condition.ts'
import { type Audience, termsOf } from '../licensing/audience.ts'
import { licensedArticles } from '../licensing/licensed.ts'
import type { Terms } from '../licensing/terms.ts'
import type { ArticleCache } from './article-cache.ts'
import { mayHaveImage } from './image-rights.ts'
import type {
  ArticleBlock,
  FullArticle,
  ImageWithRights,
  LicensedArticle,
  LicensedImage,
} from './licensed-article.ts'
import { redactNames } from './redact-names.ts'
import { redactUrls } from './redact-urls.ts'

/**
 * The licensed version of an article for an audience. This is the only place that decides which parts an
 * audience gets; every format and transport shows exactly this.
 *
 * @param now the time for embargoes, licences and retention
 * @param cache versions for equal rights are made once
 * @returns null if the audience may not have the article
 */
export function project(
  article: FullArticle,
  audience: Audience,
  now: Date,
  cache?: ArticleCache,
): LicensedArticle | null {
  if (!mayHave(article, audience, now)) return null
  const rights = rightsTo(article, audience)
  const make = () => versionFor(article, rights)
  return cache ? cache.version(article, JSON.stringify(rights), make) : make()
}

/** Everything besides the article that decides how its version for an audience looks. */
interface Rights extends Pick<Terms, 'fullText' | 'quotations' | 'embeds'> {
  isPartner: boolean
  attribution: string | null
  /** The images that the audience may not use, by their index in `images`. */
  refused: number[]
}

function rightsTo(article: FullArticle, audience: Audience): Rights {
  const { fullText, quotations, embeds, attribution } = termsOf(audience)
  return {
    fullText,
    quotations,
    embeds,
    isPartner: audience.kind === 'partner',
    attribution: attribution.trim() || null,
    refused: images(article).flatMap((image, index) => (mayHaveImage(image, audience) ? [] : index)),
  }
}

function versionFor(article: FullArticle, rights: Rights): LicensedArticle {
  const { status, embargoedUntil, leadImage, body, people, organisations, ...common } = article
  const all = images(article)
  const addresses = [...new Set(rights.refused.map((index) => (all[index] as ImageWithRights).url))]
  // An image that is refused once is refused everywhere in the article.
  const isShown = ({ url }: LicensedImage) =>
    !addresses.some((address) => url.toLowerCase().includes(address.toLowerCase()))
  const kept = body.filter((block) => isKept(block, rights, isShown))
  const lead = leadImage && isShown(leadImage) ? leadImage : null
  const version: LicensedArticle = {
    ...common,
    leadImage: lead && withoutRights(lead),
    body: kept.map((block) =>
      block.kind === 'IMAGE' ? { ...block, image: withoutRights(block.image) } : block,
    ),
    ...(rights.isPartner ? redactNames(article, { body: kept, leadImage: lead }) : { people, organisations }),
    attribution: rights.attribution,
    hasFullText: rights.fullText,
  }
  return addresses.length > 0 ? redactUrls(version, addresses) : version
}

/** The fields that decide whether an audience may have an article. */
export type ArticleSummary = Pick<
  FullArticle,
  'id' | 'version' | 'status' | 'publishedAt' | 'embargoedUntil' | 'language' | 'topic'
>

/** Whether an audience may have an article. */
export function mayHave(article: ArticleSummary, audience: Audience, now: Date): boolean {
  return audience.kind === 'newsroom' || matches(licensedArticles(termsOf(audience), now), article)
}

function isKept(
  block: ArticleBlock<ImageWithRights>,
  rights: Rights,
  isShown: (image: ImageWithRights) => boolean,
): boolean {
  if (!rights.fullText) return false
  if (block.kind === 'QUOTATION') return rights.quotations
  if (block.kind === 'EMBED') return rights.embeds
  return block.kind !== 'IMAGE' || isShown(block.image)
}

function images({ leadImage, body }: FullArticle): ImageWithRights[] {
  const inBody = body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : []))
  return leadImage ? [leadImage, ...inBody] : inBody
}

/** The image without its rights. */
function withoutRights({ syndicatable, partners, ...image }: ImageWithRights): LicensedImage {
  return image
}
