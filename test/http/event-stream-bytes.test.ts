import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'

// An event stream to the byte, as clients that are no GraphQL clients read it.

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())
afterEach(() => void vi.useRealTimers())

interface Stream {
  response: IncomingMessage
  /** All that has come. */
  text: () => string
  /** Waits until so much has come. */
  until: (part: string) => Promise<void>
  cut: () => void
}

/** Asks for a stream with GET, over a connection of its own. */
async function open(articleId: string, headers: Record<string, string>): Promise<Stream> {
  const address = new URL(app.url)
  const after = app.services.commentFeeds.cursorAt(Buffer.from(articleId, 'base64').toString().slice(8), 0)
  const variables = JSON.stringify({ articleId, after })
  address.search = String(new URLSearchParams({ query: operationText('CommentFeed'), variables }))
  const asking = request(address, { headers, agent: false }).on('error', () => {})
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  let text = ''
  let arrived = Promise.withResolvers<void>()
  response.on('error', () => {})
  response.setEncoding('utf8').on('data', (piece) => {
    text += piece
    arrived.resolve()
    arrived = Promise.withResolvers()
  })
  return {
    response,
    text: () => text,
    async until(part) {
      while (!text.includes(part)) await arrived.promise
    },
    cut: () => asking.destroy(),
  }
}

test.each<[string, Record<string, string>]>([
  ['text/event-stream', { accept: 'text/event-stream' }],
  ['nothing in particular', {}],
])(
  'a client that asks for %s is sent a comment, each event with its cursor, and at last that it is complete',
  async (_what, headers) => {
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const stream = await open(article.id, headers)
    expect(stream.response.statusCode).toBe(200)
    await stream.until('\n\n')
    expect(stream.text()).toBe(':\n\n')
    await approve(prisma, [(await addComment(prisma, article.key, { body: 'Hello' })).id])
    await stream.until('Hello')
    const ended = once(stream.response, 'end')
    await addArticle(prisma, { slug: article.slug, status: 'WITHHELD' })
    await ended
    const cursor = app.services.commentFeeds.cursorAt(article.key, 1)
    const data = (event: object) => JSON.stringify({ data: { commentFeed: event } })
    const [comment, first, last, complete, rest] = stream.text().split('\n\n')
    expect(comment).toBe(':')
    expect(first).toMatch(new RegExp(`^id: ${cursor}\\nevent: next\\ndata: \\{"data":.*"Hello".*\\}$`))
    expect(last).toBe(
      `id: ${cursor}\nevent: next\ndata: ${data({ __typename: 'FeedReset', cursor, reason: 'ARTICLE_UNAVAILABLE' })}`,
    )
    expect([complete, rest]).toEqual(['event: complete\ndata:', ''])
  },
)

test('a stream on which nothing happens is sent a comment every 12 s, until it ends', async () => {
  const { id } = await addArticle(app.database.prisma)
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const stream = await open(id, { accept: 'text/event-stream' })
  await stream.until(':\n\n')
  vi.advanceTimersByTime(11_999)
  vi.advanceTimersByTime(1)
  await stream.until(':\n\n:\n\n')
  vi.advanceTimersByTime(11_999)
  expect(stream.text()).toBe(':\n\n:\n\n')
  vi.advanceTimersByTime(1)
  await stream.until(':\n\n:\n\n:\n\n')
  expect(vi.getTimerCount()).toBe(1)
  stream.cut()
  while (vi.getTimerCount() > 0) await new Promise(setImmediate)
})
