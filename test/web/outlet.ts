import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** The site of an outlet: plain HTML files from an origin of its own. */
export interface Outlet extends AsyncDisposable {
  readonly origin: string
  /** Sets what an address answers; returns the whole address. */
  page(path: string, html: string, headers?: Record<string, string>): string
}

/** The origin of a gateway in a test. */
export const originOf = ({ url }: { url: string }): string => new URL(url).origin

export async function openOutlet(): Promise<Outlet> {
  const pages = new Map<string, { html: string; headers: Record<string, string> }>()
  const server = createServer(({ url = '/' }: IncomingMessage, response) => {
    const page = pages.get(new URL(url, 'http://outlet').pathname)
    if (!page) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    page(path, html, headers = {}) {
      pages.set(path, { html, headers })
      return origin + path
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

interface PageOptions {
  article: string
  /** More attributes of the element. */
  attributes?: string
  /** What readers see before the comments are loaded. */
  fallback?: string
  language?: string
  /** A reader's token, handed in by the outlet's own script. */
  token?: string
  /** More content, before the widget. */
  before?: string
}

/** The page of an outlet with the two lines of the widget. */
export function widgetPage(gateway: string, options: PageOptions): string {
  const { article, attributes = '', fallback = '', language = 'en', token, before = '' } = options
  const direction = ['ar', 'ckb'].includes(language) ? 'rtl' : 'ltr'
  const handIn = token
    ? `<script>document.querySelector('dateline-comments').token = ${JSON.stringify(token)}</script>`
    : ''
  return `<!doctype html>
<html lang="${language}" dir="${direction}">
<meta name="color-scheme" content="light dark">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>An outlet</title>
<main>
<h1>A story</h1>
${before}
<script type="module" src="${gateway}/widget.js"></script>
<dateline-comments article="${article}" ${attributes}>${fallback}</dateline-comments>
</main>
${handIn}
</html>`
}
