import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { test as always, expect } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { freshApp } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { openBrowser, runsBrowserOnce } from '../support/browser.ts'
import { freshDatabase } from '../support/database.ts'
import { commentWith, openDesk } from '../support/desk.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'

const test = always.skipIf(!runsBrowserOnce)

/** A story with a first comment and this many later ones of the same reader, all waiting. */
async function addMany(prisma: PrismaClient, count: number): Promise<void> {
  const article = await addArticle(prisma, { commenting: { open: true } })
  const at = new Date('2026-01-02')
  const { readerId } = await addComment(prisma, article.key, { body: 'The first one.', at })
  await prisma.$executeRaw`
    INSERT INTO "Comment" ("id", "articleId", "readerId", "body", "bodyDigest", "authorName", "submittedAt")
    SELECT gen_random_uuid(), ${article.key}::uuid, ${readerId}::uuid, 'Comment ' || n || '.',
      sha256(n::text::bytea), 'Reader', '2026-01-02'::timestamp + n * interval '1 second'
    FROM generate_series(1, ${count}::int) n`
}

/** Scrolls down until a comment is there; few comments are in the page meanwhile. */
async function scrollTo(page: Page, body: string) {
  const comment = commentWith(page, body)
  while (!(await comment.isVisible())) {
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
    expect(await page.getByRole('article').count()).toBeLessThan(60)
  }
  return comment
}

/** Whatever the page requested before has been sent when this has an answer. */
async function answerOf(page: Page): Promise<void> {
  await page.evaluate(async () => (await fetch(location.href)).text())
}

test('a page of the queue that fails is asked for again after a time, not at every key', async () => {
  await using database = await freshDatabase()
  await addMany(database.prisma, 300)
  await using app = await freshApp({ database })
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The first one.').focus()
  let requests = 0
  await page.route('**/graphql', (route) => {
    if (!route.request().postDataJSON().variables.after) return route.fallback()
    requests += 1
    const errors = [{ message: 'Not now.', extensions: { code: 'TEMPORARILY_UNAVAILABLE' } }]
    return route.fulfill({ status: 503, json: { errors } })
  })
  await page.clock.install()
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
  await page.getByText('The gateway is not available at the moment.').waitFor()
  await page.clock.pauseAt(Date.now() + 10_000)
  await answerOf(page)
  const before = requests
  for (let key = 0; key < 10; key += 1) await page.keyboard.press(key % 2 ? 'k' : 'j')
  await answerOf(page)
  expect(requests).toBe(before)
  await page.unroute('**/graphql')
  await page.clock.resume()
  await scrollTo(page, 'Comment 300.')
  expect(await page.getByText('The gateway is not available at the moment.').count()).toBe(0)
})

test('a filter that the gateway refuses is sent once, and the reason is shown', async () => {
  await using app = await freshApp()
  await using windows = await openBrowser(app.url)
  const page = await windows.open(new URL('/desk?article=garbage', app.url).href)
  let subscriptions = 0
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (String(payload).includes('"subscribe"')) subscriptions += 1
    }),
  )
  await page.clock.install()
  await page.getByRole('button', { name: /^Sample moderator/ }).click()
  await page.getByText('This is not a valid id.').waitFor()
  for (let round = 0; round < 10; round += 1) {
    await page.clock.runFor(10_000)
    await answerOf(page)
  }
  expect(subscriptions).toBe(1)
})

test('a restarted gateway continues the queue: selection, focus, arrivals and decisions', async () => {
  await using database = await freshDatabase()
  const { prisma } = database
  const article = await addArticle(prisma, { commenting: { open: true } })
  const ids: string[] = []
  for (const [index, body] of ['Decided meanwhile.', 'Selected.', 'Focused.'].entries()) {
    const at = new Date(Date.now() - (10 - index) * 1_000)
    ids.push((await addComment(prisma, article.key, { body, by: `Reader ${index}`, at })).id)
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-desk-'))
  const first = await freshApp({ database, env: { DATA_DIR: dataDir } })
  const env = { DATA_DIR: dataDir, PORT: String(first.config.port) }
  await using windows = await openBrowser(first.url)
  const page = await openDesk(windows, first)
  await commentWith(page, 'Selected.').getByRole('checkbox').check()
  await commentWith(page, 'Focused.').focus()
  await first.close(0)
  await page.getByText('The connection to the gateway is lost').waitFor()
  await approve(prisma, [ids[0] as string])
  await addComment(prisma, article.key, { body: 'Arrived meanwhile.', by: 'Late reader' })
  await using _second = await freshApp({ database, env })
  await commentWith(page, 'Arrived meanwhile.').waitFor()
  await commentWith(page, 'Decided meanwhile.').waitFor({ state: 'detached' })
  await page.getByText('The connection to the gateway is lost').waitFor({ state: 'detached' })
  expect(await commentWith(page, 'Selected.').getByRole('checkbox').isChecked()).toBe(true)
  expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('Focused.')
  await addComment(prisma, article.key, { body: 'Arrived after it.', by: 'Later reader' })
  await commentWith(page, 'Arrived after it.').waitFor()
  await rm(dataDir, { recursive: true, force: true })
})

test('ten thousand waiting comments: few are in the page, and the last one can be reached and decided', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await addMany(prisma, 10_000)
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The first one.').waitFor()
  await page.getByText('10,001 comments wait').waitFor()
  const last = await scrollTo(page, 'Comment 10000.')
  await last.focus()
  await page.keyboard.press('a')
  await page.getByText('Comment approved', { exact: true }).waitFor()
  await page.keyboard.press('Shift+X')
  await page.getByText('10,000 selected').waitFor()
})

test('a selection of more comments than a request may contain is sent in parts', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await addMany(prisma, 149)
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The first one.').waitFor()
  await scrollTo(page, 'Comment 149.')
  await page.keyboard.press('Shift+X')
  await page.getByText('150 selected').waitFor()
  await page.keyboard.press('a')
  await page.getByText('No comment waits', { exact: true }).waitFor()
  await page.getByText('150 comments approved.', { exact: true }).waitFor()
  expect(await prisma.comment.count({ where: { status: 'APPROVED' } })).toBe(150)
})

test('a decision is sent although the gateway is away when it is due', async () => {
  await using database = await freshDatabase()
  await addMany(database.prisma, 0)
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-desk-'))
  const first = await freshApp({ database, env: { DATA_DIR: dataDir } })
  const env = { DATA_DIR: dataDir, PORT: String(first.config.port) }
  await using windows = await openBrowser(first.url)
  const page = await openDesk(windows, first)
  await commentWith(page, 'The first one.').focus()
  await page.keyboard.press('a')
  const refused = page.waitForEvent('requestfailed', (request) => request.url().endsWith('/graphql'))
  await first.close(0)
  await refused
  await using _second = await freshApp({ database, env })
  const approved = () => database.prisma.comment.count({ where: { status: 'APPROVED' } })
  await expect.poll(approved, { timeout: 30_000 }).toBe(1)
  await page.getByText('No comment waits', { exact: true }).waitFor()
  await rm(dataDir, { recursive: true, force: true })
})

test('in Arabic the desk is mirrored, and keys work on an Arabic keyboard', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma, {
    commenting: { open: true },
    language: 'ar',
    headline: 'الحدباء',
  })
  const comment = await addComment(prisma, article.key, { body: 'متى يأتي دور البيوت؟', by: 'قارئ' })
  await using windows = await openBrowser(app.url)
  const page = await windows.open(new URL('/desk', app.url).href)
  await page.getByRole('combobox').selectOption('ar')
  await page.waitForFunction(() => document.documentElement.dir === 'rtl')
  await page.getByRole('button', { name: /^Sample moderator/ }).click()
  await page.getByText('تعليق واحد منتظر').waitFor()
  await page.reload()
  const row = commentWith(page, 'متى يأتي دور البيوت؟')
  await row.focus()
  // The key that has "a" on a Latin keyboard.
  await row.dispatchEvent('keydown', { key: 'ش', code: 'KeyA', bubbles: true })
  await page.getByText('قُبل التعليق', { exact: true }).waitFor()
  const status = async () => (await prisma.comment.findUniqueOrThrow({ where: { id: comment.id } })).status
  await expect.poll(status, { timeout: 30_000 }).toBe('APPROVED')
})

test.each(['en', 'ar', 'ckb', 'tr'])(
  'axe finds nothing on the screens of the queue in "%s"',
  async (language) => {
    await using app = await freshApp()
    const { prisma } = app.database
    const article = await addArticle(prisma, { commenting: { open: true } })
    const parent = await addComment(prisma, article.key, { body: 'The parent.', by: 'Reader' })
    await approve(prisma, [parent.id])
    await addComment(prisma, article.key, { body: 'The reply.', by: 'Other', parentId: parent.id })
    await addComment(prisma, article.key, { body: 'Another one.', by: 'Reader' })
    await using windows = await openBrowser(app.url)
    const page = await windows.open(new URL('/desk', app.url).href)
    await page.getByRole('combobox').selectOption(language)
    await page.waitForFunction((lang) => document.documentElement.lang === lang, language)
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: /^Sample moderator/ }).click()
    await commentWith(page, 'The reply.').focus()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await violationsOf(page)).toEqual([])
    }
    for (const keys of ['r', '?', 'Shift+X']) {
      await page.keyboard.press(keys)
      await (keys === 'Shift+X' ? page.getByRole('toolbar') : page.getByRole('dialog')).waitFor()
      expect(await violationsOf(page)).toEqual([])
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
    }
    await page.keyboard.press('a')
    await page.getByRole('status').filter({ hasText: 'z' }).waitFor()
    expect(await violationsOf(page)).toEqual([])
  },
)

test('what the queue loads is at most 300 kB, compressed', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma, { commenting: { open: true } })
  await addComment(prisma, article.key, { body: 'A comment.' })
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'A comment.').waitFor()
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.includes('/assets/'))
      .reduce((sum, entry) => sum + (entry as unknown as { encodedBodySize: number }).encodedBodySize, 0),
  )
  expect(bytes).toBeGreaterThan(50_000)
  expect(bytes).toBeLessThan(300_000)
})
