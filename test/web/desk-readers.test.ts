import { afterAll, test as always, beforeAll, expect } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { violationsOf } from '../support/axe.ts'
import { openBrowser, runsBrowserOnce, type Windows } from '../support/browser.ts'
import { openDesk } from '../support/desk.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'

const test = always.skipIf(!runsBrowserOnce)

let app: TestApp
let windows: Windows

beforeAll(async () => {
  if (!runsBrowserOnce) return
  app = await freshApp()
  const { prisma } = app.database
  const { key } = await addArticle(prisma, { headline: 'The discussed story' })
  const write = async (body: string, by: string) => (await addComment(prisma, key, { body, by })).id
  await approve(prisma, [await write('A good point.', 'Zoe Quill')])
  await reject(prisma, [await write('A bad word.', 'Zoe Quill')], 'Omar')
  await write('A waiting thought.', 'Zoe Quill')
  await write('Of somebody else.', 'Adam')
  windows = await openBrowser(app.url)
})
afterAll(async () => {
  await windows?.[Symbol.asyncDispose]()
  await app?.close()
})

test('a moderator finds a reader by name or subject, and reads the comments by status', async () => {
  const page = await openDesk(windows, app, { path: '/readers' })
  await page.getByRole('link', { name: 'Adam' }).waitFor()
  expect(await violationsOf(page)).toEqual([])
  const search = page.getByRole('searchbox', { name: 'Name or whole subject' })
  await search.fill('quil')
  await page.getByRole('link', { name: 'Adam' }).waitFor({ state: 'detached' })
  await search.fill('reader-Adam')
  await page.getByRole('link', { name: 'Adam' }).waitFor()
  await search.fill('nobody has this name')
  await page.getByText('No reader has this name or subject').waitFor()
  await search.fill('Zoe Quill')
  await page.getByRole('link', { name: 'Zoe Quill' }).click()

  await page.getByRole('heading', { level: 1, name: 'Zoe Quill' }).waitFor()
  await page.getByText('A waiting thought.').waitFor()
  await page.getByText('Only an administrator can ban a reader').waitFor()
  expect(await page.getByRole('button', { name: 'Ban…' }).count()).toBe(0)
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Rejected 1' }).click()
  await page.getByText('A waiting thought.').waitFor({ state: 'detached' })
  await page.getByText(/Omar rejected it on/).waitFor()
  expect(new URL(page.url()).searchParams.get('comments')).toBe('REJECTED')
  await page.getByRole('button', { name: 'Approved 1' }).click()
  await page.getByText('A good point.').waitFor()
})

test('an administrator bans a reader with a reason, and lifts the ban; the history says who and why', async () => {
  const page = await openDesk(windows, app, { path: '/readers?search=Adam', name: 'Sample administrator' })
  await page.getByRole('link', { name: 'Adam' }).click()
  await page.getByRole('button', { name: 'Ban…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('The reader can no longer comment').waitFor()
  expect(await dialog.getByRole('button', { name: 'Ban reader' }).isDisabled()).toBe(true)
  await dialog.getByLabel('Reason').fill('Threats, three times')
  expect(await violationsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Ban reader' }).click()
  await page.getByText('Adam is banned.').waitFor()
  await page.getByText('Banned by Sample administrator').waitFor()
  await page.getByText('Threats, three times').waitFor()
  const reader = () => app.database.prisma.reader.findUniqueOrThrow({ where: { subject: 'reader-Adam' } })
  expect((await reader()).status).toBe('BANNED')

  await page.getByRole('button', { name: 'Lift the ban…' }).click()
  await dialog.getByLabel('Reason').fill('An apology')
  await dialog.getByRole('button', { name: 'Lift ban' }).click()
  await page.getByText('Ban lifted by Sample administrator').waitFor()
  expect((await reader()).status).toBe('GOOD')
  expect(windows.complaints).toEqual([])
})

test('in Arabic, the page is right to left, and its words and plurals are Arabic', async () => {
  const page = await openDesk(windows, app, { path: '/readers' })
  await page.getByRole('link', { name: 'Adam' }).waitFor()
  await page.evaluate(() => localStorage.setItem('dateline-language', 'ar'))
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'القراء' }).waitFor()
  expect(await page.evaluate(() => [document.documentElement.dir, document.documentElement.lang])).toEqual([
    'rtl',
    'ar',
  ])
  await page.getByRole('searchbox', { name: 'الاسم أو المعرّف كاملًا' }).fill('ab')
  await page.getByText('يبدأ البحث من 3 أحرف').waitFor()
  await page.getByRole('searchbox').fill('Zoe')
  await page.getByRole('link', { name: 'Zoe Quill' }).click()
  await page.getByRole('button', { name: 'قيد الانتظار 1' }).click()
  await page.getByText('A waiting thought.').waitFor()
  expect(await violationsOf(page)).toEqual([])
})

test('the search begins at three characters; an address that is not valid says so in the language of the desk', async () => {
  const page = await openDesk(windows, app, { path: '/readers?search=zo' })
  await page.getByText('The search begins at 3 characters').waitFor()
  await page.getByRole('link', { name: 'Adam' }).waitFor()
  await page.getByRole('combobox', { name: 'Language' }).selectOption('tr')
  await page.goto(new URL('/desk/readers/garbage', app.url).href)
  await page.getByText('Adres veya bir süzgeç geçersiz').waitFor()
})
