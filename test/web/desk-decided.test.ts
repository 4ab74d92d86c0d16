import type { Page } from 'playwright-core'
import { afterAll, test as always, beforeAll, expect } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { openBrowser, runsBrowserOnce, type Windows } from '../support/browser.ts'
import { commentWith, openDesk } from '../support/desk.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'

const test = always.skipIf(!runsBrowserOnce)

let app: TestApp
let windows: Windows

beforeAll(async () => {
  if (!runsBrowserOnce) return
  app = await freshApp()
  windows = await openBrowser(app.url)
})
afterAll(async () => {
  await windows?.[Symbol.asyncDispose]()
  await app?.close()
})

/** A story with approved comments. */
async function approved(bodies: readonly string[], draft = {}) {
  const { prisma } = app.database
  const article = await addArticle(prisma, draft)
  const ids: string[] = []
  for (const body of bodies) ids.push((await addComment(prisma, article.key, { body })).id)
  await approve(prisma, ids, 'Nadia')
  return { article, ids }
}

const statusOf = async (id: string | undefined) =>
  (await app.database.prisma.comment.findUniqueOrThrow({ where: { id: id as string } })).status

async function askToRetract(page: Page, body: string) {
  await commentWith(page, body).getByRole('button', { name: 'Retract…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('This cannot be undone').waitFor()
  return dialog
}

test('an approved comment is retracted with guidelines and a note, by keyboard only', async () => {
  const { ids } = await approved(['Buy my watches.'])
  const page = await openDesk(windows, app, { path: '/decided' })
  await commentWith(page, 'Buy my watches.').getByText('by Nadia').waitFor()
  expect(await violationsOf(page)).toEqual([])

  await commentWith(page, 'Buy my watches.').getByRole('button', { name: 'Retract…' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox', { name: /No promotion/ }).waitFor()
  expect(await violationsOf(page)).toEqual([])
  expect(await dialog.getByRole('button', { name: 'Retract comment' }).isDisabled()).toBe(true)
  await dialog.getByRole('checkbox', { name: /No promotion/ }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.type('An advertisement')
  await dialog.getByRole('button', { name: 'Retract comment' }).focus()
  await page.keyboard.press('Enter')

  await page.getByText('The comment was retracted.').waitFor()
  expect(await statusOf(ids[0])).toBe('REJECTED')
  const rejected = commentWith(page, 'Buy my watches.').filter({ hasText: 'No promotion' })
  await rejected.getByText('An advertisement').waitFor()
  await commentWith(page, 'Buy my watches.').getByText('Sample moderator retracted this comment').waitFor()
})

test('a moderator who is late reads who rejected the comment and when', async () => {
  const { ids } = await approved(['A late decision.'])
  const page = await openDesk(windows, app, { path: '/decided' })
  const dialog = await askToRetract(page, 'A late decision.')
  await reject(app.database.prisma, ids, 'Omar')
  await dialog.getByRole('checkbox').first().check()
  await dialog.getByRole('button', { name: 'Retract comment' }).click()
  await page.getByText(/Omar rejected this comment on .+ Your decision was not needed/).waitFor()
  await commentWith(page, 'A late decision.').getByText('by Omar').waitFor()
})

test('filters are in the address: verdict, moderator, story and days', async () => {
  const { article } = await approved(['Of the filtered story.'], { headline: 'The filtered story' })
  await approved(['Of another story.'])
  const page = await openDesk(windows, app, { path: '/decided' })
  await commentWith(page, 'Of another story.').waitFor()
  await page.getByLabel('Story').selectOption({ label: 'The filtered story' })
  await commentWith(page, 'Of another story.').waitFor({ state: 'detached' })
  await commentWith(page, 'Of the filtered story.').waitFor()
  expect(new URL(page.url()).searchParams.get('story')).toBe(article.id)

  await page.getByLabel('Verdict').selectOption('REJECTED')
  await page.getByText('No decision matches the filters.').waitFor()
  await page.reload()
  await page.getByText('No decision matches the filters.').waitFor()
  expect(await page.getByLabel('Story').inputValue()).toBe(article.id)
  await page.goBack()
  await commentWith(page, 'Of the filtered story.').waitFor()

  await page.getByLabel('From').fill('2090-01-01')
  await page.getByText('No decision matches the filters.').waitFor()
  await page.getByRole('button', { name: 'Clear filters' }).click()
  await commentWith(page, 'Of another story.').waitFor()
  expect(new URL(page.url()).search).toBe('')
})

test('more decisions are loaded by cursor', async () => {
  const bodies = Array.from({ length: 25 }, (_, index) => `Numbered ${index + 1}.`)
  const { article } = await approved(bodies)
  const page = await openDesk(windows, app, { path: `/decided?story=${encodeURIComponent(article.id)}` })
  await page.getByRole('article').nth(19).waitFor()
  expect(await page.getByRole('article').count()).toBe(20)
  await page.getByRole('button', { name: 'Load more' }).click()
  await page.getByRole('article').nth(24).waitFor()
  const texts = await page.getByRole('article').locator('blockquote').allTextContents()
  expect(texts.sort()).toEqual(bodies.sort())
  expect(windows.complaints).toEqual([])
})

test('a decision can be undone in another view; the list shows it when it is sent', async () => {
  const { prisma } = app.database
  const { key } = await addArticle(prisma)
  for (const body of ['Sent later.', 'Taken back.']) await addComment(prisma, key, { body })
  const page = await openDesk(windows, app)
  for (const body of ['Sent later.', 'Taken back.'])
    await commentWith(page, body).getByRole('button', { name: 'Approve' }).click()
  await page.getByRole('link', { name: 'Decided' }).click()
  await page.getByRole('button', { name: 'Undo' }).click()
  await commentWith(page, 'Sent later.').waitFor()
  await page.getByRole('link', { name: 'Waiting' }).click()
  await commentWith(page, 'Taken back.').waitFor()
})
