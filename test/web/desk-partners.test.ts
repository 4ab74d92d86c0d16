import { afterAll, test as always, beforeAll, expect } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { openBrowser, runsBrowserOnce, type Windows } from '../support/browser.ts'
import { openDesk } from '../support/desk.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

const test = always.skipIf(!runsBrowserOnce)

const name = 'Sample administrator'

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

test('an administrator reads the licence of a partner, what it covers, and the quota', async () => {
  const { prisma } = app.database
  await addArticle(prisma)
  await addPartner(prisma, {
    slug: 'harbour-post',
    name: 'Harbour Post',
    quotaPerDay: 5_000,
    licence: { agencies: ['Misspelt'], retentionDays: 3_650 },
  })
  const page = await openDesk(windows, app, { path: '/partners', name })
  await page.getByText('0 of 5,000').waitFor()
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('link', { name: 'Harbour Post' }).click()
  await page.getByText('covers 1 story').waitFor()
  await page.getByText('No image is from this agency: Misspelt').waitFor()
  await page.getByText('3,650 days').waitFor()
  expect(await violationsOf(page)).toEqual([])
})

test('an administrator reads which partners may have a story, by slug or address', async () => {
  const { prisma } = app.database
  const { slug } = await addArticle(prisma, { language: 'ar', headline: 'قصة' })
  await addPartner(prisma, { slug: 'english-only', name: 'English Only', licence: { languages: ['en'] } })
  await addPartner(prisma, { slug: 'all-languages', name: 'All Languages' })
  const page = await openDesk(windows, app, { path: '/partners/coverage', name })
  const story = page.getByRole('textbox', { name: 'Story' })
  await story.fill(`https://dateline.example/${slug}`)
  await page.getByRole('button', { name: 'Show partners' }).click()
  await page.getByRole('row', { name: /English Only.*Not covered now/ }).waitFor()
  await page.getByRole('row', { name: /All Languages.*Covered by the licence/ }).waitFor()
  expect(await violationsOf(page)).toEqual([])
  await story.fill('no-such-story')
  await story.press('Enter')
  await page.getByText('No story has this slug or address.').waitFor()
})

test('open recalls show how far each partner is, and a confirmation by phone closes one', async () => {
  const { prisma } = app.database
  const { id, key } = await addArticle(prisma, { headline: 'The recalled story' })
  const post = await addPartner(prisma, { slug: 'told', name: 'Told Times' })
  const other = await addPartner(prisma, { slug: 'silent', name: 'Silent Star' })
  for (const partner of [post, other]) {
    await prisma.holding.create({
      data: { partnerId: partner.id, articleId: key, version: 1, since: new Date() },
    })
  }
  const editor = await app.token('editor', { name: 'Ana' })
  await app.ask(operationText('WithholdArticle'), { input: { id, version: 1 } }, editor)
  await prisma.holding.updateMany({
    where: { partnerId: post.id },
    data: { removalAttemptedAt: new Date(), removalNotifiedAt: new Date() },
  })

  const page = await openDesk(windows, app, { path: '/partners/recalls', name })
  await page.getByText('2 of 2 partners must still remove it').waitFor()
  await page.getByRole('row', { name: /Told Times.*Notified/ }).waitFor()
  const silent = page.getByRole('row', { name: /Silent Star/ })
  await silent.getByText('Not notified').waitFor()
  expect(await violationsOf(page)).toEqual([])

  await silent.getByRole('button', { name: 'Record a confirmation…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Who confirmed it, and how').fill('The night editor, by phone')
  expect(await violationsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Record a confirmation…' }).click()
  await page.getByText('1 of 2 partners must still remove it').waitFor()
  await silent.getByText('Removed', { exact: true }).waitFor()
  await silent.getByText('The night editor, by phone').waitFor()

  await prisma.holding.updateMany({ where: { partnerId: post.id }, data: { removedAt: new Date() } })
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.getByText('No recall is open.').waitFor()
  expect(windows.complaints).toEqual([])
})

test('an editor has no partners view', async () => {
  const page = await openDesk(windows, app, { path: '/partners', name: 'Sample editor' })
  await page.getByRole('link', { name: 'Stories' }).waitFor()
  expect(await page.getByRole('link', { name: 'Partners' }).count()).toBe(0)
  expect(await page.getByText('Harbour Post').count()).toBe(0)
})

test('in Arabic, the open recalls are Arabic and right to left', async () => {
  const page = await openDesk(windows, app, { path: '/partners', name })
  await page.getByRole('link', { name: 'Harbour Post' }).waitFor()
  await page.evaluate(() => localStorage.setItem('dateline-language', 'ar'))
  await page.reload()
  await page.getByRole('link', { name: 'عمليات الاسترجاع المفتوحة' }).click()
  await page.getByText('لا يوجد استرجاع مفتوح').waitFor()
  expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl')
  expect(await violationsOf(page)).toEqual([])
})
