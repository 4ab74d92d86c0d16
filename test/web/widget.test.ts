import { expect, test } from 'vitest'
import { fragmentOf } from '../../src/web/widget/addresses.ts'
import { hasChromium } from '../support/browser.ts'
import { approve, globalId, reject } from '../support/newsroom.ts'
import { widgetPage } from './outlet.ts'
import { bodiesOf, isLive, openWidget, published, setStage } from './stage.ts'

test.skipIf(!hasChromium)(
  'a reader on the page of another origin writes a comment and sees it wait; all readers see it when it is approved, and no longer when it is retracted',
  async () => {
    await using stage = await setStage()
    const { browser, app } = stage
    const watcher = await openWidget(stage)
    await isLive(watcher)
    const reader = await openWidget(stage, { reader: 'Ada' })
    await reader.getByLabel('Your comment').fill('Hello from another origin')
    await reader.getByRole('button', { name: 'Send', exact: true }).click()
    await reader.getByText('Your comment was sent').waitFor()
    await reader.getByText('Waiting for a moderator').waitFor()
    expect(await bodiesOf(watcher)).toEqual([])

    const ids = await stage.pending()
    await approve(app.database.prisma, ids)
    await watcher.locator('.list .body', { hasText: 'Hello from another origin' }).waitFor()
    await watcher.getByText('1 comment', { exact: true }).waitFor()
    await reader.locator('.own .status', { hasText: 'Published' }).waitFor()

    await reject(app.database.prisma, ids)
    await watcher.locator('.list .body').waitFor({ state: 'detached' })
    await watcher.getByText('0 comments').waitFor()
    await reader.locator('.own .status', { hasText: 'Not published' }).waitFor()
    expect(browser.complaints).toEqual([])
    expect([...browser.hosts].sort()).toEqual(
      [new URL(stage.gateway).host, new URL(stage.outlet.origin).host].sort(),
    )
  },
)

test.skipIf(!hasChromium)(
  'in Arabic, the widget is written from right to left, and a rejection names the guidelines in Arabic',
  async () => {
    await using stage = await setStage({ language: 'ar' })
    const page = await openWidget(stage, { reader: 'Ada', language: 'ar' })
    expect(await page.locator('.widget').getAttribute('dir')).toBe('rtl')
    await page.getByLabel('تعليقك').fill('سطر عربي with English 123 inside')
    await page.getByRole('button', { name: 'إرسال', exact: true }).click()
    await page.getByText('في انتظار المشرف').waitFor()
    await isLive(page, 'مباشر')
    await reject(stage.app.database.prisma, await stage.pending())
    // The author learns of a rejection when the page is looked at again.
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await page.locator('.own .rejection', { hasText: 'التزم بموضوع الخبر' }).waitFor()
    expect(stage.browser.complaints).toEqual([])
  },
)

test.skipIf(!hasChromium)(
  'new comments announce themselves and move nothing until the reader asks for them',
  async () => {
    await using stage = await setStage()
    await published(stage, ['first', 'second'])
    const page = await openWidget(stage)
    await isLive(page)
    const second = page.locator('.card', { hasText: 'second' })
    const before = await second.boundingBox()
    await published(stage, ['third', 'fourth'])
    const button = page.getByRole('button', { name: '2 new comments' })
    await button.waitFor()
    expect(await second.boundingBox()).toEqual(before)
    await page.locator('[role=status]', { hasText: '2 new comments' }).waitFor()
    await button.click()
    await page.locator('.list .body', { hasText: 'fourth' }).waitFor()
    expect(await bodiesOf(page)).toEqual(['fourth', 'third', 'second', 'first'])
    expect(await page.evaluate(focusedText)).toContain('fourth')
  },
)

test.skipIf(!hasChromium)(
  'replies are folded; a new reply to open replies is announced, and a removed comment keeps its place above them',
  async () => {
    await using stage = await setStage()
    const { prisma } = stage.app.database
    const [parent = ''] = await published(stage, ['parent', 'other'])
    await published(stage, ['reply 1', 'reply 2'], parent)
    const page = await openWidget(stage, { reader: 'Ada' })
    await isLive(page)
    expect(await bodiesOf(page)).toEqual(['other', 'parent'])
    await page.getByRole('button', { name: 'Show 2 replies' }).click()
    await page.locator('.body', { hasText: 'reply 2' }).waitFor()
    await published(stage, ['reply 3'], parent)
    await page.getByRole('button', { name: '1 new reply' }).click()
    await page.locator('.body', { hasText: 'reply 3' }).waitFor()

    await page.getByRole('button', { name: 'Reply to Author of parent' }).click()
    await page.getByLabel('Your reply').fill('reply 4')
    await page
      .getByLabel('Your reply')
      .locator('xpath=ancestor::form')
      .getByRole('button', { name: 'Send' })
      .click()
    await page.getByText('Reply to Author of parent', { exact: true }).waitFor()
    const [reply] = await prisma.comment.findMany({ where: { status: 'PENDING' } })
    expect(reply).toMatchObject({ body: 'reply 4', parentId: parent, language: 'en' })

    await reject(prisma, [parent])
    await page.getByText('This comment was removed.').waitFor()
    expect(await bodiesOf(page)).toEqual(['other', 'reply 1', 'reply 2', 'reply 3'])
    await page.getByRole('button', { name: 'Hide replies' }).click()
    expect(await bodiesOf(page)).toEqual(['other'])
  },
)

test.skipIf(!hasChromium)(
  'the address of a comment leads to it, wherever it is in the list or among replies',
  async () => {
    await using stage = await setStage()
    const bodies = Array.from({ length: 60 }, (_, index) => `comment ${index}.`)
    const ids = await published(stage, bodies)
    const [reply = ''] = await published(stage, ['a reply'], ids[30])
    const fragment = fragmentOf(globalId('Comment', reply))
    expect(fragment).toMatch(/^#comment-[\w-]{22}$/)
    const page = await openWidget(stage, { fragment })
    await page.locator('.card.linked', { hasText: 'a reply' }).waitFor()
    await expect.poll(() => page.evaluate(focusedText)).toContain('a reply')
    expect((await bodiesOf(page))[0]).toBe('comment 40.')
    await page.locator('.card.linked').getByRole('button', { name: 'Copy link' }).click()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `${stage.outlet.origin}/all${fragment}`,
    )

    await page.getByRole('button', { name: 'Show newer comments' }).click()
    await page.locator('.body', { hasText: 'comment 59.' }).waitFor()
    await page.goto(`${stage.outlet.origin}/all#comment-unknown`)
    await page.reload()
    await page.getByText('The linked comment is not available').waitFor()
  },
)

test.skipIf(!hasChromium)(
  'a draft survives a reload and a lost connection, and is gone when it was sent',
  async () => {
    await using stage = await setStage()
    const page = await openWidget(stage, { reader: 'Ada' })
    await page.getByLabel('Your comment').fill('A long thought')
    await page.reload()
    expect(await page.getByLabel('Your comment').inputValue()).toBe('A long thought')
    await page.context().setOffline(true)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('The comment was not sent').waitFor()
    await page.locator('.connection', { hasText: 'Offline' }).waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Send', exact: true }).dblclick()
    await page.getByText('Your comment was sent').waitFor()
    expect(await stage.pending()).toHaveLength(1)
    await page.reload()
    expect(await page.getByRole('textbox', { name: 'Your comment' }).inputValue()).toBe('')
  },
)

test.skipIf(!hasChromium)('a draft is shown only to the reader who wrote it', async () => {
  await using stage = await setStage()
  const page = await openWidget(stage, { reader: 'Ada' })
  const field = page.getByLabel('Your comment')
  await field.fill('Written by Ada')
  const signInAs = async (name: string) => {
    const token = await stage.app.token('reader', { name })
    await page.evaluate(
      (value) => Object.assign(document.querySelector('dateline-comments')!, { token: value }),
      token,
    )
  }
  await signInAs('Bo')
  await expect.poll(() => field.inputValue()).toBe('')
  await field.fill('Written by Bo')
  await page.reload()
  await expect.poll(() => field.inputValue()).toBe('Written by Ada')
  await signInAs('Bo')
  await expect.poll(() => field.inputValue()).toBe('Written by Bo')
})

test.skipIf(!hasChromium)('the content of the element is removed when the comments are there', async () => {
  await using stage = await setStage()
  const fallback = '<p>Comments from the server</p>'
  const html = widgetPage(stage.gateway, { article: stage.story.slug, fallback })
  const page = await stage.browser.open(stage.outlet.page('/fallback', html))
  await page.locator('dateline-comments .header').waitFor()
  const countOfContent = () =>
    page.evaluate(() => document.querySelector('dateline-comments')!.childElementCount)
  await expect.poll(countOfContent).toBe(0)
})

test.skipIf(!hasChromium)(
  'a page is asked to sign the reader in, and for a new token when the token is refused; the text is kept',
  async () => {
    await using stage = await setStage()
    const page = await openWidget(stage)
    await page.evaluate(() => {
      const heard: string[] = []
      Object.assign(window, { heard })
      for (const type of ['dateline-sign-in', 'dateline-token-needed'])
        document.addEventListener(type, () => heard.push(type))
    })
    await page.getByRole('button', { name: 'Sign in' }).click()
    const setToken = (token: string) =>
      page.evaluate(
        (value) => Object.assign(document.querySelector('dateline-comments')!, { token: value }),
        token,
      )
    await setToken(await stage.app.token('reader', { name: 'Ada' }))
    await page.getByLabel('Your comment').fill('Kept')
    await setToken(await stage.app.token('reader', { name: 'Ada', ttlSeconds: -60 }))
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Sign in again').waitFor()
    expect(await page.getByLabel('Your comment').inputValue()).toBe('Kept')
    const heard = await page.evaluate(() => (window as unknown as { heard: string[] }).heard)
    expect([heard[0], heard.at(-1)]).toEqual(['dateline-sign-in', 'dateline-token-needed'])
    const fresh = await stage.app.token('reader', { name: 'Ada' })
    await page.evaluate((token) => {
      Object.assign(document.querySelector('dateline-comments')!, {
        token: null,
        getToken: async () => token,
      })
    }, fresh)
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Your comment was sent').waitFor()
  },
)

test.skipIf(!hasChromium)(
  'in development, a reader writes as a sample reader by clicking alone',
  async () => {
    await using stage = await setStage()
    const page = await stage.browser.open('about:blank')
    const html = widgetPage(stage.gateway, { article: stage.story.slug, attributes: 'sample-identities' })
    await page.route(`${stage.gateway}/sample`, (route) =>
      route.fulfill({ contentType: 'text/html', body: html }),
    )
    await page.goto(`${stage.gateway}/sample`)
    await page.getByRole('button', { name: 'Sample reader', exact: true }).click()
    await page.getByLabel('Your comment').fill('Written by a sample reader')
    await page.getByRole('button', { name: 'Send', exact: true }).click()
    await page.getByText('Waiting for a moderator').waitFor()
    await page.reload()
    await page.locator('.own .body', { hasText: 'Written by a sample reader' }).waitFor()
  },
)

test.skipIf(!hasChromium)('when the comments close, the form says so and keeps the text', async () => {
  await using stage = await setStage()
  const { prisma } = stage.app.database
  const page = await openWidget(stage, { reader: 'Ada' })
  await page.getByLabel('Your comment').fill('Too late')
  await prisma.article.update({ where: { id: stage.story.key }, data: { commentingOpen: false } })
  await page.getByRole('button', { name: 'Send', exact: true }).click()
  await page.getByText('The comments were closed before you sent your text').waitFor()
  expect(await page.getByLabel('Your comment').inputValue()).toBe('Too late')
  const other = await openWidget(stage, { reader: 'Bo' })
  await other.getByText('The comments on this article are closed.').waitFor()
  expect(await other.locator('textarea').count()).toBe(0)
})

test.skipIf(!hasChromium)(
  'nothing that a comment says runs, and only addresses of pages become links',
  async () => {
    await using stage = await setStage()
    const hostile =
      '<img src=x onerror=alert(1)> javascript:alert(1) https://news.example/a(b). https://x.example/"onclick="alert(1)'
    await published(stage, [hostile])
    const page = await openWidget(stage)
    expect(await bodiesOf(page)).toEqual([hostile])
    const links = page.locator('.list .body a')
    expect(
      await links.evaluateAll((all) =>
        all.map((each) => [each.getAttribute('href'), each.getAttribute('rel')]),
      ),
    ).toEqual([
      ['https://news.example/a(b)', 'ugc nofollow noopener'],
      ['https://x.example/', 'ugc nofollow noopener'],
    ])
    expect(await page.locator('.list img').count()).toBe(0)
  },
)

function focusedText(): string {
  return document.querySelector('dateline-comments')?.shadowRoot?.activeElement?.textContent ?? ''
}
