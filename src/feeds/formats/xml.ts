import { mapStrings } from '../../base/map-strings.ts'

/**
 * Writes a document with feedsmith and works around two of its bugs: it turns the text "&apos;" into an
 * apostrophe, and adds white space around escaped text, which URLs must not have.
 *
 * @param feed in XML characters: the marker U+0001 is not one
 * @param extensions complete elements that feedsmith does not know, with their namespace declarations
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

/** Adjacent CDATA sections with the surrounding white space. */
const SECTIONS = /\s*((?:<!\[CDATA\[[\s\S]*?\]\]>)+)\s*/g
const SECTION = /<!\[CDATA\[([\s\S]*?)\]\]>/g

/** Escapes text and attribute values in double quotes. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
