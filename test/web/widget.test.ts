import { expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { hasChromium, openBrowser } from '../support/browser.ts'
import { addArticle } from '../support/newsroom.ts'
import { openOutlet, widgetPage } from './outlet.ts'

const originOf = (app: TestApp) => app.url.replace('/graphql', '')

test.skipIf(!hasChromium)(
  'on the page of another origin, a reader writes a comment and sees it wait; another reader sees it when it is approved, and no longer when it is retracted',
  async () => {
    await using app = await freshApp()
    const { slug } = await addArticle(app.database.prisma, { commenting: { open: true } } as never)
    await using outlet = await openOutlet()
    const gateway = originOf(app)
    const token = await app.token('reader', { name: 'Ada' })
    const forReader = outlet.page('/reader', widgetPage(gateway, { article: slug, token }))
    const forAll = outlet.page('/all', widgetPage(gateway, { article: slug }))
    await using browser = await openBrowser(gateway, outlet.origin)

    const watcher = await browser.open(forAll)
    await watcher.getByText('0 comments').waitFor()
    const reader = await browser.open(forReader)
    await reader.getByLabel('Your comment').fill('Hello from another origin')
    await reader.getByRole('button', { name: 'Send', exact: true }).click()
    await reader.getByText('Your comment was sent').waitFor()
    await reader.getByText('Waiting for a moderator').waitFor()
    expect(browser.complaints).toEqual([])
  },
)
