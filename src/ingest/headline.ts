import type { BlockDraft } from '../articles/draft.ts'
import { normaliseName } from '../names/names.ts'
import type { PageMetadata } from './metadata.ts'
import { plainFromHtml } from './text.ts'

/**
 * The headline of an article and its kicker: the heading printed at the top of the page if it matches JSON-LD,
 * Open Graph or the title; otherwise theirs, the longer one if one is truncated. The outlet's name at either end
 * is removed. A prefix that only one of them has is the kicker.
 */
export function headlineOf(
  linked: (string | undefined)[],
  metadata: PageMetadata,
  outlets: string[],
): { headline: string; kicker?: string } | undefined {
  const clean = (texts: (string | undefined)[]) =>
    texts
      .map((text) => withoutOutlet(plainFromHtml(text ?? ''), outlets))
      .filter(
        (text) => text !== '' && !outlets.some((outlet) => normaliseName(outlet) === normaliseName(text)),
      )
  const stated = clean([...linked, metadata.headline, metadata.title])
  const headings = clean(metadata.headings)
  const printed = headings.find((heading) => stated.some((text) => resembles(heading, text)))
  if (printed) {
    const split = stated.map((text) => splitKicker(printed, text)).find(Boolean)
    return split ?? { headline: printed }
  }
  const first = stated[0] ?? headings[0]
  if (!first) return undefined
  const start = normaliseName(first.replace(cutOff, ''))
  const longer = stated.find((text) => normaliseName(text).startsWith(start) && text.length > first.length)
  return { headline: longer && (cutOff.test(first) || first.length >= 100) ? longer : first }
}

/** If one headline ends with the other, the text before it is the kicker. */
function splitKicker(one: string, other: string): { headline: string; kicker: string } | undefined {
  const [long, short] = one.length > other.length ? [one, other] : [other, one]
  if (long === short || short.length < 20 || !long.endsWith(short)) return undefined
  const before = long.slice(0, -short.length)
  const kicker = before.replace(/[\s:|/+–—·•-]+$/u, '')
  return /[\s:|/–—]$/u.test(before) && kicker !== '' && kicker.length <= 60
    ? { headline: short, kicker }
    : undefined
}

const cutOff = /(?:…|\.\.\.)$/u

/** Whether two headlines share a third of the longer one's words, so that they count as the same. */
export function resembles(one: string, other: string): boolean {
  const words = new Set(normaliseName(one).split(' '))
  const others = normaliseName(other).split(' ')
  const shared = others.filter((word) => words.has(word)).length
  return shared >= Math.max(words.size, others.length) / 3
}

/** The summary under the headline, unless it only repeats the headline or the beginning of the body. */
export function standfirstOf(
  linked: string | undefined,
  described: string | undefined,
  headline: string,
  blocks: BlockDraft[],
): string | undefined {
  const body = normaliseName(
    blocks
      .map((block) => ('text' in block ? block.text : ''))
      .join(' ')
      .slice(0, 4000),
  )
  for (const text of [linked, described].map((each) => plainFromHtml(each ?? ''))) {
    const cut = /(?:…|\.\.\.|\[…\])$/u.test(text)
    const words = normaliseName(text)
    if (words.length < 20 || text.length > 600 || cut || words === normaliseName(headline)) continue
    if (!body.includes(words)) return text
  }
  return undefined
}

function withoutOutlet(text: string, outlets: string[]): string {
  const names = new Set(outlets.map((outlet) => normaliseName(outlet)))
  const parts = text.split(/\s+[|–—•·»:-]\s+|\s*\|\s*/u)
  if (parts.length < 2) return text
  const last = parts.at(-1)!
  const start = parts[0]!
  if (isOutlet(last, names)) return text.slice(0, text.lastIndexOf(last)).replace(/[\s|–—•·»:-]+$/u, '')
  if (isOutlet(start, names)) return text.slice(start.length).replace(/^[\s|–—•·»:-]+/u, '')
  return text
}

function isOutlet(part: string, names: Set<string>): boolean {
  const normal = normaliseName(part)
  const joined = normal.replaceAll(' ', '')
  return names.has(normal) || [...names].some((name) => name.replaceAll(' ', '') === joined)
}
