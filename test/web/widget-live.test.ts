import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { hasChromium, openBrowser } from '../support/browser.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'
import { openProxy } from '../support/proxy.ts'
import { openOutlet, widgetPage } from './outlet.ts'
import { bodiesOf, isLive, openWidget, published, setStage } from './stage.ts'

test.skipIf(!hasChromium)(
  'the widget continues after cut connections and a restart of the gateway, without loss or doubles',
  async () => {
    await using database = await freshDatabase()
    const { prisma } = database
    const { key, slug } = await addArticle(prisma)
    const publish = async (body: string) => {
      const { id } = await addComment(prisma, key, { body })
      await approve(prisma, [id])
      return id
    }
    await publish('one')
    const first = await freshApp({ database })
    await using proxy = await openProxy(first.config.port)
    await using outlet = await openOutlet()
    const gateway = `http://127.0.0.1:${proxy.port}`
    await using browser = await openBrowser(gateway, outlet.origin)
    const page = await browser.open(
      outlet.page('/', widgetPage(gateway, { article: slug, attributes: 'order="oldest"' })),
    )
    await isLive(page)

    proxy.cut()
    await page.locator('.connection:not(.live)').waitFor()
    const two = await publish('two')
    await publish('three')
    await reject(prisma, [two])
    proxy.mend()
    await page.locator('.list .body', { hasText: 'three' }).waitFor()
    expect(await bodiesOf(page)).toEqual(['one', 'three'])

    proxy.cut()
    await first.close()
    await publish('four')
    await using second = await freshApp({ database })
    proxy.redirect(second.config.port)
    proxy.mend()
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.locator('.list .body', { hasText: 'four' }).waitFor()
    await isLive(page)
    await publish('five')
    await page.locator('.list .body', { hasText: 'five' }).waitFor()
    expect(await bodiesOf(page)).toEqual(['one', 'three', 'four', 'five'])
  },
)

test.skipIf(!hasChromium)('without websockets, the widget reads the events by query', async () => {
  await using stage = await setStage()
  stage.outlet.page('/', '')
  const page = await stage.browser.open(`${stage.outlet.origin}/`)
  await page.routeWebSocket(/graphql/, (socket) => socket.close())
  stage.outlet.page('/', widgetPage(stage.gateway, { article: stage.story.slug }))
  await page.reload()
  await isLive(page, 'Updated every few seconds')
  const [id = ''] = await published(stage, ['by query'])
  await page.locator('.list .body', { hasText: 'by query' }).waitFor()
  await reject(stage.app.database.prisma, [id])
  await page.locator('.list .body').waitFor({ state: 'detached' })
})

test.skipIf(!hasChromium)(
  'after a reset of the feed, the comments are loaded again where the reader is',
  async () => {
    await using stage = await setStage()
    const { prisma } = stage.app.database
    await published(
      stage,
      Array.from({ length: 30 }, (_, index) => `comment ${index}.`),
    )
    const page = await openWidget(stage)
    await isLive(page)
    await page.getByRole('button', { name: 'Show older comments' }).click()
    const read = page.locator('.card', { hasText: 'comment 12.' })
    await page.locator('.body', { hasText: 'comment 0.' }).waitFor()
    await read.evaluate((card) => card.scrollIntoView({ block: 'start' }))
    const before = (await read.boundingBox())?.y ?? 0
    await page.context().setOffline(true)
    await page.locator('.connection.offline').waitFor()
    // As after a restore from a backup.
    await prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
    const [comment] = await prisma.comment.findMany({ where: { body: 'comment 13.' } })
    await reject(prisma, [comment?.id ?? ''])
    await page.context().setOffline(false)
    await page.evaluate(() => dispatchEvent(new Event('online')))
    await page.locator('.list .body', { hasText: 'comment 13.' }).waitFor({ state: 'detached' })
    await isLive(page)
    expect(Math.abs(((await read.boundingBox())?.y ?? 0) - before)).toBeLessThan(3)
  },
)

test.skipIf(!hasChromium)(
  'when the gateway cannot be reached or refuses the origin, the widget says so and the content of the page stays',
  async () => {
    await using stage = await setStage()
    const { outlet, browser, story, app } = stage
    await using production = await freshApp({
      database: app.database,
      env: {
        NODE_ENV: 'production',
        AUTH_SECRET: 'a secret of more than thirty-two bytes',
        AUTH_ISSUER: 'https://id.example',
        AUTH_AUDIENCE: 'news',
      },
    })
    const closed = 'http://127.0.0.1:9'
    const other = `http://127.0.0.1:${production.config.port}`
    await using windows = await openBrowser(stage.gateway, outlet.origin, other, closed)
    const open = (path: string, gateway: string) =>
      windows.open(
        outlet.page(
          path,
          widgetPage(stage.gateway, {
            article: story.slug,
            attributes: `gateway="${gateway}"`,
            fallback: '<p>Comments from the server</p>',
          }),
        ),
      )
    const refused = await open('/refused', other)
    await refused.getByText('does not allow this website').waitFor()
    expect(await refused.getByText('Comments from the server').isVisible()).toBe(true)
    expect(windows.complaints.join()).toContain('ORIGINS')
    const unreachable = await open('/unreachable', closed)
    await unreachable.getByText('there is no connection to the server').waitFor()
    await unreachable.getByRole('button', { name: 'Try again' }).waitFor()
    expect(await unreachable.getByText('Comments from the server').isVisible()).toBe(true)
    void browser
  },
)
