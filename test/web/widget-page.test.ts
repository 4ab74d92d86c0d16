import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { LANGUAGES } from '../../src/web/texts/languages.ts'
import { runsBrowserOnce } from '../support/browser.ts'
import { reject } from '../support/newsroom.ts'
import { addManyComments } from './many-comments.ts'
import { widgetPage } from './outlet.ts'
import { openWidget, published, setStage } from './stage.ts'

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** The largest widget: script, styles and the texts of one language, compressed with gzip. */
const MAX_BYTES = 35_000

test.skipIf(!runsBrowserOnce)(
  'a page with a strict policy shows the widget, with 40,000 comments of which only those near the window are in the document',
  { timeout: 300_000 },
  async () => {
    await using stage = await setStage()
    const { gateway, outlet, story, browser } = stage
    await addManyComments(stage.app.database.prisma, story.key, 40_000)
    const policy = `default-src 'none'; script-src ${gateway}; connect-src ${gateway} ${gateway.replace('http', 'ws')}; style-src 'none'`
    const page = await browser.open(
      outlet.page('/strict', widgetPage(gateway, { article: story.slug }), {
        'content-security-policy': policy,
      }),
    )
    await page.getByText('40,000 comments').waitFor()
    await page.getByRole('button', { name: 'Show older comments' }).click()
    const nodes = () =>
      page.evaluate(
        () => document.querySelector('dateline-comments')!.shadowRoot!.querySelectorAll('.comment').length,
      )
    let most = 0
    const scrollTo = async (number: number, direction: 1 | -1) => {
      const target = page.locator('.body', { hasText: `Comment ${number}.` })
      for (let turn = 0; turn < 20_000 && (await target.count()) === 0; turn += 1) {
        await page.mouse.wheel(0, direction * 2_500)
        await page.evaluate(() => new Promise(requestAnimationFrame))
        most = Math.max(most, await nodes())
      }
      expect(await target.count()).toBe(1)
    }
    await page.mouse.move(600, 500)
    await scrollTo(37_500, 1)
    await scrollTo(39_990, -1)
    expect(most).toBeLessThan(200)
    expect(browser.complaints).toEqual([])
  },
)

test.skipIf(!runsBrowserOnce)(
  'the widget is at most 35 kB, compressed with gzip, in each language',
  async () => {
    await using stage = await setStage()
    for (const language of LANGUAGES) {
      const loaded = new Map<string, Promise<Buffer>>()
      const page = await stage.browser.open('about:blank')
      page.on('response', (response) => {
        if (response.request().resourceType() === 'script') loaded.set(response.url(), response.body())
      })
      await page.goto(
        stage.outlet.page(`/${language}`, widgetPage(stage.gateway, { article: stage.story.slug, language })),
      )
      await page.locator('.header').waitFor()
      const bodies = await Promise.all(loaded.values())
      expect(bodies.length).toBeGreaterThan(2)
      const bytes = bodies.reduce((sum, body) => sum + gzipSync(body).length, 0)
      expect(bytes, `${language}: ${bytes} bytes`).toBeLessThanOrEqual(MAX_BYTES)
    }
  },
)

test.skipIf(!runsBrowserOnce)(
  'axe finds no violation in any language, light or dark',
  { timeout: 300_000 },
  async () => {
    await using stage = await setStage()
    const [parent = ''] = await published(stage, ['Parent with https://news.example/', 'سؤال بالعربية'])
    await published(stage, ['A reply'], parent)
    for (const language of LANGUAGES) {
      const reader = `Reader-${language}`
      const page = await openWidget(stage, { reader, language })
      await page.locator('textarea').fill(`Written in ${language} ${'x'.repeat(1_900)}`)
      await page.locator('button[type=submit]').click()
      await page.locator('.sent').waitFor()
      await reject(stage.app.database.prisma, await stage.pending())
      await page.reload()
      await page.locator('.own .rejection').waitFor()
      await page.locator('[data-replies]').click()
      await page.locator('.replies .comment').waitFor()
      await page.locator('[data-reply]').first().click()
      await page.locator('summary').click()
      // axe takes a page without a background for white.
      await page.addStyleTag({ content: 'html { background: Canvas; color: CanvasText }' })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await violations(page), `${language}, ${colorScheme}`).toEqual([])
      }
    }
  },
)

async function violations(page: Page) {
  await page.evaluate(await readFile(axe, 'utf8'))
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    const { violations } = await axe.run()
    return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)])
  })
}

interface Violation {
  id: string
  nodes: { html: string }[]
}
