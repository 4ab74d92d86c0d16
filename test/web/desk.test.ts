import type { Page } from 'playwright-core'
import { test as always, expect } from 'vitest'
import { MAX_NOTE_LENGTH } from '../../src/text/comment-limits.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { openBrowser, runsBrowserOnce } from '../support/browser.ts'
import { commentWith, openDesk } from '../support/desk.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'

const test = always.skipIf(!runsBrowserOnce)

/** A story with comments that wait, the first one longest. */
async function withComments(app: TestApp, bodies: readonly string[], draft = {}) {
  const { prisma } = app.database
  const article = await addArticle(prisma, { commenting: { open: true }, ...draft })
  const comments = []
  for (const [index, body] of bodies.entries()) {
    const at = new Date(Date.now() - (bodies.length - index) * 1_000)
    comments.push(await addComment(prisma, article.key, { body, by: `Reader ${index + 1}`, at }))
  }
  return { article, comments }
}

async function statusOf(app: TestApp, id: string): Promise<string> {
  return (await app.database.prisma.comment.findUniqueOrThrow({ where: { id } })).status
}

async function becomes(app: TestApp, id: string | undefined, status: string): Promise<void> {
  await expect.poll(() => statusOf(app, id as string), { timeout: 30_000 }).toBe(status)
}

async function focusIsOn(page: Page, text: string): Promise<void> {
  await page.waitForFunction((part) => document.activeElement?.textContent?.includes(part), text)
}

test('a sample moderator signs in with one click and approves with one key', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['The first comment.', 'The second comment.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The first comment.').waitFor()
  await page.getByText('2 comments wait').waitFor()
  await page.keyboard.press('a')
  await commentWith(page, 'The first comment.').waitFor({ state: 'detached' })
  await page.getByRole('status').filter({ hasText: 'Comment approved' }).waitFor()
  expect(await statusOf(app, comments[0]?.id as string)).toBe('PENDING')
  await becomes(app, comments[0]?.id, 'APPROVED')
  await page.getByText('1 comment waits').waitFor()
  expect(windows.complaints).toEqual([])
  expect([...windows.hosts]).toEqual([new URL(app.url).host])
})

test('a decision can be undone before it is sent; the comment is back and has the focus', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Undo me.', 'Another one.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Undo me.').focus()
  await page.keyboard.press('a')
  await commentWith(page, 'Undo me.').waitFor({ state: 'detached' })
  await page.keyboard.press('z')
  await commentWith(page, 'Undo me.').waitFor()
  await focusIsOn(page, 'Undo me.')
  await page.keyboard.press('j')
  await page.keyboard.press('a')
  await becomes(app, comments[1]?.id, 'APPROVED')
  expect(await statusOf(app, comments[0]?.id as string)).toBe('PENDING')
})

test('a comment is rejected by keys, with guidelines and a note', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Buy my goods!'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Buy my goods!').focus()
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Reject the comment' })
  await dialog.getByRole('checkbox').nth(6).waitFor()
  await page.keyboard.press('Enter')
  await dialog.getByText('Choose at least one guideline').waitFor()
  await page.keyboard.press('7')
  await page.keyboard.press('2')
  await page.keyboard.press('n')
  await page.keyboard.type('a note: 1 2 3')
  await page.keyboard.press('Control+Enter')
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('No comment waits', { exact: true }).waitFor()
  await becomes(app, comments[0]?.id, 'REJECTED')
  const decision = await app.database.prisma.decision.findFirstOrThrow({ include: { guidelines: true } })
  expect(decision.note).toBe('a note: 1 2 3')
  expect(decision.guidelines).toHaveLength(2)
})

test('a rejection that is being written survives a reload, and its note fits', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Buy my goods!'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  const dialog = page.getByRole('dialog')
  const openDialog = async () => {
    await commentWith(page, 'Buy my goods!').focus()
    await page.keyboard.press('r')
    await dialog.getByRole('checkbox').nth(6).waitFor()
  }
  await openDialog()
  await page.keyboard.press('7')
  await page.keyboard.press('n')
  await page.keyboard.insertText('x'.repeat(MAX_NOTE_LENGTH + 500))
  await page.reload()
  await openDialog()
  expect(await dialog.getByRole('checkbox').nth(6).isChecked()).toBe(true)
  await page.keyboard.press('Enter')
  await becomes(app, comments[0]?.id, 'REJECTED')
  const { note } = await app.database.prisma.decision.findFirstOrThrow()
  expect(note).toBe('x'.repeat(MAX_NOTE_LENGTH))
})

test('a dialog with fields stays open when the user clicks outside', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Buy my goods!'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Buy my goods!').focus()
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox').nth(6).waitFor()
  await page.mouse.click(5, 5)
  await dialog.getByRole('checkbox').nth(6).check()
  await dialog.getByLabel('Note for other moderators').fill('An advertisement')
  await dialog.getByRole('button', { name: 'Reject' }).click()
  await becomes(app, comments[0]?.id, 'REJECTED')
})

test('without pages of the gateway, the story of a comment opens at the outlet', async () => {
  await using app = await freshApp({ env: { PAGES: 'off' } })
  const { article } = await withComments(app, ['About the harbour.'], { headline: 'The harbour opens' })
  const { slug } = article
  const { canonicalUrl } = await app.database.prisma.article.findUniqueOrThrow({ where: { slug } })
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  const link = commentWith(page, 'About the harbour.').getByRole('link', { name: 'The harbour opens' })
  expect(await link.getAttribute('href')).toBe(canonicalUrl)
  await page.goto(new URL(`/desk/stories/${slug}`, app.url).href)
  expect(await page.getByRole('link', { name: 'Open the story page' }).getAttribute('href')).toBe(
    canonicalUrl,
  )
})

test('a held key decides one comment', async () => {
  await using app = await freshApp()
  await withComments(app, ['The first one.', 'The second one.', 'The third one.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The first one.').focus()
  for (let repeats = 0; repeats < 3; repeats += 1) await page.keyboard.down('a')
  await page.keyboard.up('a')
  await commentWith(page, 'The first one.').waitFor({ state: 'detached' })
  await page.keyboard.press('z')
  for (const body of ['The first one.', 'The second one.', 'The third one.'])
    await commentWith(page, body).waitFor()
})

test('keys do nothing while the user types, and / moves to the filter', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['A rare word: aardvark.', 'Nothing of the kind.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'aardvark').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('aardvark')
  await page.waitForURL((url) => url.searchParams.get('text') === 'aardvark')
  await page.getByText('1 comment waits').waitFor()
  await commentWith(page, 'aardvark').waitFor()
  await page.keyboard.press('Escape')
  await focusIsOn(page, 'aardvark')
  await page.goBack()
  await commentWith(page, 'Nothing of the kind.').waitFor()
  expect(await page.getByLabel('Words in the comment').inputValue()).toBe('')
  expect(await statusOf(app, comments[0]?.id as string)).toBe('PENDING')
})

test('comments are filtered by language and story with their counts', async () => {
  await using app = await freshApp()
  await withComments(app, ['About the harbour.'], { headline: 'The harbour opens' })
  await withComments(app, ['About the bridge.', 'Again about it.'], { headline: 'The bridge closes' })
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  const choice = page.getByRole('button', { name: 'The bridge closes 2' })
  await choice.click()
  await commentWith(page, 'About the harbour.').waitFor({ state: 'detached' })
  expect(new URL(page.url()).searchParams.get('article')).not.toBe(null)
  await page.reload()
  await commentWith(page, 'About the bridge.').waitFor()
  expect(await page.getByRole('article').count()).toBe(2)
  await page.goBack()
  await commentWith(page, 'About the harbour.').waitFor()
})

test('the whole selection is decided at once', async () => {
  await using app = await freshApp()
  const bodies = Array.from({ length: 5 }, (_, index) => `Comment number ${index + 1}.`)
  const { comments } = await withComments(app, bodies)
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'number 1.').focus()
  await page.keyboard.press('Shift+J')
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByText('3 selected').waitFor()
  await page.keyboard.press('a')
  await page.getByText('3 comments approved', { exact: true }).waitFor()
  expect(await page.getByRole('article').count()).toBe(2)
  await page.getByText('3 comments approved.', { exact: true }).waitFor()
  const statuses = await Promise.all(comments.map(({ id }) => statusOf(app, id)))
  expect(statuses).toEqual(['APPROVED', 'APPROVED', 'APPROVED', 'PENDING', 'PENDING'])
})

test('a view that can not be loaded says so, and a reload shows it', async () => {
  await using app = await freshApp()
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await page.getByText('No comment waits', { exact: true }).waitFor()
  await page.route('**/assets/**', (route) => route.abort())
  await page.getByRole('link', { name: 'Readers' }).click()
  await page.getByRole('heading', { name: 'The desk stopped' }).waitFor()
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('link', { name: 'Waiting' }).click()
  await page.getByText('No comment waits', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Readers' }).click()
  await page.unroute('**/assets/**')
  await page.getByRole('button', { name: 'Reload the desk' }).click()
  await page.getByRole('heading', { name: 'Readers' }).waitFor()
})

test('a desk that is older than the gateway says so, and a reload continues', async () => {
  await using app = await freshApp()
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await page.getByText('No comment waits', { exact: true }).waitFor()
  await page.route('**/graphql', (route) => {
    const errors = [{ message: 'Unknown document', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }]
    return route.fulfill({ status: 404, json: { errors } })
  })
  await page.getByRole('link', { name: 'Readers' }).click()
  await page.getByText('The gateway has a newer version of the desk.').waitFor()
  expect(await violationsOf(page)).toEqual([])
  await page.unroute('**/graphql')
  await page.getByRole('button', { name: 'Reload the desk' }).click()
  await page.getByText('The gateway has a newer version of the desk.').waitFor({ state: 'detached' })
  await page.getByRole('heading', { name: 'Readers' }).waitFor()
})

test('leaving the page sends what can still be undone', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Approve and leave.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Approve and leave.').focus()
  await page.keyboard.press('a')
  await page.goto('about:blank')
  await becomes(app, comments[0]?.id, 'APPROVED')
})

/** One comment, and a reply to a comment that was removed: they are approved in separate requests. */
async function withTwoRequests(app: TestApp): Promise<string[]> {
  const { prisma } = app.database
  const { article, comments } = await withComments(app, ['The removed parent.', 'A plain comment.'])
  const [parent, plain] = comments.map(({ id }) => id) as [string, string]
  await approve(prisma, [parent])
  const reply = await addComment(prisma, article.key, { body: 'The reply.', by: 'Replier', parentId: parent })
  await reject(prisma, [parent])
  return [plain, reply.id]
}

async function approveBoth(page: Page): Promise<void> {
  await commentWith(page, 'The reply.').getByText('that was removed').waitFor()
  await commentWith(page, 'A plain comment.').focus()
  await page.keyboard.press('Shift+J')
  await page.getByText('2 selected').waitFor()
  await page.keyboard.press('a')
}

test('leaving the page sends all requests of a decision', async () => {
  await using app = await freshApp()
  const ids = await withTwoRequests(app)
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await approveBoth(page)
  await page.goto('about:blank')
  for (const id of ids) await becomes(app, id, 'APPROVED')
})

test('signing out sends all requests of a decision first', async () => {
  await using app = await freshApp()
  const ids = await withTwoRequests(app)
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await approveBoth(page)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByText('Choose who you are').waitFor()
  expect(await Promise.all(ids.map((id) => statusOf(app, id)))).toEqual(['APPROVED', 'APPROVED'])
})

test('two moderators see what arrives and what the other decides', async () => {
  await using app = await freshApp()
  const { article } = await withComments(app, ['For both of us.', 'This one stays.'])
  await using windows = await openBrowser(app.url)
  const first = await openDesk(windows, app)
  const second = await openDesk(windows, app, { name: 'Second sample moderator' })
  await commentWith(second, 'For both of us.').focus()
  await commentWith(first, 'For both of us.').focus()
  await addComment(app.database.prisma, article.key, { body: 'A late arrival.', by: 'Late reader' })
  await commentWith(first, 'A late arrival.').waitFor()
  await commentWith(second, 'A late arrival.').waitFor()
  await first.keyboard.press('a')
  await commentWith(second, 'For both of us.').getByText('Approved by Sample moderator').waitFor()
  await commentWith(second, 'For both of us.').waitFor({ state: 'detached' })
  await focusIsOn(second, 'This one stays.')
})

test('a key that is pressed late does not decide the next comment', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Another moderator decides this.', 'This one stays.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Another moderator').focus()
  await page.clock.install()
  await page.clock.pauseAt(Date.now() + 1_000)
  await approve(app.database.prisma, [comments[0]?.id as string], 'Nadia')
  await commentWith(page, 'Another moderator').getByText('Approved by Nadia').waitFor()
  await page.clock.runFor(4_100)
  await focusIsOn(page, 'This one stays.')
  await page.keyboard.press('a')
  await page.clock.runFor(1_000)
  await page.keyboard.press('r')
  await page.getByRole('dialog').getByText('This one stays.').waitFor()
  expect(await statusOf(app, comments[1]?.id as string)).toBe('PENDING')
})

test('a decision that is sent again after a lost answer is not shown as another moderator’s', async () => {
  await using app = await freshApp()
  await withComments(app, ['The first comment.', 'The second comment.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The first comment.').focus()
  await page.keyboard.press('Shift+X')
  await page.getByText('2 selected').waitFor()
  await page.route('**/graphql', async (route) => {
    if (!route.request().postDataJSON().variables.ids) return route.fallback()
    await route.fetch()
    await route.abort()
    await page.unroute('**/graphql')
  })
  await page.keyboard.press('a')
  await page.getByText('2 comments approved.', { exact: true }).waitFor()
})

test('a conflict says who decided what', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Both decide this.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Both decide this.').focus()
  await page.keyboard.press('a')
  await reject(app.database.prisma, [comments[0]?.id as string], 'Nadia')
  await page.getByText('Nadia rejected the comment by Reader 1 before you.').waitFor()
  expect(await statusOf(app, comments[0]?.id as string)).toBe('REJECTED')
})

test('a rejection that is being written shows that another moderator approved the comment', async () => {
  await using app = await freshApp()
  const { comments } = await withComments(app, ['Not decided yet.', 'Another one.'])
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'Not decided yet.').focus()
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('checkbox').nth(6).waitFor()
  await approve(app.database.prisma, [comments[0]?.id as string], 'Nadia')
  await dialog.getByText('Approved by Nadia').waitFor()
  await page.keyboard.press('1')
  await page.keyboard.press('Enter')
  await page.getByText('Nadia approved the comment by Reader 1 before you.').waitFor()
  expect(await statusOf(app, comments[0]?.id as string)).toBe('APPROVED')
  expect(windows.complaints).toEqual([])
})

test('a comment that cannot be approved is back in the list, with the reason', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { article, comments } = await withComments(app, ['The parent.'])
  const [parent] = comments
  await approve(prisma, [parent?.id as string])
  await addComment(prisma, article.key, { body: 'The reply.', by: 'Replier', parentId: parent?.id as string })
  await using windows = await openBrowser(app.url)
  const page = await openDesk(windows, app)
  await commentWith(page, 'The reply.').getByText('In reply to Reader 1').waitFor()
  await commentWith(page, 'The reply.').focus()
  await page.keyboard.press('a')
  await reject(prisma, [parent?.id as string])
  await page.getByText('was not decided and is back in the list').waitFor()
  await commentWith(page, 'The reply.').waitFor()
})
