import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeKey } from '../../src/auth/api-key.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { openRateLimits } from '../../src/http/open-limits.ts'
import { authenticateRequest } from '../../src/http/partner-request.ts'
import { partnerWithKey } from '../../src/licensing/authenticate.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'
import { unhurried } from '../support/unhurried.ts'

const OWN = '{ viewerPartner { slug keys { prefix kind createdAt expiresAt lastUsedAt } } }'
const ROTATE = `mutation ($partner: String!, $kind: KeyKind, $overlap: String) {
  rotateKey(input: { partner: $partner, kind: $kind, overlap: $overlap }) {
    __typename ... on RotateKeyPayload { key prefix kind oldKeysExpireAt } ... on Error { message }
  }
}`

const MORNING = new Date('2026-06-01T08:00:30Z')

let now: Date
let app: TestApp
let prisma: PrismaClient
let admin: string

beforeEach(async () => {
  now = MORNING
  app = await freshApp({ now: () => now })
  prisma = app.database.prisma
  admin = await app.token('admin', { name: 'Admin', ttlSeconds: 10 * 365 * 86_400 })
})

afterEach(() => app.close())

/** Tokens of the real clock are not valid yet by the tests' own. */
async function rotate(variables: object): Promise<Json> {
  const before = now
  now = new Date()
  const { rotateKey } = await app.ask(ROTATE, variables, admin)
  now = before
  return rotateKey
}

/** The whole answer, with the status that GraphQL over HTTP has for failures of a request. */
async function askWith(key: string, at = app.url): Promise<{ status: number; body: Json }> {
  const response = await fetch(at, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/graphql-response+json',
      authorization: `Bearer ${key}`,
    },
    body: JSON.stringify({ query: OWN }),
  })
  return { status: response.status, body: await response.json() }
}

async function statusWith(key: string): Promise<number> {
  return (await askWith(key)).status
}

describe('a key', () => {
  test('lets its partner in over HTTP, over a socket and to event streams', async () => {
    const { key, slug } = await addPartner(prisma)
    expect(await app.ask(OWN, {}, key)).toMatchObject({ viewerPartner: { slug } })

    await using socket = await rawSocket(app.wsUrl, { token: key })
    socket.send(operation('1', OWN))
    expect(await socket.next()).toMatchObject({ payload: { data: { viewerPartner: { slug } } } })

    await using stream = await openStream(app.url, 'subscription { changes { articleId } }', {}, key)
    expect(stream.status).toBe(200)
    const story = await addArticle(prisma)
    expect(await stream.events.next()).toMatchObject({
      value: { data: { data: { changes: { articleId: story.id } } } },
    })
  })

  test('is shown once, and only its hash is kept', async () => {
    const { slug } = await addPartner(prisma)
    for (const kind of ['FULL', 'FEED']) {
      const { key, prefix } = await rotate({ partner: slug, kind })
      expect(key).toMatch(/^dl[kf]_[0-9a-f]{8}_[\w-]{43}$/)
      const dump = await everythingIn(prisma)
      expect(dump).toContain(prefix)
      expect(dump).not.toContain(key)
      expect(dump).not.toContain(key.slice(prefix.length + 1))
    }
  })

  test('is refused in the same words, whatever is wrong with it', async () => {
    const { key, slug } = await addPartner(prisma, {}, () => now)
    const feedKey = await addKey(prisma, slug, 'FEED', () => now)
    const expired = await addPartner(prisma)
    await prisma.partnerKey.updateMany({ where: { partnerId: expired.id }, data: { expiresAt: now } })
    const bad = {
      'another secret': key.slice(0, -4) + (key.endsWith('AAAA') ? 'BBBB' : 'AAAA'),
      'an unknown prefix': makeKey('FULL').text,
      'half a key': key.slice(0, 20),
      'a key with more behind it': `${key}x`,
      'a feed key': feedKey,
      'a feed key by another name': feedKey.replace('dlf', 'dlk'),
      'an expired key': expired.key,
      'a key in capitals': `dlk_${key.slice(4).toUpperCase()}`,
    }
    const answers = await Promise.all(
      Object.entries(bad).map(async ([what, text]) => {
        const { status, body } = await askWith(text)
        return [what, status, body.errors[0].extensions.code, body.errors[0].message]
      }),
    )
    expect(answers).toEqual(
      Object.keys(bad).map((what) => [
        what,
        401,
        'NOT_SIGNED_IN',
        'The API key is not valid. Send a valid key.',
      ]),
    )
    for (const text of Object.values(bad)) {
      await using socket = await rawSocket(app.wsUrl, { init: false })
      socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${text}` } })
      expect(await socket.closed).toEqual({
        code: 4403,
        reason: 'The API key is not valid. Send a valid key.',
      })
    }
    expect(await statusWith(key)).toBe(200)
  })

  test('is dated by its use, to the minute', async () => {
    const { key } = await addPartner(prisma)
    const lastUsed = async () => (await app.ask(OWN, {}, key)).viewerPartner.keys[0].lastUsedAt
    expect(await lastUsed()).toBe('2026-06-01T08:00:00.000Z')
    now = new Date('2026-06-01T08:00:59Z')
    expect(await lastUsed()).toBe('2026-06-01T08:00:00.000Z')
    now = new Date('2026-06-01T08:01:00Z')
    expect(await lastUsed()).toBe('2026-06-01T08:01:00.000Z')
  })

  test('is not judged while the database is away', async () => {
    const { key } = await addPartner(prisma)
    const away = vi.spyOn(prisma.partnerKey, 'findUnique').mockRejectedValue(new Error('no connection'))
    const { status, body } = await askWith(key)
    away.mockRestore()
    expect(status).toBe(503)
    expect(body.errors[0].extensions.code).toBe('TEMPORARILY_UNAVAILABLE')
    expect(JSON.stringify(body)).not.toContain(key)
  })
})

describe('rotateKey', () => {
  test('lets the old key be good for the overlap beside the new one, and no longer', async () => {
    const { key: old, slug } = await addPartner(prisma)
    const { key: fresh, oldKeysExpireAt } = await rotate({ partner: slug, overlap: '2h' })
    const end = new Date(oldKeysExpireAt).getTime()
    now = new Date(end - 1)
    expect([await statusWith(old), await statusWith(fresh)]).toEqual([200, 200])
    now = new Date(end)
    expect([await statusWith(old), await statusWith(fresh)]).toEqual([401, 200])
  })

  test('overlaps by a day unless told otherwise, and not at all when told so', async () => {
    const { key: first, slug } = await addPartner(prisma)
    const asked = Date.now()
    const { key: second, oldKeysExpireAt } = await rotate({ partner: slug })
    const hours = (new Date(oldKeysExpireAt).getTime() - asked) / 3_600_000
    expect(hours).toBeGreaterThanOrEqual(24)
    expect(hours).toBeLessThan(25)
    const { key: third } = await rotate({ partner: slug, overlap: '0' })
    now = new Date()
    expect([await statusWith(first), await statusWith(second), await statusWith(third)]).toEqual([
      401, 401, 200,
    ])
  })

  test('never lets an old key live longer than it would have, and leaves the other kind alone', async () => {
    const { slug } = await addPartner(prisma)
    const feed = await rotate({ partner: slug, kind: 'FEED' })
    const soon = await rotate({ partner: slug, overlap: '1h' })
    await rotate({ partner: slug, overlap: '7d' })
    const keys = await prisma.partnerKey.findMany({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] })
    expect(keys.map(({ kind }) => kind)).toEqual(['FULL', 'FEED', 'FULL', 'FULL'])
    expect(keys[0]?.expiresAt?.toISOString()).toBe(soon.oldKeysExpireAt)
    expect(keys[1]).toMatchObject({ prefix: feed.prefix, expiresAt: null })
  })

  test.each(['1 day', '-1h', '', '91d', '1.5h'])('refuses "%s" as an overlap', async (overlap) => {
    const { slug } = await addPartner(prisma)
    expect(await rotate({ partner: slug, overlap })).toMatchObject({ __typename: 'InvalidInput' })
    expect(await prisma.partnerKey.count()).toBe(1)
  })
})

describe('a key in an address', () => {
  const admit = (url: string, feedKeys: boolean, authorization?: string) => {
    const deps = { prisma, now: () => now }
    const verify = async () => partnerWithKey(authorization?.slice(7) ?? '', 'FULL', deps)
    const { signIns } = openRateLimits(loadConfig(unhurried), { ...deps, onFailure: () => {} })
    const client = { signIns, network: '203.0.113.7' }
    return authenticateRequest({ headers: { authorization }, url, feedKeys, verify, ...client, ...deps })
  }

  test('is a feed key, on a feed', async () => {
    const { slug, key } = await addPartner(prisma)
    const feedKey = await addKey(prisma, slug, 'FEED')
    expect(await admit(`/feeds/news.rss?key=${feedKey}`, true)).toMatchObject({
      viewer: { role: 'partner' },
      audience: { kind: 'partner', slug },
    })
    for (const [url, takesKeys, header] of [
      [`/feeds/news.rss?key=${key}`, true, undefined],
      ['/feeds/news.rss?key=', true, undefined],
      [`/feeds/news.rss?key=${feedKey}&key=${feedKey}`, true, undefined],
      [`/feeds/news.rss?key=${feedKey}`, true, `Bearer ${key}`],
      [`/feeds/news.rss?key=${feedKey}`, false, undefined],
      [`/syndication/changes?key=${feedKey}`, true, undefined],
      [`/syndication/changes?key=${key}`, true, undefined],
    ] as const) {
      await expect(admit(url, takesKeys, header), url).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
    }
  })

  test('opens nothing but feeds', async () => {
    const { slug, key } = await addPartner(prisma)
    const feedKey = await addKey(prisma, slug, 'FEED')
    for (const text of [key, feedKey]) {
      const rest = await fetch(app.url.replace('/graphql', `/syndication/changes?key=${text}`))
      expect(rest.status).toBe(401)
      const query = encodeURIComponent(OWN)
      const graphql = await fetch(`${app.url}?query=${query}&key=${text}`, {
        headers: { accept: 'application/json' },
      })
      expect(await graphql.text()).toContain('NOT_SIGNED_IN')
    }
  })
})

/** Every row of every table, as text. */
async function everythingIn(db: PrismaClient): Promise<string> {
  const tables = await db.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`
  const texts: string[] = []
  for (const { name } of tables) {
    const rows = await db.$queryRawUnsafe<{ row: string }[]>(`SELECT t::text AS row FROM ${name} t`)
    texts.push(...rows.map(({ row }) => row))
  }
  return texts.join('\n')
}
