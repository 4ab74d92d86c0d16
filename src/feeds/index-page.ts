import { escapeHtml } from '../text/html.ts'
import { articleFormats, feedFormats } from './formats/formats.ts'

/**
 * The HTML page that lists the feed URLs. Links are relative to "/feeds/", because the public URL may have a
 * path.
 * @param base the prefix of the links
 */
export function indexPage(outlet: string, base: string): string {
  const name = escapeHtml(outlet)
  const feeds = Object.entries(feedFormats)
    .map(([file, { label }]) => `<li><a href="${base}${file}">${escapeHtml(label)}</a></li>`)
    .join('\n')
  const scopes = ['topic/SLUG', 'person/SLUG', 'organisation/SLUG', 'language/TAG']
    .map((scope) => `<li><code>${base}${scope}/rss.xml</code>, and the same in the other formats</li>`)
    .join('\n')
  const articles = Object.entries(articleFormats)
    .map(
      ([ending, { label }]) => `<li><code>${base}articles/SLUG.${ending}</code>: ${escapeHtml(label)}</li>`,
    )
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Feeds of ${name}</title></head>
<body>
<h1>Feeds of ${name}</h1>
<p>Addresses are relative to this page.</p>
<h2>All articles</h2>
<ul>
${feeds}
</ul>
<h2>By topic, person, organisation or language</h2>
<ul>
${scopes}
</ul>
<h2>One article</h2>
<ul>
${articles}
</ul>
</body>
</html>
`
}
