import type { Page } from 'playwright-core'
import { freshApp, type TestApp } from '../support/app.ts'
import { openBrowser, type Windows } from '../support/browser.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { type Outlet, openOutlet, originOf, widgetPage } from './outlet.ts'

export interface Stage extends AsyncDisposable {
  app: TestApp
  outlet: Outlet
  browser: Windows
  gateway: string
  story: { key: string; id: string; slug: string }
  /** The ids of the pending comments. */
  pending(): Promise<string[]>
}

type StageOptions = Parameters<typeof freshApp>[0] & { language?: string }

/** A gateway with a story, an outlet on another origin, and a browser. */
export async function setStage({ language = 'en', ...options }: StageOptions = {}): Promise<Stage> {
  const app = await freshApp(options)
  const story = await addArticle(app.database.prisma, { language })
  const outlet = await openOutlet()
  const gateway = originOf(app)
  const browser = await openBrowser(gateway, outlet.origin)
  return {
    app,
    outlet,
    browser,
    gateway,
    story,
    async pending() {
      const rows = await app.database.prisma.comment.findMany({ where: { status: 'PENDING' } })
      return rows.map(({ id }) => id)
    },
    async [Symbol.asyncDispose]() {
      await browser[Symbol.asyncDispose]()
      await outlet[Symbol.asyncDispose]()
      await app.close()
    },
  }
}

/** Approved comments, by their texts. */
export async function published(
  { app, story }: Stage,
  bodies: string[],
  parentId?: string,
): Promise<string[]> {
  const { prisma } = app.database
  const ids: string[] = []
  for (const body of bodies) {
    const { id } = await addComment(prisma, story.key, { body, parentId, by: `Author of ${body}` })
    await approve(prisma, [id])
    ids.push(id)
  }
  return ids
}

export async function openWidget(
  { app, outlet, browser, gateway, story }: Stage,
  {
    reader,
    fragment = '',
    ...options
  }: { reader?: string; fragment?: string; language?: string; attributes?: string } = {},
): Promise<Page> {
  const token = reader && (await app.token('reader', { name: reader }))
  const path = `/${reader ?? 'all'}`
  outlet.page(path, widgetPage(gateway, { article: story.slug, token, ...options }))
  const page = await browser.open(outlet.origin + path + fragment)
  await page.locator('dateline-comments .header').waitFor()
  return page
}

export const bodiesOf = (page: Page) => page.locator('.list .body').allTextContents()

/** Waits until the live feed has begun. */
export const isLive = (page: Page, text = 'Live') => page.locator('.connection', { hasText: text }).waitFor()
