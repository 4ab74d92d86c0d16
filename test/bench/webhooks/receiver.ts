import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Tally {
  /** Requests that came in, and those that were turned away with 500 before anything was done. */
  requests: number
  failed: number
  /** Different messages that were taken in, and how often one was that had been before. */
  distinct: number
  repeats: number
  /** Messages whose id, on another attempt, belonged to something else. */
  unstable: number
  /** Messages about a story that were first taken in after a later one about it. */
  disordered: number
  /** Requests whose signature is wrong. */
  forged: number
}

/** A partner's server that turns some requests away, at random, before it has looked at them. */
export async function startReceiver(failing: number) {
  const tally: Tally = {
    requests: 0,
    failed: 0,
    distinct: 0,
    repeats: 0,
    unstable: 0,
    disordered: 0,
    forged: 0,
  }
  const cursors = new Map<string, string>()
  const taken = new Set<string>()
  const newest = new Map<string, number>()
  let webhook: Webhook | null = null
  let progress = () => {}

  const server = createServer(async (request, response) => {
    const body = await textOf(request)
    tally.requests += 1
    if (Math.random() < failing) {
      tally.failed += 1
      response.writeHead(500).end()
      return
    }
    take(body, request.headers as Record<string, string>)
    response.writeHead(204).end()
    progress()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  function take(body: string, headers: Record<string, string>): void {
    try {
      webhook?.verify(body, headers)
    } catch {
      tally.forged += 1
    }
    const id = headers['webhook-id'] ?? ''
    const { cursor, articleId } = JSON.parse(body).data as { cursor: string; articleId: string }
    if ((cursors.get(id) ?? cursor) !== cursor) tally.unstable += 1
    cursors.set(id, cursor)
    if (taken.has(id)) {
      tally.repeats += 1
      return
    }
    taken.add(id)
    tally.distinct += 1
    const position = Number(Buffer.from(cursor, 'base64url').toString().split('/').at(-1))
    if (position < (newest.get(articleId) ?? 0)) tally.disordered += 1
    newest.set(articleId, Math.max(position, newest.get(articleId) ?? 0))
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    tally,
    expect(secret: string) {
      webhook = new Webhook(secret)
    },
    /** Settles when so many different messages were taken in; fails when nothing has come for so long, in ms. */
    async until(count: number, patienceMs: number): Promise<void> {
      while (tally.distinct < count) {
        const { promise, resolve, reject } = Promise.withResolvers<void>()
        const timer = setTimeout(() => reject(new Error('nothing comes any more')), patienceMs)
        progress = resolve
        await promise.finally(() => clearTimeout(timer))
      }
    },
    close: () => server.closeAllConnections(),
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
