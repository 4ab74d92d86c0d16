import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { signatures } from '../../src/webhooks/signature.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'
import {
  type Adapter,
  freePort,
  noVarnish,
  startAdapter,
  startVarnish,
  type Varnish,
  varnishDocs,
} from '../support/varnish.ts'

// The configuration and the adapter are those of docs/cdn.md, and Varnish is the real one.

const secret = `whsec_${Buffer.from('y'.repeat(32)).toString('base64')}`

if (noVarnish) console.warn(`test/cdn/varnish.test.ts is skipped. ${noVarnish}`)

const { vcl, adapter: adapterSource } = await varnishDocs()

/** The configuration for the port of a gateway. */
const forPort = (port: number) => vcl.replace('.port = "4000"', `.port = "${port}"`)

/** Responses live for an hour: what is gone before, was purged. */
const withLongLife = (text: string) =>
  text.replace(
    'sub vcl_backend_response {',
    'sub vcl_backend_response {\n  if (beresp.http.Cache-Control ~ "s-maxage=[1-9]") { set beresp.ttl = 1h; }',
  )

interface Answer {
  response: Response
  text: string
  isHit: boolean
}

async function read(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(url, { headers })
  const text = await response.text()
  // Varnish names the request that fetched a held response, after the one that it answers.
  return { response, text, isHit: /^\d+ \d+$/.test(response.headers.get('x-varnish') ?? '') }
}

/** Reads until Varnish answers by itself: the gateway keeps nothing before its first poll. */
async function readUntilHeld(url: string, headers: Record<string, string> = {}): Promise<Answer> {
  for (;;) {
    const answer = await read(url, headers)
    if (answer.isHit) return answer
  }
}

/** Reads until the answer is another one. */
async function readUntilChanged(url: string, { text }: Answer): Promise<Answer> {
  for (;;) {
    const answer = await read(url)
    if (answer.text !== text) return answer
  }
}

const queryOf = (slug: string) =>
  `/graphql?query=${encodeURIComponent(`{ article(slug: "${slug}") { headline commentCount } }`)}`
const countIn = ({ text }: Answer) => (JSON.parse(text) as Json).data.article?.commentCount

const APPROVE = 'mutation ($id: ID!) { approveComments(input: { ids: [$id] }) { __typename } }'
const REJECT =
  'mutation ($id: ID!) { rejectComments(input: { ids: [$id], guidelines: ["RELEVANCE"] }) { __typename } }'
const WITHHOLD =
  'mutation ($id: ID!) { withholdArticle(input: { id: $id, version: 1 }) { __typename ... on Error { message } } }'

describe.skipIf(noVarnish)('behind Varnish, with purges', () => {
  let database: TestDatabase
  let app: TestApp
  let varnish: Varnish
  let adapter: Adapter
  /** Signatures are valid for five minutes. */
  let aheadMs = 0

  beforeAll(async () => {
    database = await freshDatabase()
    const port = await freePort()
    app = await freshApp({
      database,
      readCachePollMs: 400,
      now: () => new Date(Date.now() + aheadMs),
      env: {
        CDN_MAX_AGE: '4',
        CDN_PURGE_URL: `http://127.0.0.1:${port}/purge`,
        CDN_PURGE_SECRET: secret,
      },
    })
    varnish = await startVarnish(withLongLife(forPort(app.config.port)))
    adapter = await startAdapter(adapterSource, { secret, varnish: varnish.purgeUrl, port })
  })
  afterAll(async () => {
    await app?.close()
    await adapter?.[Symbol.asyncDispose]()
    await varnish?.[Symbol.asyncDispose]()
    await database?.close()
  })

  test('a query is held and answered by Varnish, and shows an approval, a retraction and a withheld article', async () => {
    const { slug, key, id } = await addArticle(database.prisma)
    const other = await addArticle(database.prisma)
    const comment = await addComment(database.prisma, key, { body: 'First' })
    const [url, otherUrl] = [varnish.url + queryOf(slug), varnish.url + queryOf(other.slug)]
    const moderator = await app.token('moderator')
    await readUntilHeld(otherUrl)

    const empty = await readUntilHeld(url)
    expect(countIn(empty)).toBe(0)
    expect(empty.response.headers.get('age')).toMatch(/^\d+$/)
    expect(empty.response.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
    expect(empty.response.headers.get('surrogate-key')).toBeNull()

    await app.ask(APPROVE, { id: globalId('Comment', comment.id) }, moderator)
    expect(countIn(await readUntilChanged(url, empty))).toBe(1)
    const full = await readUntilHeld(url)
    expect(countIn(full)).toBe(1)

    await app.ask(REJECT, { id: globalId('Comment', comment.id) }, moderator)
    expect(countIn(await readUntilChanged(url, full))).toBe(0)
    const without = await readUntilHeld(url)

    await app.ask(WITHHOLD, { id }, await app.token('editor'))
    expect(JSON.parse((await readUntilChanged(url, without)).text)).toEqual({ data: { article: null } })
  })

  test('a feed is held, and shows a withheld article no longer', async () => {
    const { slug, id } = await addArticle(database.prisma)
    const url = `${varnish.url}/feeds/rss.xml`
    await read(url)
    // A feed is held when it has not changed for two seconds.
    aheadMs += 10_000
    const held = await readUntilHeld(url)
    expect(held.text).toContain(slug)
    await readUntilHeld(url, { accept: 'application/rss+xml' })
    await app.ask(WITHHOLD, { id }, await app.token('editor'))
    expect((await readUntilChanged(url, held)).text).not.toContain(slug)
  })

  test('a request with a token, a post and a feed of a partner pass Varnish', async () => {
    const { slug } = await addArticle(database.prisma)
    const url = varnish.url + queryOf(slug)
    await readUntilHeld(url)
    const authorization = `Bearer ${await app.token('reader')}`
    for (const headers of [{ authorization }, { authorization: 'Bearer nonsense' }]) {
      expect((await read(url, headers)).isHit).toBe(false)
      expect((await read(url, headers)).isHit).toBe(false)
    }
    expect((await read(url, { authorization: 'Bearer nonsense' })).text).toContain('NOT_SIGNED_IN')
    const post = () =>
      fetch(`${varnish.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: '{ __typename }' }),
      })
    for (const response of [await post(), await post()]) {
      expect(response.headers.get('x-varnish')).not.toContain(' ')
      expect(await response.json()).toEqual({ data: { __typename: 'Query' } })
    }
    const unknown = `${varnish.url}/feeds/p/nobody/rss.xml`
    expect([(await read(unknown)).isHit, (await read(unknown)).isHit]).toEqual([false, false])
  })

  test('pages of two origins do not get the headers of each other', async () => {
    const { slug } = await addArticle(database.prisma)
    const url = varnish.url + queryOf(slug)
    await readUntilHeld(url)
    for (const origin of ['http://localhost:1', 'http://localhost:2', 'http://localhost:1']) {
      const { response } = await read(url, { origin })
      expect(response.headers.get('access-control-allow-origin')).toBe(origin)
    }
    await readUntilHeld(url, { origin: 'http://localhost:2' })
    expect((await read(url)).response.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('only the adapter can drop responses, and only with a message that is signed', async () => {
    const { slug } = await addArticle(database.prisma)
    const url = varnish.url + queryOf(slug)
    const body = JSON.stringify({ type: 'cdn.purge', data: { keys: ['all'] } })
    const timestamp = Math.floor(Date.now() / 1_000)
    const send = async (id: string, at: number, signature: string) => {
      const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature }
      return (await fetch(adapter.url, { method: 'POST', headers, body })).status
    }
    const sign = (at: number) => signatures({ id: 'msg_1', timestamp: at, body }, [secret])
    const early = timestamp - 3_600
    const tryToBan = async () => {
      const ban = (url: string, key: string) =>
        fetch(url, { method: 'BAN', headers: { 'surrogate-key': key } }).then(({ status }) => status)
      expect(await ban(varnish.url, 'all')).toBe(405)
      for (const key of ['all)|(.*', 'all" && obj.status == 200', '']) {
        expect([key, await ban(varnish.purgeUrl, key)]).toEqual([key, 400])
      }
      expect(await send('msg_1', timestamp, 'v1,nonsense')).toBe(401)
      expect(await send('msg_2', timestamp, sign(timestamp))).toBe(401)
      expect(await send('msg_1', early, sign(early))).toBe(401)
    }
    // A purge for the new article may come between.
    do {
      await readUntilHeld(url)
      await tryToBan()
    } while (!(await read(url)).isHit)
    expect(await send('msg_1', timestamp, `v1,other ${sign(timestamp)}`)).toBe(204)
    expect((await read(url)).isHit).toBe(false)
  })
})

describe.skipIf(noVarnish)('behind Varnish, without purges', () => {
  test('a withheld article is gone when the time to hold it is over', async () => {
    await using app = await freshApp({ readCachePollMs: 400, env: { CDN_MAX_AGE: '1' } })
    await using varnish = await startVarnish(forPort(app.config.port))
    const { slug, id } = await addArticle(app.database.prisma)
    const url = varnish.url + queryOf(slug)
    const held = await readUntilHeld(url)
    await app.ask(WITHHOLD, { id }, await app.token('editor'))
    await vi.waitFor(async () => expect((await read(url)).text).not.toBe(held.text), { timeout: 5_000 })
    expect(JSON.parse((await read(url)).text)).toEqual({ data: { article: null } })
  })
})
