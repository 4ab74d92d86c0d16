import { mapStrings } from '../../base/map-strings.ts'

/**
 * Has feedsmith write a document, round two of its habits: it turns a text's own "&apos;" into an apostrophe,
 * and puts space between an element and its text where that needs escaping, which addresses must not have.
 *
 * @param feed in characters that XML has: U+0001, which it has not, marks a place here
 * @param extensions whole elements that feedsmith does not know, each with its own namespace declaration
 */
export function writeXml<Feed>(
  feed: Feed,
  write: (feed: Feed) => string,
  extensions: readonly string[] = [],
): string {
  const marked = mapStrings(feed, (text) => text.replaceAll('&apos;', '&\u0001apos;'))
  const xml = write(marked)
    .replace(SECTIONS, (_space, sections: string) =>
      escapeXml(sections.replace(SECTION, (_section, text: string) => text)),
    )
    .replaceAll('\u0001', '')
  const end = xml.search(/(?:<\/channel>\s*)?<\/(?:rss|feed)>\s*$/)
  return `${xml.slice(0, end)}${extensions.map((element) => `${element}\n`).join('')}${xml.slice(end)}`
}

/** CDATA sections that make one text, with the space round them. */
const SECTIONS = /\s*((?:<!\[CDATA\[[\s\S]*?\]\]>)+)\s*/g
const SECTION = /<!\[CDATA\[([\s\S]*?)\]\]>/g

/** For text and for attribute values in double quotation marks. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
