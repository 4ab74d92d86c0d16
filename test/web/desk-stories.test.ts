import type { Page } from 'playwright-core'
import { afterAll, test as always, beforeAll, describe, expect } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { openBrowser, runsBrowserOnce, type Windows } from '../support/browser.ts'
import { openDesk } from '../support/desk.ts'
import { addArticle } from '../support/newsroom.ts'

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

const read = (slug: string) => app.database.prisma.article.findUniqueOrThrow({ where: { slug } })

/** A day after tomorrow at noon, as it is typed into the field. */
const noon = `${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T12:00`

async function typeMoment(page: Page, label: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Time zone').selectOption('Asia/Baghdad')
  await dialog.getByLabel(label).fill(noon)
  await dialog.getByText('In your time zone:').waitFor()
}

/** What an editor elsewhere does. */
async function editElsewhere(operation: string, input: object): Promise<void> {
  const token = await app.token('editor', { name: 'Ana' })
  await app.ask(operationText(operation), { input }, token)
}

describe('a moderator', () => {
  test('finds a public story and closes its comments, now or at a time, but edits nothing else', async () => {
    const { slug } = await addArticle(app.database.prisma, { headline: 'The zebra crossing' })
    await addArticle(app.database.prisma, { headline: 'The hidden zebra', status: 'WITHHELD' })
    const page = await openDesk(windows, app, { path: '/stories' })
    await page.getByRole('searchbox', { name: 'Words in the story' }).fill('zebra')
    await page.getByRole('link', { name: 'The zebra crossing' }).waitFor()
    expect(await page.getByText('The hidden zebra').count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('link', { name: 'The zebra crossing' }).click()

    await page.getByRole('button', { name: 'Close comments now' }).click()
    await page.getByText('The comments are closed.').waitFor()
    expect(await read(slug)).toMatchObject({ commentingOpen: false, version: 2 })
    await page.getByRole('button', { name: 'Open comments until a time…' }).click()
    await typeMoment(page, 'Comments close on')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Set time' }).click()
    await page.getByText(/They close on/).waitFor()
    expect((await read(slug)).commentingClosesAt).toEqual(new Date(`${noon}+03:00`))
    expect(await page.getByRole('heading', { name: 'Visibility' }).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'Versions' }).count()).toBe(0)
    const link = page.getByRole('link', { name: /Open the story page/ })
    expect(await link.getAttribute('href')).toBe(`/stories/${slug}`)
  })

  test('reads that a story is not public', async () => {
    const { slug } = await addArticle(app.database.prisma, { status: 'WITHHELD' })
    const page = await openDesk(windows, app, { path: `/stories/${slug}` })
    await page.getByText('This story is not public, or it does not exist.').waitFor()
  })
})

describe('an editor', () => {
  test('sets and lifts an embargo, in a time zone', async () => {
    const { slug } = await addArticle(app.database.prisma)
    const page = await openDesk(windows, app, { path: `/stories/${slug}`, name: 'Sample editor' })
    await page.getByRole('button', { name: 'Set an embargo…' }).click()
    await page.getByText('it disappears from all pages immediately').waitFor()
    await typeMoment(page, 'Embargo ends on')
    await page.getByRole('dialog').getByRole('button', { name: 'Set embargo' }).click()
    await page.getByText('Not yet public').waitFor()
    expect((await read(slug)).embargoedUntil).toEqual(new Date(`${noon}+03:00`))
    expect(await page.getByRole('link', { name: /Open the story page/ }).count()).toBe(0)

    await page.getByRole('button', { name: 'Lift the embargo now…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Lift embargo' }).click()
    await page.getByText('Everybody sees this story.').waitFor()
    expect((await read(slug)).embargoedUntil).toBeNull()
  })

  test('withholds with a reason, releases, and kills for good after typing a word', async () => {
    const { slug, key } = await addArticle(app.database.prisma)
    const page = await openDesk(windows, app, { path: `/stories/${slug}`, name: 'Sample editor' })
    const dialog = page.getByRole('dialog')
    await page.getByRole('button', { name: 'Withhold…' }).click()
    await dialog.getByLabel('Reason for the public (optional)').fill('Legal reasons')
    await dialog.getByRole('button', { name: 'Withhold story' }).click()
    await page.getByText('It can be released.').waitFor()
    const notice = await app.database.prisma.withdrawal.findUniqueOrThrow({ where: { articleId: key } })
    expect(notice.reason).toBe('Legal reasons')

    await page.getByRole('button', { name: 'Release…' }).click()
    await dialog.getByRole('button', { name: 'Release story' }).click()
    await page.getByText('Everybody sees this story.').waitFor()

    await page.getByRole('button', { name: 'Kill permanently…' }).click()
    const kill = dialog.getByRole('button', { name: 'Kill story permanently' })
    expect(await kill.isDisabled()).toBe(true)
    expect(await violationsOf(page)).toEqual([])
    await dialog.getByLabel('To confirm, type').fill('Kill')
    await kill.click()
    await page.getByText('A killed story can no longer be changed.').waitFor()
    expect((await read(slug)).status).toBe('CANCELED')
    expect(windows.complaints).toEqual([])
  })

  test('who is late reads who changed what, and applies the change to the new version', async () => {
    const { slug, id } = await addArticle(app.database.prisma)
    const page = await openDesk(windows, app, { path: `/stories/${slug}`, name: 'Sample editor' })
    await page.getByRole('button', { name: 'Withhold…' }).click()
    await editElsewhere('UpdateArticle', { id, version: 1, changes: { headline: 'Another headline' } })
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Withhold story' }).click()
    await dialog.getByText('you read version 1, and the story is now at version 2').waitFor()
    await dialog.getByText(/Version 2: editor-ana, /).waitFor()
    await dialog.getByText('Changed: Headline').waitFor()
    expect((await read(slug)).status).toBe('USABLE')
    expect(await violationsOf(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Withhold story' }).click()
    await page.getByText('It can be released.').waitFor()
    expect(await read(slug)).toMatchObject({ status: 'WITHHELD', version: 3, headline: 'Another headline' })
  })

  test('corrects a story with changed words, and compares the versions side by side', async () => {
    const { slug, key } = await addArticle(app.database.prisma, {
      blocks: [
        { kind: 'PARAGRAPH', text: 'The bridge is 40 metres long.' },
        { kind: 'PARAGRAPH', text: 'It opened on Monday.' },
      ],
    })
    const page = await openDesk(windows, app, { path: `/stories/${slug}`, name: 'Sample editor' })
    await page.getByRole('link', { name: 'Correct this story' }).click()
    await page.getByLabel('What readers read').fill('The bridge is 60 metres long, not 40.')
    await page.getByText('Change the words of the story').click()
    await page.getByLabel('Paragraph').first().fill('The bridge is 60 metres long.')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Check and publish…' }).click()
    await page.getByRole('dialog').getByText('A correction cannot be deleted.').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish correction' }).click()
    await page.getByRole('listitem').getByText('The bridge is 60 metres long, not 40.').waitFor()
    const corrections = await app.database.prisma.correction.findMany({ where: { articleId: key } })
    expect(corrections).toMatchObject([{ kind: 'CORRECTION', version: 2 }])

    await page.getByRole('link', { name: 'Versions' }).click()
    await page.getByText('1 part changed.').waitFor()
    expect(await page.locator('del').allTextContents()).toEqual(['40'])
    expect(await page.locator('ins').allTextContents()).toEqual(['60'])
    expect(await page.getByText('It opened on Monday.').count()).toBe(0)
    await page.getByLabel('Show the parts that did not change').check()
    expect(await page.getByText('It opened on Monday.').count()).toBe(2)
    expect(await violationsOf(page)).toEqual([])
  })

  test('who corrects a story while another editor changes it keeps the other words, and looks again', async () => {
    const paragraph = (text: string) => ({ kind: 'PARAGRAPH' as const, text })
    const { slug, id } = await addArticle(app.database.prisma, {
      blocks: [paragraph('The bridge is 40 metres long.'), paragraph('It opened on Monday.')],
    })
    const page = await openDesk(windows, app, { path: `/stories/${slug}`, name: 'Sample editor' })
    await page.getByRole('link', { name: 'Correct this story' }).click()
    await page.getByLabel('What readers read').fill('It is 60 metres long, and opened on Friday.')
    await page.getByText('Change the words of the story').click()
    await page.getByLabel('Paragraph').nth(0).fill('The bridge is 60 metres long.')
    await page.getByLabel('Paragraph').nth(1).fill('It opened on Friday.')
    const blocks = ['A new beginning.', 'The bridge is 40 metres long.', 'It opened on Tuesday.']
    await editElsewhere('UpdateArticle', {
      id,
      version: 1,
      changes: { blocks: blocks.map((text) => ({ paragraph: { text } })) },
    })
    const next = page.getByRole('button', { name: 'Check and publish…' })
    await next.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish correction' }).click()
    await page.getByText('you read version 1, and the story is now at version 2').waitFor()
    await page.getByText('Paragraph: It opened on Friday.').waitFor()
    expect(await next.isDisabled()).toBe(true)
    expect(await page.getByLabel('Paragraph').nth(1).inputValue()).toBe('The bridge is 60 metres long.')
    expect(await page.getByLabel('Paragraph').nth(2).inputValue()).toBe('It opened on Tuesday.')
    await page.getByRole('button', { name: 'Remove these words' }).click()
    await next.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish correction' }).click()
    await page.getByText('The correction is published.').waitFor()
    const { blocks: published } = await app.database.prisma.article.findUniqueOrThrow({
      where: { slug },
      include: { blocks: { orderBy: { position: 'asc' } } },
    })
    expect(published.map(({ text }) => text)).toEqual([
      'A new beginning.',
      'The bridge is 60 metres long.',
      'It opened on Tuesday.',
    ])
  })

  test('whose sign-in expires finds the correction as it was written', async () => {
    const { slug } = await addArticle(app.database.prisma, {
      blocks: [{ kind: 'PARAGRAPH', text: 'It opened on Monday.' }],
    })
    const page = await openDesk(windows, app, { path: `/stories/${slug}`, name: 'Sample editor' })
    await page.getByRole('link', { name: 'Correct this story' }).click()
    await page.getByLabel('What readers read').fill('It opened on Friday.')
    await page.getByText('Change the words of the story').click()
    await page.getByLabel('Paragraph').fill('It opened on Friday, not on Monday.')
    await page.getByRole('button', { name: 'Check and publish…' }).click()
    await page.route('**/graphql', (route) => route.fulfill({ status: 401, json: { errors: [] } }))
    await page.getByRole('dialog').getByRole('button', { name: 'Publish correction' }).click()
    await page.getByText('Your sign-in has expired.').waitFor()
    await page.unroute('**/graphql')
    await page.getByRole('button', { name: /^Sample editor/ }).click()
    await page.getByText('Change the words of the story (1 changed)').click()
    expect(await page.getByLabel('What readers read').inputValue()).toBe('It opened on Friday.')
    expect(await page.getByLabel('Paragraph').inputValue()).toBe('It opened on Friday, not on Monday.')
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('Choose who you are').waitFor()
    expect(await page.evaluate(() => ({ ...sessionStorage }))).toEqual({})
  })

  test('filters stories of every state, and opens a story in Arabic', async () => {
    const { slug } = await addArticle(app.database.prisma, {
      headline: 'Withheld yesterday',
      status: 'WITHHELD',
    })
    const page = await openDesk(windows, app, { path: '/stories', name: 'Sample editor' })
    await page.getByLabel('State').selectOption('WITHHELD')
    await page.getByRole('searchbox', { name: 'Words in the headline' }).fill('yesterday')
    await page.getByRole('link', { name: 'Withheld yesterday' }).waitFor()
    await page.evaluate(() => localStorage.setItem('dateline-language', 'ar'))
    await page.reload()
    await page.getByRole('link', { name: 'Withheld yesterday' }).click()
    await page.getByText('لا يرى هذا الخبر إلا المحررون. يمكن إعادة نشره.').waitFor()
    await page.getByRole('button', { name: 'إعادة النشر…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'إعادة نشر الخبر' }).click()
    await page.getByText('يرى الجميع هذا الخبر.').waitFor()
    expect((await read(slug)).status).toBe('USABLE')
    expect(await violationsOf(page)).toEqual([])
  })
})
