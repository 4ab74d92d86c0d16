import { ErrorLevel, SitemapStream, streamToPromise } from 'sitemap'
import type { SyndicatedStory } from '../../syndication/licensed-article.ts'
import type { Newsfeed } from '../feed.ts'
import { picturesOf } from '../plain.ts'

/** Google's bounds of a news sitemap: how many addresses it may have, and how old a story in it may be, in ms. */
export const SITEMAP_SIZE = 1000
export const SITEMAP_AGE = 48 * 60 * 60 * 1000

const NAMESPACES = { news: true, image: true, video: false, xhtml: false }
const EMPTY =
  '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>'

/** The stories as a Google News sitemap. It has no way to say that a story is gone. */
export async function newsSitemap({ outlet, stories }: Newsfeed): Promise<string> {
  const listed = stories.filter(({ url }) => URL.canParse(url))
  if (listed.length === 0) return EMPTY
  const stream = new SitemapStream({ level: ErrorLevel.SILENT, xmlns: NAMESPACES })
  const written = streamToPromise(stream)
  for (const story of listed) stream.write(entryOf(story, outlet))
  stream.end()
  return (await written).toString('utf8')
}

function entryOf(story: SyndicatedStory, outlet: string) {
  return {
    url: story.url,
    lastmod: story.updatedAt.toISOString(),
    img: picturesOf(story)
      .filter(({ url }) => URL.canParse(url))
      .map(({ url, caption }) => ({ url, ...(caption ? { caption } : {}) })),
    news: {
      publication: { name: outlet, language: publicationLanguage(story.language) },
      publication_date: story.publishedAt.toISOString(),
      title: story.headline,
    },
  }
}

/** A language as the sitemap's schema has it: two or three letters, but for the two ways of writing Chinese. */
function publicationLanguage(tag: string): string {
  const { language, script } = new Intl.Locale(tag).maximize()
  if (language === 'zh') return script === 'Hant' ? 'zh-tw' : 'zh-cn'
  return language
}
