import type {
  ArticleBlock,
  ArticleEmbed,
  ArticleQuotation,
  LicensedArticle,
  LicensedImage,
} from '../syndication/licensed-article.ts'
import { directionOf } from '../text/direction.ts'
import { escapeHtml } from '../text/html.ts'

/**
 * The article as HTML, the same in all formats: the licensed body, or the standfirst if the body is not
 * licensed; then corrections and the attribution. Everything is escaped; language and direction are on the
 * outer element.
 */
export function articleHtml(article: LicensedArticle): string {
  const text = article.hasFullText ? bodyHtml(article) : summaryHtml(article)
  return inLanguage(article, [...text, ...correctionsHtml(article), ...attributionHtml(article)])
}

/** The standfirst, corrections and attribution; empty if there are none. */
export function teaserHtml(article: LicensedArticle): string {
  const parts = [...summaryHtml(article), ...correctionsHtml(article), ...attributionHtml(article)]
  return parts.length > 0 ? inLanguage(article, parts) : ''
}

function inLanguage({ language }: LicensedArticle, parts: string[]): string {
  const direction = directionOf(language).toLowerCase()
  return `<div lang="${escapeHtml(language)}" dir="${direction}">\n${parts.join('\n')}\n</div>`
}

function summaryHtml({ standfirst }: LicensedArticle): string[] {
  return standfirst ? [`<p>${prose(standfirst)}</p>`] : []
}

function bodyHtml({ leadImage, dateline, body }: LicensedArticle): string[] {
  return [
    ...(leadImage ? [figure(leadImage)] : []),
    ...(dateline ? [`<p class="dateline">${isolated(dateline.text)}</p>`] : []),
    ...body.map(blockHtml),
  ]
}

function correctionsHtml({ corrections }: LicensedArticle): string[] {
  return corrections.map(
    ({ text, at }) =>
      `<p class="correction"><time datetime="${at.toISOString()}">${at.toISOString().slice(0, 10)}</time> ${prose(text)}</p>`,
  )
}

function attributionHtml({ attribution }: LicensedArticle): string[] {
  return attribution ? [`<p class="attribution" dir="auto">${prose(attribution)}</p>`] : []
}

function blockHtml(block: ArticleBlock<LicensedImage>): string {
  switch (block.kind) {
    case 'PARAGRAPH':
      return `<p>${prose(block.text)}</p>`
    case 'HEADING': {
      const tag = `h${Math.min(6, Math.max(2, Math.trunc(block.level)))}`
      return `<${tag}>${prose(block.text)}</${tag}>`
    }
    case 'QUOTATION':
      return `<blockquote><p>${prose(block.text)}</p>${cite(block.quotation)}</blockquote>`
    case 'IMAGE':
      return figure(block.image)
    case 'EMBED':
      return post(block.embed)
  }
}

/** The speaker, the role and the relaying source. */
function cite({ speaker, roleAsPrinted, via }: ArticleQuotation): string {
  const parts = [speaker?.name, roleAsPrinted, via].flatMap((part) => (part ? [isolated(part)] : []))
  return parts.length > 0 ? `<footer><cite>${parts.join(', ')}</cite></footer>` : ''
}

function figure({ url, alt, caption, credit }: LicensedImage): string {
  const parts = [
    ...(caption ? [prose(caption)] : []),
    ...(credit ? [`<small>${isolated(credit)}</small>`] : []),
  ]
  const words = parts.length > 0 ? `<figcaption>${parts.join(' ')}</figcaption>` : ''
  return `<figure><img src="${escapeHtml(url)}" alt="${escapeHtml(alt ?? '')}">${words}</figure>`
}

/** A post as a quotation with its URL. No script of the network is included. */
function post({ provider, url, authorName, handle, text, postedAt }: ArticleEmbed): string {
  const words = text ? `<p dir="auto">${prose(text)}</p>` : ''
  const by = [authorName, handle].flatMap((part) => (part ? [isolated(part)] : []))
  const day = postedAt
    ? [`<time datetime="${postedAt.toISOString()}">${postedAt.toISOString().slice(0, 10)}</time>`]
    : []
  const link = `<a href="${escapeHtml(url)}">${isolated(provider)}</a>`
  return `<blockquote cite="${escapeHtml(url)}">${words}<footer>${[...by, ...day, link].join(', ')}</footer></blockquote>`
}

/** Isolates text that may have another script, so that it does not reorder its neighbours (UAX #9). */
function isolated(text: string): string {
  return `<bdi>${prose(text)}</bdi>`
}

/** Keeps line breaks. */
function prose(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>')
}
