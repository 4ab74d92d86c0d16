import type { ComponentChildren, VNode } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../texts/languages.ts'
import { type ListAddress, pathOfList, type Site } from './site.ts'
import type { Words } from './words.ts'

export interface DocumentParts {
  site: Site
  words: Words
  /** The list whose other languages are linked; null for none. */
  list: ListAddress | null
  /** The elements of the head besides those of every page. */
  head: ComponentChildren
  /** What follows the main part. */
  after?: ComponentChildren
  /** The text in the search field. */
  query?: string
  children: ComponentChildren
}

/** Renders a whole page to HTML. */
export function renderDocument(parts: DocumentParts): string {
  return `<!doctype html>${renderToString(page(parts))}`
}

function page({ site, words, list, head, after, query, children }: DocumentParts): VNode {
  const { text, language, direction } = words
  return (
    <html lang={language} dir={direction}>
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        {head}
        <link rel="stylesheet" href={site.style} />
      </head>
      <body>
        <a class="skip" href="#main">
          {text('skip')}
        </a>
        <Masthead site={site} words={words} list={list} query={query} />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <Footer site={site} words={words} list={list} />
        {after}
      </body>
    </html>
  )
}

interface MastheadProps {
  site: Site
  words: Words
  list: ListAddress | null
  query: string | undefined
}

function Masthead({ site: { base, outlet }, words: { text }, list, query }: MastheadProps) {
  const edition = list?.language ?? null
  const home = pathOfList({ place: { kind: 'front' }, language: edition, after: null })
  return (
    <header class="masthead">
      <a class="outlet" href={`${base}${home}`}>
        <bdi>{outlet}</bdi>
      </a>
      <search>
        <form class="search" action={`${base}/search`}>
          <label class="hidden" for="search">
            {text('search.label')}
          </label>
          <input
            id="search"
            type="search"
            name="q"
            maxLength={200}
            value={query}
            dir="auto"
            autocomplete="off"
          />
          {edition && <input type="hidden" name="language" value={edition} />}
          <button type="submit">{text('search')}</button>
        </form>
      </search>
    </header>
  )
}

function Footer({ site, words: { text }, list }: { site: Site; words: Words; list: ListAddress | null }) {
  return (
    <footer class="site-end">
      {list && <Languages site={site} text={text} list={list} />}
      <ul class="site-links">
        <li>
          <a href={`${site.base}/feeds/`}>{text('footer.feeds')}</a>
        </li>
        {site.isDevelopment && (
          <li>
            <a href={`${site.base}/desk`}>{text('footer.desk')}</a>
          </li>
        )}
      </ul>
    </footer>
  )
}

/** Links to the same list in each language. */
function Languages({ site: { base }, text, list }: { site: Site; text: Words['text']; list: ListAddress }) {
  const link = (language: Language | null, name: string) => (
    <li key={name}>
      <a
        href={`${base}${pathOfList({ ...list, language, after: null })}`}
        lang={language ?? undefined}
        hreflang={language ?? undefined}
        aria-current={list.language === language ? 'true' : undefined}
      >
        {name}
      </a>
    </li>
  )
  return (
    <nav aria-label={text('languages')}>
      <ul class="languages">
        {link(null, text('languages.all'))}
        {LANGUAGES.map((language) => link(language, LANGUAGE_NAMES[language]))}
      </ul>
    </nav>
  )
}
