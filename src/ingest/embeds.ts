import type { EmbedDraft } from '../articles/draft.ts'
import { absolute } from './addresses.ts'
import { readDate } from './dates.ts'
import { attribute, type PageDocument, type PageElement } from './dom.ts'
import { MAX_POST_CHARACTERS } from './page-limits.ts'
import { readPostItem } from './post-item.ts'
import { labelTextOf } from './text-of.ts'

/**
 * Replaces the social media posts of a page with paragraphs that Readability keeps; `embedAt` finds the post by
 * the text of such a paragraph.
 */
export function extractEmbeds(document: PageDocument): EmbedDraft[] {
  const embeds: EmbedDraft[] = []
  const known = new Set<string>()
  for (const [selector, read] of readers) {
    for (const element of [...document.querySelectorAll(selector)]) {
      const embed = read(element)
      if (!embed) continue
      const marker = document.createElement('p')
      // A page may contain a post twice, as a frame and as its fallback: remove the second.
      if (known.has(embed.url)) element.remove()
      else {
        known.add(embed.url)
        marker.textContent = `${open}${embeds.push(embed) - 1}${filler}${close}`
        element.replaceWith(marker)
      }
    }
  }
  return embeds
}

/** The index of the post that a paragraph replaces. */
export function embedAt(text: string): number | undefined {
  const index = text.match(/^\ue000(\d{1,5}),[^\ue000\ue001]{0,80}\ue001/)?.[1]
  return index === undefined ? undefined : Number(index)
}

const open = '\ue000'
const close = '\ue001'
// Readability drops short paragraphs without commas near the top of an article.
const filler = ', a post on a social network stands here, and its words follow'

type Reader = (element: PageElement) => EmbedDraft | undefined

const readers: [string, Reader][] = [
  ['[itemtype$="schema.org/SocialMediaPosting"]', readPostItem],
  ['blockquote.twitter-tweet, blockquote.twitter-video', (quote) => readQuote(quote, 'X', isStatus)],
  ['blockquote.instagram-media', (quote) => readQuote(quote, 'Instagram', /instagram\.com\/(?:p|reel|tv)\//)],
  ['blockquote.tiktok-embed', (quote) => readQuote(quote, 'TikTok', /tiktok\.com\/@?[\w.-]+\/video\//)],
  ['blockquote.bluesky-embed', (quote) => readQuote(quote, 'Bluesky', /bsky\.app\/profile\/[^/]+\/post\//)],
  [
    'blockquote.reddit-embed, blockquote.reddit-card',
    (quote) => readQuote(quote, 'Reddit', /reddit\.com\/r\//),
  ],
  ['blockquote.mastodon-embed', (quote) => readQuote(quote, 'Mastodon', /\/@[\w.@-]+\/\d+/)],
  ['.fb-post, .fb-video', (post) => at('Facebook', attribute(post, 'data-href'))],
  ['amp-twitter[data-tweetid]', (post) => at('X', statusOf(attribute(post, 'data-tweetid')))],
  [
    'amp-instagram[data-shortcode]',
    (post) => at('Instagram', `https://www.instagram.com/p/${attribute(post, 'data-shortcode')}/`),
  ],
  [
    'amp-youtube[data-videoid]',
    (post) => at('YouTube', `https://www.youtube.com/watch?v=${attribute(post, 'data-videoid')}`),
  ],
  ['amp-facebook[data-href]', (post) => at('Facebook', attribute(post, 'data-href'))],
  [
    'script[data-telegram-post]',
    (post) => at('Telegram', `https://t.me/${attribute(post, 'data-telegram-post')}`),
  ],
  ['iframe', (frame) => readFrame(attribute(frame, 'src', 'data-src', 'data-lazy-src'))],
]

const isStatus = /(?:twitter|x)\.com\/[^/]+\/status(?:es)?\/\d+/

function readQuote(quote: PageElement, provider: string, isPost: RegExp): EmbedDraft | undefined {
  const links = [...quote.querySelectorAll('a')].map((link) => attribute(link, 'href') ?? '')
  const cited = attribute(quote, 'cite', 'data-instgrm-permalink', 'data-bluesky-uri', 'data-embed-url')
  const address = [...links.toReversed(), cited ?? ''].find((link) => isPost.test(link))
  const embed = at(provider, address)
  if (!embed) return undefined
  const words = [...quote.querySelectorAll('p')]
    .map((paragraph) => labelTextOf(paragraph))
    .join(' ')
    .slice(0, MAX_POST_CHARACTERS)
  const text = words.replace(signature, '')
  const author = labelTextOf(quote, MAX_POST_CHARACTERS).slice(0, MAX_POST_CHARACTERS).match(signature)
  const handle = author?.[2] ?? embed.url.match(/(?:twitter|x)\.com\/(\w+)\/status/)?.[1]?.replace(/^/, '@')
  const last = [...quote.querySelectorAll('a')].at(-1)
  const postedAt = provider === 'X' && last ? readDate(labelTextOf(last, 100)) : undefined
  return {
    ...embed,
    ...(author?.[1]?.trim() && { authorName: author[1].trim() }),
    ...(handle && handle !== '@i' && { handle }),
    ...(text !== '' && { text }),
    ...(postedAt && { postedAt }),
  }
}

/** "— Name (@handle) date" at the end of a post. */
const signature = /\s*[—–]\s*([^—–(]{1,120})\((@[\w.]{1,60})\).*$/u

/** The URL of a post by its number; some pages give the URL instead of the number. */
function statusOf(id: string | undefined): string | undefined {
  return id && /^\d+$/.test(id) ? `https://x.com/i/status/${id}` : id
}

function readFrame(src: string | undefined): EmbedDraft | undefined {
  const url = absolute(src?.replace(/^\/\//, 'https://'))
  if (!url) return undefined
  const host = url.hostname.replace(/^(?:www|m|platform|web)\./, '')
  const video = url.pathname.match(/^\/embed\/([\w-]{6,})/)?.[1]
  if (/^youtube(?:-nocookie)?\.com$/.test(host) && video && video !== 'videoseries') {
    return at('YouTube', `https://www.youtube.com/watch?v=${video}`)
  }
  const status = url.searchParams.get('id')
  if (/^(?:twitter|x)\.com$/.test(host) && status) return at('X', `https://x.com/i/status/${status}`)
  const post = url.searchParams.get('href')
  if (host === 'facebook.com' && post && /\/plugins\/(?:post|video)/.test(url.pathname))
    return at('Facebook', post)
  if (host === 'instagram.com' && /\/embed/.test(url.pathname)) {
    return at('Instagram', `${url.origin}${url.pathname.replace(/embed.*$/, '')}`)
  }
  if (host === 't.me') return at('Telegram', `https://t.me${url.pathname}`)
  return undefined
}

function at(provider: string, address: string | undefined): EmbedDraft | undefined {
  const url = absolute(address?.replace(/^\/\//, 'https://'))
  if (!url) return undefined
  for (const name of ['ref_src', 'ref_url', 's', 't', 'utm_source', 'utm_campaign', 'igshid'])
    url.searchParams.delete(name)
  return { provider, url: url.href }
}
