import { existsSync } from 'node:fs'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** Where Debian puts Chromium; the environment variable CHROMIUM names another one. */
export const chromiumPath = process.env.CHROMIUM || '/usr/bin/chromium'

/** Whether there is a browser to test with. Continuous integration must have one, so there it counts as found. */
export const hasChromium = existsSync(chromiumPath) || process.env.CI === 'true'

/**
 * For tests in a browser that do not depend on the kind of database: continuous integration runs them once, on
 * PostgreSQL. The whole path of a comment, and the widget, are tested on both databases.
 */
export const runsBrowserOnce =
  hasChromium && (process.env.CI !== 'true' || process.env.DATABASE_URL !== undefined)

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface Windows extends AsyncDisposable {
  /** Opens an address in a window that shares nothing with the others. */
  open(url: string, options?: BrowserContextOptions): Promise<Page>
  /** The hosts that pages asked for anything, websockets included. */
  readonly hosts: Set<string>
  /** What pages complained about on the console, and the errors that nothing caught. */
  readonly complaints: string[]
  /** The addresses of the websockets that were opened. */
  readonly sockets: string[]
}

/** A Chromium without a screen. Requests to any host but those of `origins` are blocked, and noted. */
export async function openBrowser(...origins: string[]): Promise<Windows> {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: flags })
  const homes = origins.map((origin) => new URL(origin).host)
  const windows = {
    hosts: new Set<string>(),
    complaints: [] as string[],
    sockets: [] as string[],
    async open(url: string, options?: BrowserContextOptions) {
      const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options })
      for (const origin of origins) {
        await context.grantPermissions(['clipboard-read', 'clipboard-write'], {
          origin: new URL(origin).origin,
        })
      }
      await blockOthers(context, homes, windows.hosts)
      const page = await context.newPage()
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) windows.complaints.push(message.text())
      })
      page.on('pageerror', (error) => windows.complaints.push(String(error)))
      page.on('websocket', (socket) => {
        windows.hosts.add(new URL(socket.url()).host)
        windows.sockets.push(socket.url())
      })
      await page.goto(url)
      return page
    },
    [Symbol.asyncDispose]: () => browser.close(),
  }
  return windows
}

async function blockOthers(
  context: BrowserContext,
  homes: readonly string[],
  hosts: Set<string>,
): Promise<void> {
  await context.route('**/*', (route) => {
    const url = new URL(route.request().url())
    // Pages carry their workers with them as blobs.
    if (url.protocol === 'blob:' || url.protocol === 'data:') return route.continue()
    hosts.add(url.host)
    return homes.includes(url.host) ? route.continue() : route.abort()
  })
}
