import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { hasChromium, openBrowser } from '../support/browser.ts'
import { addArticle } from '../support/newsroom.ts'

test.skipIf(!hasChromium)(
  'in GraphiQL, a comment submitted in one window and approved in a second appears in a third',
  { timeout: 180_000 },
  async () => {
    await using app = await freshApp()
    await addArticle(app.database.prisma, { headline: 'The only story' })
    const origin = app.url.replace('/graphql', '')
    await using browser = await openBrowser(origin)

    const live = await browser.open(app.url)
    await live.locator('.graphiql-query-editor .view-line').first().waitFor()
    expect(await live.locator('.graphiql-tab-button').allTextContents()).toEqual([
      'ArticlePage',
      'CommentFeed',
      'SubmitComment',
      'ModerationQueue',
      'ApproveComments',
    ])
    await runTab(live, 'ArticlePage')
    await showsResult(live, 'The only story')
    const subscribed = subscriptionOf(live)
    await runTab(live, 'CommentFeed')
    await Promise.race([subscribed, pressedAgain(live, subscribed)])

    const reader = await browser.open(app.url)
    await runTab(reader, 'SubmitComment')
    await showsResult(reader, 'PENDING')

    const moderator = await browser.open(app.url)
    await runTab(moderator, 'ModerationQueue')
    await showsResult(moderator, 'Written in GraphiQL')
    const id = /"id":\s*"([^"]+)"/.exec(await resultOf(moderator))?.[1]?.replace(/\s/g, '')
    expect(id).toBeDefined()
    await openTab(moderator, 'ApproveComments')
    await write(moderator, 'Variables', JSON.stringify({ ids: [id] }))
    await run(moderator)
    await showsResult(moderator, 'CommentDecided')

    await showsResult(live, 'CommentApproved')
    await showsResult(live, 'Written in GraphiQL')
    expect(new Set(browser.sockets)).toEqual(new Set([app.wsUrl]))
    expect([...browser.hosts]).toEqual([new URL(origin).host])
    expect(browser.complaints).toEqual([])
  },
)

test.skipIf(!hasChromium)(
  'GraphiQL forgets the tabs of a newsroom that is no more, and keeps those of this one',
  { timeout: 180_000 },
  async () => {
    let time = Date.now()
    await using app = await freshApp({ now: () => new Date(time) })
    await addArticle(app.database.prisma)
    await using browser = await openBrowser(app.url)
    const page = await browser.open(app.url)
    await openTab(page, 'SubmitComment')
    await tabIsStored(page, 'SubmitComment')
    await page.reload()
    await page.locator('.graphiql-tab-active', { hasText: 'SubmitComment' }).waitFor()

    await app.database.prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
    // Until then the page may go by what it knew.
    time += 10_000
    await page.reload()
    await page.locator('.graphiql-tab-active', { hasText: 'ArticlePage' }).waitFor()
    expect(await page.locator('.graphiql-tab').count()).toBe(5)
  },
)

test.skipIf(!hasChromium)(
  'GraphiQL in development sends any document, although the gateway serves only persisted ones',
  { timeout: 180_000 },
  async () => {
    await using app = await freshApp({ env: { DOCUMENTS: 'known' } })
    await addArticle(app.database.prisma, { headline: 'The only story' })
    await using browser = await openBrowser(app.url)
    const page = await browser.open(app.url)
    const introspection = page.waitForRequest((request) => request.postData()?.includes('__schema') ?? false)
    await page.reload()
    expect(await (await (await introspection).response())?.json()).toHaveProperty('data.__schema')
    await openTab(page, 'ArticlePage')
    await page.locator('.graphiql-query-editor .view-line').first().click()
    await paste(page, 'query Typed { articles(first: 1) { edges { node { typed: headline } } } }')
    await page.locator('.graphiql-query-editor', { hasText: 'Typed' }).waitFor()
    await run(page)
    await showsResult(page, '"typed": "The only story"')
  },
)

/** Waits until the page has asked for a subscription over a websocket. */
async function subscriptionOf(page: Page): Promise<void> {
  const socket = await page.waitForEvent('websocket')
  await socket.waitForEvent('framesent', isSubscribe)
}

/** Presses the button again for as long as it was pressed before GraphiQL had read the tab. */
async function pressedAgain(page: Page, until: Promise<void>): Promise<void> {
  let over = false
  const end = until.finally(() => {
    over = true
  })
  const look = async () => {
    if (!over && (await resultOf(page)).includes('Cannot infer operation')) await run(page)
    return over
  }
  await expect.poll(look, { timeout: 60_000, interval: 200 }).toBe(true)
  await end
}

/** GraphiQL writes its tabs down a moment after they change. */
async function tabIsStored(page: Page, name: string): Promise<void> {
  const active = () =>
    page.evaluate(() => {
      const state = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{}')
      return String(state.tabs?.[state.activeTabIndex]?.title)
    })
  await expect.poll(active, { timeout: 20_000 }).toBe(name)
}

function isSubscribe({ payload }: { payload: string | Buffer }): boolean {
  return JSON.parse(String(payload)).type === 'subscribe'
}

async function runTab(page: Page, name: string): Promise<void> {
  await openTab(page, name)
  await run(page)
}

async function openTab(page: Page, name: string): Promise<void> {
  const tab = page.locator('.graphiql-tab', { hasText: name })
  await tab.locator('.graphiql-tab-button').click()
  await page.locator('.graphiql-tab-active', { hasText: name }).waitFor()
  // The editor shows the tab's operation a moment after the tab is marked.
  await page.locator('.graphiql-query-editor', { hasText: name }).waitFor()
}

function run(page: Page): Promise<void> {
  return page.locator('.graphiql-execute-button').click()
}

/** Replaces what is written in one of the two small editors. */
async function write(page: Page, editor: 'Variables' | 'Headers', text: string): Promise<void> {
  await page.getByRole('button', { name: editor, exact: true }).click()
  await page.locator('.graphiql-editor-tool .graphiql-editor:not(.hidden)').click()
  await paste(page, text)
}

/** Replaces what is written in the editor that has the focus. */
async function paste(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Control+A')
  // Pasted, because the editor completes quotation marks and brackets that are typed.
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), text)
  await page.keyboard.press('Control+V')
}

function resultOf(page: Page): Promise<string> {
  // The editor draws spaces as no-break spaces.
  return page
    .locator('.result-window')
    .textContent()
    .then((text) => (text ?? '').replaceAll('\u00a0', ' '))
}

async function showsResult(page: Page, text: string): Promise<void> {
  const look = async () => {
    const result = await resultOf(page)
    // On a slow machine the button is there before GraphiQL has read the tab: a person would press it again.
    if (result.includes('Cannot infer operation')) await run(page)
    return result
  }
  await expect.poll(look, { timeout: 60_000, interval: 200 }).toContain(text)
}
