import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import type { OutboundRequest } from '../../src/net/outbound-http.ts'
import {
  activeSecrets,
  addEndpoint,
  enableEndpoint,
  removeEndpoint,
  rotateSecret,
  testEndpoint,
} from '../../src/webhooks/endpoint.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addHook } from '../support/hook.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// What administrators do with webhooks, at its bounds.

const NOW = new Date('2026-03-01T12:00:00.500Z')
const HOUR = 3_600_000
const at = (ms: number) => new Date(NOW.getTime() + ms)

let database: TestDatabase
let prisma: PrismaClient
const deps = (now = NOW) => ({ prisma, now: () => now, allowLoopback: false })

beforeAll(async () => {
  database = await freshDatabase()
  prisma = database.prisma
})

afterAll(() => database.close())

const secretsOf = (endpointId: string) =>
  prisma.webhookSecret.findMany({ where: { endpointId }, orderBy: { createdAt: 'asc' } })

describe('a webhook', () => {
  test('that is added is told of what happens from now on, and has one secret without an end', async () => {
    await addArticle(prisma)
    const { position } = await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })
    const { slug, id: partnerId } = await addPartner(prisma)
    const { endpoint, secret } = await addEndpoint(
      { partner: slug, url: 'https://Example.org/hook?a=1#part' },
      deps(),
    )
    expect(endpoint).toMatchObject({
      partnerId,
      url: 'https://example.org/hook?a=1',
      createdAt: NOW,
      position,
      positionWithin: null,
      failingSince: null,
      disabledAt: null,
    })
    expect(position).toBeGreaterThan(0)
    expect(await secretsOf(endpoint.id)).toMatchObject([{ secret, createdAt: NOW, expiresAt: null }])
  })

  test('is one of 20 that a partner has at most', async () => {
    const { slug } = await addPartner(prisma)
    const add = (i: number) => addEndpoint({ partner: slug, url: `https://example.org/${i}` }, deps())
    const ids: string[] = []
    for (let i = 0; i < 20; i += 1) ids.push((await add(i)).endpoint.id)
    await expect(add(20)).rejects.toMatchObject({ field: 'url', message: expect.stringContaining('20') })
    await removeEndpoint(ids[0] as string, deps())
    expect((await add(20)).endpoint.id).toEqual(expect.any(String))
  })

  test('has an address of 2,000 characters at most', async () => {
    const { slug } = await addPartner(prisma)
    const long = (length: number) => 'https://example.org/'.padEnd(length, 'x')
    const { endpoint } = await addEndpoint({ partner: slug, url: long(2_000) }, deps())
    expect(endpoint.url).toHaveLength(2_000)
    await expect(addEndpoint({ partner: slug, url: long(2_001) }, deps())).rejects.toMatchObject({
      field: 'url',
    })
  })

  test.each([
    'http://127.0.0.1/',
    'http://[::1]/',
    'https://10.0.0.1/',
    'mailto:a@example.org',
    'example.org',
  ])('is not at %s', async (url) => {
    const { slug } = await addPartner(prisma)
    await expect(addEndpoint({ partner: slug, url }, deps())).rejects.toMatchObject({ field: 'url' })
  })

  test('of a partner that there is not is not added', async () => {
    const order = { partner: 'nobody', url: 'https://example.org/' }
    await expect(addEndpoint(order, deps())).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('that is enabled again begins without a failure behind it', async () => {
    const { slug } = await addPartner(prisma)
    const { id } = await addHook(prisma, slug, 'https://example.org/')
    await prisma.webhookEndpoint.update({
      where: { id },
      data: { disabledAt: NOW, disabledReason: 'it failed', failingSince: at(-5 * 24 * HOUR), position: 0 },
    })
    const clean = { id, disabledAt: null, disabledReason: null, failingSince: null, position: 0 }
    expect(await enableEndpoint(id, deps())).toMatchObject(clean)
    expect(await prisma.webhookEndpoint.findUnique({ where: { id } })).toMatchObject(clean)
  })

  test('that is removed is gone with its secrets, and no other one is', async () => {
    const { slug } = await addPartner(prisma)
    const one = await addHook(prisma, slug, 'https://example.org/1')
    const other = await addHook(prisma, slug, 'https://example.org/2')
    expect(await removeEndpoint(one.id, deps())).toMatchObject({ url: 'https://example.org/1' })
    expect(await secretsOf(one.id)).toEqual([])
    expect(await secretsOf(other.id)).toHaveLength(1)
  })

  test('that there is not can not be ordered about', async () => {
    const id = randomUUID()
    const dial = () => Promise.reject(new Error('dialled'))
    for (const order of [
      () => enableEndpoint(id, deps()),
      () => removeEndpoint(id, deps()),
      () => rotateSecret({ id, overlap: 0 }, deps()),
      () => testEndpoint(id, deps(), dial),
    ]) {
      await expect(order()).rejects.toMatchObject({ code: 'NOT_FOUND' })
    }
    expect(await prisma.webhookSecret.count({ where: { endpointId: id } })).toBe(0)
  })
})

describe('a secret', () => {
  const endpoint = async () =>
    addHook(prisma, (await addPartner(prisma)).slug, 'https://a.example/', () => NOW)

  test('that is rotated away ends after the overlap, and never later than it would have', async () => {
    const { id, secret: first } = await endpoint()
    const { secret: second } = await rotateSecret({ id, overlap: 3_600 }, deps(at(1)))
    const { secret: third } = await rotateSecret({ id, overlap: 7_200 }, deps(at(2)))
    expect(await secretsOf(id)).toMatchObject([
      { secret: first, expiresAt: at(1 + HOUR) },
      { secret: second, expiresAt: at(2 + 2 * HOUR) },
      { secret: third, expiresAt: null, createdAt: at(2) },
    ])
    // A shorter overlap takes the older ones with it; those that have ended are forgotten.
    const { secret: fourth } = await rotateSecret({ id, overlap: 60 }, deps(at(1 + HOUR)))
    expect(await secretsOf(id)).toMatchObject([
      { secret: second, expiresAt: at(1 + HOUR + 60_000) },
      { secret: third, expiresAt: at(1 + HOUR + 60_000) },
      { secret: fourth, expiresAt: null },
    ])
    const { secret: fifth } = await rotateSecret({ id, overlap: 0 }, deps(at(2 * HOUR)))
    expect((await secretsOf(id)).map(({ secret }) => secret)).toEqual([fifth])
  })

  test('signs beside a newer one for 30 days at most', async () => {
    const { id } = await endpoint()
    await expect(rotateSecret({ id, overlap: 30 * 86_400 + 1 }, deps())).rejects.toMatchObject({
      field: 'overlap',
    })
    expect(await secretsOf(id)).toHaveLength(1)
    await rotateSecret({ id, overlap: 30 * 86_400 }, deps())
    expect(await secretsOf(id)).toHaveLength(2)
  })

  test('leaves those of other webhooks alone', async () => {
    const other = await endpoint()
    const { id } = await endpoint()
    await rotateSecret({ id, overlap: 0 }, deps(at(1)))
    expect(await secretsOf(other.id)).toMatchObject([{ secret: other.secret, expiresAt: null }])
  })

  test('signs until it ends, the newest first', () => {
    const row = (secret: string, createdAt: Date, expiresAt: Date | null) =>
      ({ id: '', endpointId: '', secret, createdAt, expiresAt }) as const
    const rows = [
      row('oldest', at(-3), at(1)),
      row('ended', at(-4), at(0)),
      row('newest', at(-1), null),
      row('middle', at(-2), at(5)),
    ]
    expect(activeSecrets(rows, NOW)).toEqual(['newest', 'middle', 'oldest'])
    expect(activeSecrets([], NOW)).toEqual([])
  })
})

describe('a webhook that is tried', () => {
  test('is sent a ping, signed with each secret that is good, once', async () => {
    const { id, secret: old } = await addHook(
      prisma,
      (await addPartner(prisma)).slug,
      'https://a.example/hook',
      () => NOW,
    )
    const { secret } = await rotateSecret({ id, overlap: 60 }, deps(at(1)))
    const letters: OutboundRequest[] = []
    const dial = async (letter: OutboundRequest) => {
      letters.push(letter)
      return { status: 503, headers: {}, body: '' }
    }
    const now = new Date()
    expect(await testEndpoint(id, deps(at(59_000)), dial)).toEqual({ status: 503, error: null })
    expect(letters).toHaveLength(1)
    const [letter] = letters as [OutboundRequest]
    expect(letter).toMatchObject({
      method: 'POST',
      url: 'https://a.example/hook',
      headers: {
        'content-type': 'application/json',
        'webhook-id': expect.stringMatching(/^msg_[0-9a-f]{32}$/),
        'webhook-timestamp': String(Date.parse('2026-03-01T12:00:59Z') / 1_000),
      },
    })
    expect(JSON.parse(letter.body as string)).toEqual({
      type: 'ping',
      timestamp: '2026-03-01T12:00:59.500Z',
      data: {},
    })
    expect(letter.headers?.['webhook-signature']?.split(' ')).toHaveLength(2)
    // By the clock of whoever verifies it is as old as the newsroom's clock says.
    await testEndpoint(id, deps(now), dial)
    const sent = letters[1] as OutboundRequest
    const verify = (key: string) => new Webhook(key).verify(sent.body as string, sent.headers as never)
    expect(verify(secret)).toMatchObject({ type: 'ping' })
    expect(() => verify(old)).toThrow()
  })

  test.each([
    [new Error('no such host'), 'no such host'],
    ['something else', 'something else'],
  ])('and does not answer is told why: %s', async (failure, error) => {
    const { id } = await addHook(prisma, (await addPartner(prisma)).slug, 'https://a.example/')
    const dial = () => Promise.reject(failure)
    expect(await testEndpoint(id, deps(), dial)).toEqual({ status: null, error })
    expect(await prisma.webhookEndpoint.findUnique({ where: { id } })).toMatchObject({ failingSince: null })
  })
})
