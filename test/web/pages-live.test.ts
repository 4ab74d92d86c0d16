import type { WebSocketRoute } from 'playwright-core'
import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { hasChromium, openBrowser } from '../support/browser.ts'
import { addArticle } from '../support/newsroom.ts'

/** A gateway that ends each subscription with an error, and counts connections and operations. */
function refusing(code: string) {
  const seen = { connections: 0, operations: 0 }
  const handle = (socket: WebSocketRoute) => {
    seen.connections += 1
    socket.onMessage((data) => {
      const { type, id } = JSON.parse(String(data))
      if (type === 'connection_init') socket.send(JSON.stringify({ type: 'connection_ack' }))
      if (type !== 'subscribe') return
      seen.operations += 1
      const payload = [{ message: 'This operation has ended.', extensions: { code } }]
      socket.send(JSON.stringify({ id, type: 'error', payload }))
    })
  }
  return { seen, handle }
}

const STEP_MS = 2_000
const PAGES = [
  ['front page', () => '/'],
  ['story', (slug: string) => `/stories/${slug}`],
] as const

for (const [name, pathOf] of PAGES) {
  test.skipIf(!hasChromium)(
    `an open ${name} stops when the gateway refuses its subscription, and waits longer after each temporary error`,
    { timeout: 120_000 },
    async () => {
      await using app = await freshApp()
      const { slug } = await addArticle(app.database.prisma)
      const origin = new URL(app.url).origin
      await using browser = await openBrowser(origin)
      const open = async (code: string) => {
        const page = await browser.open(`${origin}/robots.txt`)
        const { seen, handle } = refusing(code)
        await page.routeWebSocket(/graphql/, handle)
        // Not the comments, which have a connection of their own.
        await page.route(/widget\.js/, (route) => route.abort())
        await page.clock.install()
        await page.goto(`${origin}${pathOf(slug)}`)
        await expect.poll(() => seen.operations).toBe(1)
        return { seen, pass: () => page.clock.runFor(STEP_MS) }
      }
      const unknown = await open('PERSISTED_QUERY_NOT_FOUND')
      for (let step = 0; step < 60; step += 1) await unknown.pass()
      // The page may have read its list once, before it received the error.
      expect(unknown.seen.operations).toBeLessThan(3)
      expect(unknown.seen.connections).toBeLessThan(3)

      const temporary = await open('TEMPORARILY_UNAVAILABLE')
      for (let step = 0; step < 60; step += 1) await temporary.pass()
      expect(temporary.seen.operations).toBeLessThan(30)
      for (let step = 0; step < 60 && temporary.seen.operations < 3; step += 1) await temporary.pass()
      expect(temporary.seen.operations).toBeGreaterThan(2)
    },
  )
}
