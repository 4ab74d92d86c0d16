import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** The text of one of the pages beside this file. */
export async function page(name: string): Promise<string> {
  return readFile(pagePath(name), 'utf8')
}

export function pagePath(name: string): string {
  return join(import.meta.dirname, 'pages', name)
}

export interface NewsServer extends AsyncDisposable {
  /** Its address, without a slash at the end. */
  readonly url: string
}

/** Serves news pages on this machine. */
export async function serve(answer: RequestListener): Promise<NewsServer> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
