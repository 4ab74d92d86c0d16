import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadNameIndex } from '../../src/articles/save-entity.ts'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import { storeArticle } from '../../src/ingest/store.ts'
import { freshSettings, type TestSettings } from '../support/database.ts'
import { runFile } from '../support/processes.ts'
import { articlePage } from './article-page.ts'
import { serve } from './server.ts'

let settings: TestSettings
let folder: string
beforeEach(async () => {
  settings = await freshSettings()
  folder = await mkdtemp(join(tmpdir(), 'dateline-pages-'))
})
afterEach(async () => {
  await rm(folder, { recursive: true })
  await settings.remove()
})

const ingest = (...sources: string[]) =>
  runFile(join(import.meta.dirname, '../../src/cli/ingest.ts'), sources, settings.env)

async function saved(name: string, html: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, html)
  return path
}

async function headlines(): Promise<string[]> {
  const articles = await settings.inDatabase(({ prisma }) =>
    prisma.article.findMany({ orderBy: { headline: 'asc' } }),
  )
  return articles.map(({ headline }) => headline)
}

function addressOf(options: Parameters<typeof articlePage>[0], readFrom: string | null = null): string {
  return (readArticle(articlePage(options), readFrom) as ReadArticle).article.canonicalUrl
}

const own = 'https://gazette.example/news/2026/pier-opens-again-today'
const ogUrl = (url: string) => `<meta property="og:url" content="${url}">`

it.each([
  ['the front page', 'https://gazette.example/'],
  ['a section', 'https://gazette.example/news'],
  ['a section elsewhere', 'https://gazette.example/politics/'],
])('%s is not believed to be a story’s address', (_, url) => {
  expect(addressOf({ url }, own)).toBe(own)
  expect(addressOf({ url, head: ogUrl(own) })).toBe(own)
})

it('a canonical link that two other claims contradict is not believed', () => {
  const linked = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry line","url":"${own}"}</script>`
  expect(
    addressOf({ url: 'https://gazette.example/news/another-story-of-ours', head: ogUrl(own) + linked }),
  ).toBe(own)
})

it('a page that names only its front page is refused with what to do', () => {
  const head =
    '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry line to the islands is reopened"}</script>'
  expect(readArticle(articlePage({ url: 'https://gazette.example/', head }), null)).toMatchObject({
    reason: 'NO_ADDRESS',
    message: expect.stringContaining('Import the page from the URL of the article'),
  })
})

it.each(['/news/', '/category/world', '/de/politik', '/?lang=en', '/?utm_source=x'])(
  'a page that names only %s is refused',
  (path) => {
    const head =
      '<script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry line to the islands is reopened"}</script>'
    const url = `https://gazette.example${path}`
    expect(readArticle(articlePage({ url, head: head + ogUrl(url) }), null)).toMatchObject({
      reason: 'NO_ADDRESS',
      message: expect.stringContaining('Import the page from the URL of the article'),
    })
  },
)

it('two stories that call the same page canonical stay two stories', async () => {
  const canonical = 'https://gazette.example/latest-news-live'
  const pages: Record<string, string> = {
    '/first': articlePage({ url: canonical }),
    '/second': articlePage({
      url: canonical,
      headline: 'Council votes on a new school for the valley',
    }).replace(/<p>.*<\/p>/s, different),
  }
  await using server = await serve((request, response) => {
    response.setHeader('content-type', 'text/html').end(pages[request.url ?? ''])
  })
  const { stdout } = await ingest(`${server.url}/first`, `${server.url}/second`)
  expect(stdout).toContain('2 created, 0 updated')
  expect(await headlines()).toEqual([
    'Council votes on a new school for the valley',
    'Ferry line to the islands is reopened',
  ])
})

it('a file that calls another story’s address its own changes nothing', async () => {
  const other = {
    headline: 'Council votes on a new school for the valley',
    published: '<meta property="article:published_time" content="2026-02-05T09:00:00Z">',
  }
  const { stdout, stderr } = await ingest(
    await saved('first.html', articlePage()),
    await saved('second.html', articlePage(other).replace(/<p>.*<\/p>/s, different)),
  )
  expect(stdout).toContain('1 created, 0 updated, 0 unchanged, 1 failed')
  expect(stderr).toContain('but another article has this URL. Import the page from its own URL.')
})

const different =
  '<p>The council votes tomorrow on a plan for the new school, which the valley has awaited for thirty years.</p>'.repeat(
    8,
  )

it('a file with another headline and another text changes nothing, even with the same date', async () => {
  const second = articlePage({ headline: 'Council votes on a new school for the valley' })
  const { stdout, stderr } = await ingest(
    await saved('first.html', articlePage()),
    await saved('second.html', second.replace(/<p>.*<\/p>/s, different)),
  )
  expect(stdout).toContain('1 created, 0 updated, 0 unchanged, 1 failed')
  expect(stderr).toContain('but another article has this URL')
})

it('a story whose headline is replaced is updated, whatever its date', async () => {
  const renamed = articlePage({
    headline: 'Boats sail once more after a long winter',
    published: '<meta property="article:published_time" content="2026-02-05T09:00:00Z">',
    body: '<p>Two people were hurt, the police say now.</p>',
  })
  const { stdout } = await ingest(
    await saved('first.html', articlePage()),
    await saved('second.html', renamed),
  )
  expect(stdout).toContain('1 created, 1 updated, 0 unchanged, 0 failed')
})

it('http and https, www, a slash at the end, a port, a fragment and tracking are one story', async () => {
  const path = 'gazette.example/news/ferry-line-to-the-islands-is-reopened'
  const spellings = [
    `https://${path}`,
    `http://${path}`,
    `https://www.${path}/`,
    `http://www.gazette.example:80/news/ferry-line-to-the-islands-is-reopened#top`,
    `https://${path}/?utm_source=x`,
  ]
  const files = await Promise.all(spellings.map((url, i) => saved(`${i}.html`, articlePage({ url }))))
  const { stdout } = await ingest(...files)
  expect(stdout).toContain('1 created, 0 updated, 4 unchanged, 0 failed')
})

it('an older copy does not replace a newer version, and the command says so', async () => {
  const modified = (day: string) =>
    `<meta property="article:modified_time" content="2026-02-${day}T09:00:00Z">`
  const fresh = await saved(
    'new.html',
    articlePage({ head: modified('05'), body: '<p>Two people were hurt, the police say now.</p>' }),
  )
  const stale = await saved('old.html', articlePage({ head: modified('04') }))
  const bare = await saved('bare.html', articlePage())
  const { code, stdout } = await ingest(fresh, stale, bare)
  expect(code).toBe(0)
  expect(stdout.split('\n').slice(1, 3)).toEqual(
    Array(2).fill('older     ferry-line-to-the-islands-is-reopened (ignored: older than version 1)'),
  )
  expect(stdout).toContain('1 created, 0 updated, 2 unchanged, 0 failed')
})

describe('pages with the same canonical URL and another og:url each', () => {
  const site = 'https://n4.example'
  const filler = (words: string) =>
    `<p>${`${words} were seen by everybody in the town this week. `.repeat(6)}</p>`
  const pageAt = (canonical: string, own: string, headline: string, text = filler(headline)) =>
    articlePage({ url: site + canonical, head: ogUrl(site + own), headline }).replace(/<p>.*<\/p>/s, text)
  const template = (size: string, town: string) =>
    `<p>An earthquake of magnitude ${size} was recorded near ${town}, the seismological office says in its automatic report.</p>` +
    '<p>The office does not know of damage. Reports of people who felt it can be sent to the office by mail or phone.</p>'

  async function store(...pages: string[]) {
    return settings.inDatabase(async ({ prisma }) => {
      const names = await loadNameIndex(prisma)
      const saved = []
      for (const html of pages) {
        const read = readArticle(html, null) as ReadArticle
        const { outcome, url } = await storeArticle(prisma, read, { now: new Date('2026-03-01'), names })
        saved.push([outcome, url.slice(site.length)])
      }
      return saved
    })
  }

  it('stay two stories, also when they are read again', async () => {
    const pages = [
      pageAt('/topics-of-the-day', '/own/1a-slug-here', 'Live: council meets on wall'),
      pageAt('/topics-of-the-day', '/own/1b-slug-here', 'Live: comet seen on Friday'),
      pageAt('/reports-of-the-day', '/own/2a-slug-here', 'Wall number 16'),
      pageAt('/reports-of-the-day', '/own/2b-slug-here', 'Goal number 16'),
      pageAt('/reports-of-the-day', '/own/2c-slug-here', 'Comet number 16'),
      pageAt('/scores-of-the-day', '/own/5a-slug-here', 'Match report: Alton 2 Belton 1'),
      pageAt('/scores-of-the-day', '/own/5b-slug-here', 'Match report: Celton 0 Denton 3'),
      pageAt(
        '/quakes-of-the-day',
        '/own/6a-slug-here',
        'Earthquake of 4.1 near Alta',
        template('4.1', 'Alta'),
      ),
      pageAt(
        '/quakes-of-the-day',
        '/own/6b-slug-here',
        'Earthquake of 5.2 near Bend',
        template('5.2', 'Bend'),
      ),
    ]
    const stored = [
      '/topics-of-the-day',
      '/own/1b-slug-here',
      '/reports-of-the-day',
      '/own/2b-slug-here',
      '/own/2c-slug-here',
      '/scores-of-the-day',
      '/own/5b-slug-here',
      '/quakes-of-the-day',
      '/own/6b-slug-here',
    ]
    expect(await store(...pages)).toEqual(stored.map((path) => ['created', path]))
    expect(await store(...pages)).toEqual(stored.map((path) => ['unchanged', path]))
  })

  it('are one story when og:url is the same, however the headline changed', async () => {
    const text = template('4.1', 'Alta')
    expect(
      await store(
        pageAt('/quakes-of-the-day', '/own/6a-slug-here', 'Earthquake of 4.1 near Alta', text),
        pageAt('/quakes-of-the-day', '/own/6a-slug-here', 'Residents of Alta report a tremor', text),
      ),
    ).toEqual([
      ['created', '/quakes-of-the-day'],
      ['updated', '/quakes-of-the-day'],
    ])
  })

  it.each(['/default.aspx', '/page/2', '/2026/11/20/', '/2026/11', '/search?q=wall', '/index.php?section=2'])(
    'are stored at og:url if the canonical URL is %s',
    async (canonical) => {
      expect(
        await store(
          pageAt(canonical, '/own/5a-slug-here', 'Match report: Alton 2 Belton 1'),
          pageAt(canonical, '/own/5b-slug-here', 'Match report: Celton 0 Denton 3'),
        ),
      ).toEqual([
        ['created', '/own/5a-slug-here'],
        ['created', '/own/5b-slug-here'],
      ])
      expect(addressOf({ url: site + canonical }, own)).toBe(own)
    },
  )
})
