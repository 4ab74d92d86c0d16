import { ErrorLevel, SitemapStream, streamToPromise } from 'sitemap'
import type { LicensedArticle } from '../../syndication/licensed-article.ts'
import type { Feed } from '../feed.ts'
import { imagesOf } from '../plain.ts'

/** The limits of Google News sitemaps: the number of URLs, and the age of an article. */
export const MAX_SITEMAP_URLS = 1000
export const MAX_SITEMAP_AGE_MS = 48 * 60 * 60 * 1000

const NAMESPACES = { news: true, image: true, video: false, xhtml: false }
const EMPTY =
  '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>'

/** The articles as a Google News sitemap. The format cannot list removals. */
export async function newsSitemap({ outlet, articles }: Feed): Promise<string> {
  const listed = articles.filter(({ url }) => URL.canParse(url))
  if (listed.length === 0) return EMPTY
  const stream = new SitemapStream({ level: ErrorLevel.SILENT, xmlns: NAMESPACES })
  const written = streamToPromise(stream)
  for (const article of listed) stream.write(entryOf(article, outlet))
  stream.end()
  return (await written).toString('utf8')
}

function entryOf(article: LicensedArticle, outlet: string) {
  return {
    url: article.url,
    lastmod: article.updatedAt.toISOString(),
    img: imagesOf(article)
      .filter(({ url }) => URL.canParse(url))
      .map(({ url, caption }) => ({ url, ...(caption ? { caption } : {}) })),
    news: {
      publication: { name: outlet, language: publicationLanguage(article.language) },
      publication_date: article.publishedAt.toISOString(),
      title: article.headline,
    },
  }
}

/** The language in the sitemap schema: two or three letters, except for Chinese. */
function publicationLanguage(tag: string): string {
  const { language, script } = new Intl.Locale(tag).maximize()
  if (language === 'zh') return script === 'Hant' ? 'zh-tw' : 'zh-cn'
  return language
}
