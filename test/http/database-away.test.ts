import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { openDatabase } from '../../src/db/open.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshSettings, type TestSettings } from '../support/database.ts'
import { openStream } from '../support/event-stream.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { openProxy, type Proxy as Wire } from '../support/proxy.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'

// The embedded database is in the gateway's own process, and never away.
describe.runIf(process.env.DATABASE_URL)('while the database is away', { timeout: 120_000 }, () => {
  let settings: TestSettings
  let wire: Wire
  let gateway: Gateway
  let articleId: string
  let slug: string
  let keys: { header: string; feed: string }

  beforeAll(async () => {
    settings = await freshSettings()
    const url = new URL(settings.env.DATABASE_URL as string)
    await using database = Object.assign(await openDatabase({ url: url.href, dataDir: '' }), {
      async [Symbol.asyncDispose]() {
        await database.close()
      },
    })
    const article = await addArticle(database.prisma, { headline: 'Read before' })
    articleId = article.id
    slug = article.slug
    const partner = await addPartner(database.prisma)
    keys = { header: partner.key, feed: await addKey(database.prisma, partner.slug, 'FEED') }
    wire = await openProxy(Number(url.port))
    url.hostname = '127.0.0.1'
    url.port = String(wire.port)
    url.username = url.username || 'postgres'
    gateway = await startGateway({ ...settings.env, DATABASE_URL: url.href, SAMPLE: 'off' })
    wire.cut()
  }, 120_000)
  afterAll(async () => {
    await gateway?.kill()
    await wire?.[Symbol.asyncDispose]()
    await settings?.remove()
  })

  const queries = () => [
    `{ article(slug: "${slug}") { headline } }`,
    `{ article(slug: "${slug}") { feedCursor } }`,
    '{ articles { edges { node { headline } } } }',
    '{ search(text: "Read") { articles { edges { node { slug } } } } }',
    '{ people { edges { node { name } } } guidelines { code } }',
    `{ node(id: "${articleId}") { id } }`,
  ]

  async function post(query: string, accept: string, token?: string) {
    const response = await fetch(`${gateway.origin}/graphql`, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query }),
    })
    return {
      status: response.status,
      retryAfter: response.headers.get('retry-after'),
      ...(await response.json()),
    }
  }

  const codesOf = ({ errors }: { errors: { extensions: { code: string } }[] }) =>
    new Set(errors.map(({ extensions }) => extensions.code))

  test.each([
    ['application/graphql-response+json', 503],
    ['application/json', 200],
  ])(
    'every query as %s is answered %i, TEMPORARILY_UNAVAILABLE, with Retry-After and no data',
    async (accept, status) => {
      for (const query of queries()) {
        const answer = await post(query, accept)
        expect([query, answer.status, answer.retryAfter]).toEqual([query, status, '5'])
        expect(codesOf(answer)).toEqual(new Set(['TEMPORARILY_UNAVAILABLE']))
        expect(answer).not.toHaveProperty('data')
      }
    },
  )

  test('mutations too, and what a partner asks', async () => {
    const token = await signToken({
      auth: { kind: 'development' },
      dataDir: settings.env.DATA_DIR,
      role: 'reader',
      ttlSeconds: 600,
    })
    const submit = `mutation { submitComment(input: { articleId: "${articleId}", body: "Lost?" }) { __typename } }`
    for (const answer of [
      await post(submit, 'application/graphql-response+json', token),
      await post(
        '{ changes(first: 1) { pageInfo { hasNextPage } } }',
        'application/graphql-response+json',
        keys.header,
      ),
    ]) {
      expect([answer.status, answer.retryAfter]).toEqual([503, '5'])
      expect(codesOf(answer)).toEqual(new Set(['TEMPORARILY_UNAVAILABLE']))
    }
  })

  test('what needs no database is answered beside it', async () => {
    const query = `{ __typename article(slug: "${slug}") { headline } }`
    const answer = await post(query, 'application/graphql-response+json')
    expect(answer).toMatchObject({ status: 200, data: { __typename: 'Query', article: null } })
    expect(codesOf(answer)).toEqual(new Set(['TEMPORARILY_UNAVAILABLE']))
  })

  test('a query over a websocket has the code, and a feed closes the socket with 1013', async () => {
    await using socket = await rawSocket(`${gateway.origin.replace('http', 'ws')}/graphql`)
    socket.send(operation('1', '{ articles { edges { cursor } } }'))
    expect(codesOf((await socket.next()).payload)).toEqual(new Set(['TEMPORARILY_UNAVAILABLE']))
    expect(await socket.next()).toMatchObject({ id: '1', type: 'complete' })
    socket.send(operation('2', operationText('CommentFeed'), { articleId }))
    expect(await socket.closed).toMatchObject({ code: 1013 })
  })

  test('feeds, REST, event streams and the WebSub hub answer 503 with Retry-After', async () => {
    const { origin } = gateway
    const bearer = { authorization: `Bearer ${keys.header}` }
    const form = new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': `${origin}/feeds/rss.xml`,
      'hub.callback': 'http://127.0.0.1:9/callback',
    })
    for (const answer of await Promise.all([
      fetch(`${origin}/feeds/rss.xml`),
      fetch(`${origin}/feeds/atom.xml`, { headers: bearer }),
      fetch(`${origin}/feeds/rss.xml?key=${keys.feed}`),
      fetch(`${origin}/syndication/changes`, { headers: bearer }),
      fetch(`${origin}/syndication/articles/${encodeURIComponent(articleId)}`, { headers: bearer }),
      fetch(`${origin}/websub`, { method: 'POST', body: form }),
    ])) {
      expect([answer.url, answer.status]).toEqual([answer.url, 503])
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(await answer.text()).not.toMatch(/Unexpected|postgres/)
    }
    const stream = await openStream(`${origin}/graphql`, operationText('CommentFeed'), { articleId })
    expect(stream.status).toBe(503)
  })

  test('the log holds no client, no address and no password', () => {
    const log = gateway.stderr()
    expect(log).toContain('the database does not respond; clients receive the error TEMPORARILY_UNAVAILABLE')
    expect(log).not.toMatch(/secretKey|connectionParameters|"client"|postgres(?:ql)?:\/\/(?!\[hidden\])/)
    expect(log).not.toContain(String(wire.port))
    expect(log).not.toContain('127.0.0.1')
    for (const line of log.trim().split('\n')) {
      const { err } = JSON.parse(line)
      if (err)
        expect(['cause', 'code', 'message', 'name', 'stack']).toEqual(
          expect.arrayContaining(Object.keys(err)),
        )
    }
  })

  test('and when it is back, all is answered again', async () => {
    wire.mend()
    let answer = await post(queries()[0] as string, 'application/json')
    while (answer.errors) answer = await post(queries()[0] as string, 'application/json')
    expect(answer.data.article.headline).toBe('Read before')
  })
})
