import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { fillWithSample } from '../../src/sample/fill.ts'
import { openDesk } from '../editing/desk.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openBrowser, runsBrowserOnce } from '../support/browser.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { readPage } from './page.ts'

const originOf = ({ url }: TestApp) => url.replace('/graphql', '')

async function sampleApp(): Promise<TestApp> {
  const app = await freshApp()
  const settings = loadConfig({ SAMPLE: 'on', DATA_DIR: app.config.dataDir })
  await fillWithSample(app.database, settings, () => new Date())
  return app
}

/** The problems that axe finds on a page as it is. */
async function problemsOn(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'))
  const found = (await page.evaluate(`axe.run(document)`)) as {
    violations: { id: string; nodes: { html: string }[] }[]
  }
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)
}

test.skipIf(!runsBrowserOnce)(
  'the pages have no problem of accessibility, and fit on a phone, in four languages, light and dark',
  { timeout: 300_000 },
  async () => {
    await using app = await sampleApp()
    await using browser = await openBrowser(originOf(app))
    const stories = {
      en: 'iraq-reinforces-border-with-syria',
      ar: 'mosul-nuri-mosque-reopens',
      ckb: 'halabja-becomes-a-province',
      tr: 'gezeravci-returns-to-earth',
    }
    const page = await browser.open(originOf(app))
    const problems: string[] = []
    for (const [language, story] of Object.entries(stories)) {
      const paths = [
        `/?language=${language}`,
        `/stories/${story}`,
        `/topics/iraq?language=${language}`,
        `/people/barham-salih?language=${language}`,
        `/organisations/islamic-state?language=${language}`,
        `/search?q=iraq&language=${language}`,
        `/search?language=${language}`,
      ]
      for (const path of paths) {
        for (const [colorScheme, width] of [
          ['light', 320],
          ['dark', 1_280],
        ] as const) {
          await page.emulateMedia({ colorScheme })
          await page.setViewportSize({ width, height: 800 })
          await page.goto(`${originOf(app)}${path}`)
          problems.push(...(await problemsOn(page)).map((problem) => `${path} ${colorScheme} ${problem}`))
          const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          if (Number(excess) > 0) problems.push(`${path} is ${excess} px too wide at ${width} px`)
        }
      }
    }
    expect(problems).toEqual([])
    expect(browser.complaints).toEqual([])
    expect([...browser.hosts]).toEqual([new URL(originOf(app)).host])

    for (const locale of Object.keys(stories)) {
      for (const path of ['/stories/missing', `/search?q=${'x'.repeat(300)}`]) {
        const refused = await browser.open(`${originOf(app)}${path}`, { locale, colorScheme: 'dark' })
        expect(await refused.locator('html').getAttribute('lang')).toBe(locale)
        expect(await problemsOn(refused)).toEqual([])
        await refused.context().close()
      }
    }
  },
)

test.skipIf(!runsBrowserOnce)(
  'an open story says that it was updated, corrected and withdrawn',
  { timeout: 180_000 },
  async () => {
    await using app = await freshApp()
    const { database } = app
    const desk = await openDesk(app)
    const { slug, id } = await addArticle(database.prisma, { headline: 'As first printed' })
    await using browser = await openBrowser(originOf(app))
    const page = await browser.open(`${originOf(app)}/stories/${slug}`)
    const notice = page.locator('#notice')
    expect(await notice.getAttribute('role')).toBe('status')

    await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'As printed later' } })
    await notice.getByText('This story was updated.').waitFor()
    // Nothing moves: the text is the one that was being read.
    expect(await page.locator('h1').textContent()).toBe('As first printed')
    await notice.getByRole('link', { name: 'Read the new version' }).click()
    await page.locator('h1', { hasText: 'As printed later' }).waitFor()
    expect(await notice.textContent()).toBe('')

    const correct = {
      kind: 'CORRECTION',
      text: 'The headline was wrong.',
      changes: { headline: 'As corrected' },
    }
    await desk.order('CorrectArticle', { id, version: 2, ...correct })
    await notice.getByText('This story was corrected.').waitFor()
    await page.reload()
    await page.locator('.correction', { hasText: 'The headline was wrong.' }).waitFor()

    await desk.order('WithholdArticle', { id, version: 3 })
    await notice.getByText('This story was withdrawn.').waitFor()
    await notice.getByRole('link', { name: 'Go to the front page' }).click()
    await page.locator('.masthead').waitFor()
    expect(new URL(page.url()).pathname).toBe('/')
  },
)

test.skipIf(!runsBrowserOnce)(
  'a story that was changed while the gateway was away says so when it is back',
  { timeout: 180_000 },
  async () => {
    await using database = await freshDatabase()
    await using first = await freshApp({ database })
    const { slug, id } = await addArticle(database.prisma, { headline: 'Before' })
    await using browser = await openBrowser(originOf(first))
    const page = await browser.open(`${originOf(first)}/stories/${slug}`)
    await expect.poll(() => browser.sockets.length).toBeGreaterThan(0)
    await first.close(0)
    await using second = await freshApp({ database, env: { PORT: String(first.config.port) } })
    const desk = await openDesk(second)
    await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'After' } })
    await page.locator('#notice').getByText('This story was updated.').waitFor({ timeout: 60_000 })
  },
)

test.skipIf(!runsBrowserOnce)(
  'an open front page counts the stories that are new, in its language',
  { timeout: 180_000 },
  async () => {
    await using app = await freshApp()
    const desk = await openDesk(app)
    await addArticle(app.database.prisma, { headline: 'An old story', language: 'ar' })
    await using browser = await openBrowser(originOf(app))
    const page = await browser.open(`${originOf(app)}/?language=ar`)
    await expect.poll(() => browser.sockets.length).toBe(1)
    const notice = page.locator('#notice')
    const publish = (slug: string, language: string) =>
      desk.order('PublishArticle', {
        slug,
        url: `https://dateline.example/${slug}`,
        language,
        headline: `Story ${slug}`,
        publishedAt: new Date().toISOString(),
        blocks: [{ paragraph: { text: 'Some text.' } }],
      })
    await publish('first', 'ar')
    await notice.getByText('خبر جديد واحد').waitFor()
    await publish('english', 'en')
    await publish('second', 'ar')
    await notice.getByText('خبران جديدان').waitFor()
    await notice.getByRole('button', { name: 'إغلاق' }).click()
    expect(await notice.textContent()).toBe('')
    await publish('third', 'ar')
    await notice.getByRole('link', { name: 'عرض' }).click()
    await page.locator('.teaser', { hasText: 'Story third' }).waitFor()
    expect(browser.complaints).toEqual([])
  },
)

/** The most bytes of a story page without its pictures, compressed: HTML, style, scripts and the widget. */
const STORY_BUDGET = 60_000

test('a story page loads at most 60 kB without its pictures', async () => {
  await using app = await sampleApp()
  const sizes = new Map<string, number>()
  const pending = ['/stories/iraq-reinforces-border-with-syria']
  for (const path of pending) {
    if (sizes.has(path)) continue
    const compressed = await readPage(app, path, { headers: { 'accept-encoding': 'br' } })
    sizes.set(path, compressed.body.length)
    const { html } = await readPage(app, path)
    const found = path.startsWith('/stories/')
      ? [...html.matchAll(/<(?:link rel="stylesheet" href|script type="module" src)="([^"]+)"/g)]
      : [...html.matchAll(/(?:import|from)\s*"(\.[^"]+)"/g)]
    pending.push(...found.map(([, address]) => new URL(address!, new URL(path, app.url)).pathname))
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0)
  expect(sizes.size).toBeGreaterThan(4)
  expect(total).toBeLessThanOrEqual(STORY_BUDGET)
})
