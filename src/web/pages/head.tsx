import { scriptJson } from '../../text/html.ts'
import { LANGUAGES } from '../texts/languages.ts'
import { newsArticle } from './news-article.ts'
import { imageAddress, type ListAddress, pathOfList, type Site } from './site.ts'
import type { Story } from './story-data.ts'
import type { Words } from './words.ts'

/** The longest description, in characters: search engines show about as much. */
const MAX_DESCRIPTION = 300

/** The head of a story: Open Graph (https://ogp.me), JSON-LD, the canonical address and feeds. */
export function StoryHead({ story, site }: { story: Story; site: Site }) {
  const { headline, language, publishedAt, updatedAt, topic, byline, url, leadImage } = story
  const description = shortened(story.standfirst ?? firstText(story) ?? headline)
  return (
    <>
      <title>{`${headline} – ${site.outlet}`}</title>
      <meta name="description" content={description} />
      <meta name="robots" content="max-image-preview:large" />
      <link rel="canonical" href={url} />
      <meta property="og:type" content="article" />
      <meta property="og:site_name" content={site.outlet} />
      <meta property="og:title" content={headline} />
      <meta property="og:description" content={description} />
      <meta property="og:url" content={url} />
      <meta property="og:locale" content={openGraphLocale(language)} />
      <meta property="article:published_time" content={publishedAt} />
      <meta property="article:modified_time" content={updatedAt} />
      {topic && <meta property="article:section" content={topic.name} />}
      {byline && <meta name="author" content={byline} />}
      {leadImage && <meta property="og:image" content={imageAddress(site, leadImage.url)} />}
      {leadImage?.alt && <meta property="og:image:alt" content={leadImage.alt} />}
      <meta name="twitter:card" content={leadImage ? 'summary_large_image' : 'summary'} />
      <link
        rel="alternate"
        type="application/ld+json"
        href={`${site.base}/feeds/articles/${encodeURIComponent(story.slug)}.jsonld`}
      />
      <FeedLinks site={site} folder="" title={site.outlet} />
      {topic && (
        <FeedLinks
          site={site}
          folder={`topic/${encodeURIComponent(topic.slug)}/`}
          title={`${site.outlet}: ${topic.name}`}
        />
      )}
      <JsonLd data={newsArticle(story, site)} />
    </>
  )
}

export interface ListHeadProps {
  site: Site
  words: Words
  list: ListAddress
  title: string
  description: string
}

/** The head of a list of articles. */
export function ListHead({ site, words, list, title, description }: ListHeadProps) {
  const { place, after } = list
  const address = (language: ListAddress['language']) =>
    `${site.publicUrl}${pathOfList({ place, language, after })}`
  const isIndexed = place.kind !== 'search' && after === null
  const full = place.kind === 'front' ? site.outlet : `${title} – ${site.outlet}`
  return (
    <>
      <title>{full}</title>
      <meta name="description" content={shortened(description)} />
      {!isIndexed && <meta name="robots" content="noindex, follow" />}
      <link rel="canonical" href={address(list.language)} />
      {isIndexed &&
        LANGUAGES.map((language) => (
          <link key={language} rel="alternate" hreflang={language} href={address(language)} />
        ))}
      {isIndexed && <link rel="alternate" hreflang="x-default" href={address(null)} />}
      <meta property="og:type" content={place.kind === 'person' ? 'profile' : 'website'} />
      <meta property="og:site_name" content={site.outlet} />
      <meta property="og:title" content={title} />
      <meta property="og:description" content={shortened(description)} />
      <meta property="og:url" content={address(list.language)} />
      <meta property="og:locale" content={openGraphLocale(words.language)} />
      <FeedLinks site={site} folder="" title={site.outlet} />
      {'slug' in place && (
        <FeedLinks
          site={site}
          folder={`${place.kind}/${encodeURIComponent(place.slug)}/`}
          title={`${site.outlet}: ${title}`}
        />
      )}
    </>
  )
}

/** The head of a page that says why there is nothing to show. */
export function MessageHead({ site, title }: { site: Site; title: string }) {
  return (
    <>
      <title>{`${title} – ${site.outlet}`}</title>
      <meta name="robots" content="noindex" />
    </>
  )
}

const FEEDS = [
  ['rss.xml', 'application/rss+xml', 'RSS'],
  ['atom.xml', 'application/atom+xml', 'Atom'],
  ['feed.json', 'application/feed+json', 'JSON Feed'],
] as const

/** Links to the feeds of one folder, which feed readers find. */
function FeedLinks({ site, folder, title }: { site: Site; folder: string; title: string }) {
  return (
    <>
      {FEEDS.map(([file, type, name]) => (
        <link
          key={file}
          rel="alternate"
          type={type}
          title={`${title} (${name})`}
          href={`${site.base}/feeds/${folder}${file}`}
        />
      ))}
    </>
  )
}

function JsonLd({ data }: { data: object }) {
  // A data block: browsers do not execute it. The text can't end the element.
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: scriptJson(data) }} />
}

/** A language tag as Open Graph writes it: "en_GB". */
function openGraphLocale(language: string): string {
  const { language: base, region } = new Intl.Locale(language)
  return region ? `${base}_${region}` : (base ?? language)
}

function firstText({ body }: Story): string | undefined {
  for (const block of body) if (block.__typename === 'Paragraph') return block.text
  return undefined
}

/** A text with at most `MAX_DESCRIPTION` characters, which ends after a word. */
function shortened(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  if (plain.length <= MAX_DESCRIPTION) return plain
  const cut = plain.slice(0, MAX_DESCRIPTION)
  const space = cut.lastIndexOf(' ')
  return `${space > 0 ? cut.slice(0, space) : cut.toWellFormed()}…`
}
