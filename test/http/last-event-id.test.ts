import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'

const feed = operationText('CommentFeed')

let app: TestApp
let articleId: string
/** The cursors behind the first, second and third approval. */
const cursors: string[] = []

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  articleId = article.id
  for (const body of ['one', 'two', 'three']) {
    const { id } = await addComment(prisma, article.key, { body, by: body })
    await approve(prisma, [id])
    const { article: read } = await app.ask('query ($id: ID!) { article(id: $id) { feedCursor } }', {
      id: articleId,
    })
    cursors.push(read.feedCursor)
  }
})
afterAll(() => app.close())

interface Returning {
  after?: number
  /** The parameter that polyfills of EventSource add to the address. */
  inAddress?: string
  header?: string
  method?: 'GET' | 'POST'
}

/** The cursor of the first event that a client gets which returns so. */
async function firstEvent({ after, inAddress, header, method = 'GET' }: Returning): Promise<string> {
  const connection = new AbortController()
  const variables = { articleId, ...(after === undefined ? {} : { after: cursors[after] }) }
  const address = new URL(app.url)
  if (inAddress !== undefined) address.searchParams.set('lastEventId', inAddress)
  if (method === 'GET') {
    address.searchParams.set('query', feed)
    address.searchParams.set('variables', JSON.stringify(variables))
  }
  const response = await fetch(address, {
    method,
    signal: connection.signal,
    headers: {
      accept: 'text/event-stream',
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...(header === undefined ? {} : { 'last-event-id': header }),
    },
    body: method === 'POST' ? JSON.stringify({ query: feed, variables }) : undefined,
  })
  let text = ''
  for await (const piece of response.body!.pipeThrough(
    new TextDecoderStream() as never,
  ) as AsyncIterable<string>) {
    text += piece
    const [, id] = /^id: ?(.+)$/m.exec(text) ?? []
    if (id) {
      connection.abort()
      return id
    }
  }
  throw new Error(`no event: ${text}`)
}

describe('a client of event streams that returns', () => {
  test.each(['GET', 'POST'] as const)(
    'with ?lastEventId= in the address of a %s goes on behind it',
    async (method) => {
      expect(await firstEvent({ inAddress: cursors[1], after: 0, method })).toBe(cursors[2])
    },
  )

  test('with an empty Last-Event-ID or ?lastEventId= goes on behind "after"', async () => {
    expect(await firstEvent({ header: '', after: 0 })).toBe(cursors[1])
    expect(await firstEvent({ inAddress: '', after: 0 })).toBe(cursors[1])
    expect(await firstEvent({ header: '', inAddress: '', after: 1 })).toBe(cursors[2])
  })

  test('with both goes on behind the header, which a browser sets itself', async () => {
    expect(await firstEvent({ header: cursors[1], inAddress: cursors[0], after: 0 })).toBe(cursors[2])
    expect(await firstEvent({ header: '', inAddress: cursors[1], after: 0 })).toBe(cursors[2])
  })
})
