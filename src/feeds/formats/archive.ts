import { type Feed, isArchive } from '../feed.ts'

/** Links between the pages (RFC 5005, sections 3 and 4). */
export function archiveLinks(feed: Feed): { rel: string; href: string }[] {
  const { current, older } = feed.links
  return [
    ...(isArchive(feed) ? [link('current', current), link('first', current)] : []),
    ...(older ? [link('next', older), link('prev-archive', older)] : []),
  ]
}

/** The element for archive pages (RFC 5005, section 4). */
export function archiveMark(feed: Feed): string[] {
  return isArchive(feed) ? ['<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>'] : []
}

function link(rel: string, href: string) {
  return { rel, href }
}
