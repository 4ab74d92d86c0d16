import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { openRateLimits } from '../../src/http/open-limits.ts'
import { hostOf } from '../../src/websub/job.ts'
import { readIntent } from '../../src/websub/request.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addKey, addPartner } from '../support/partner.ts'
import { unhurried } from '../support/unhurried.ts'

// What a subscriber may ask the hub for, and what of it is kept.

const PUBLIC = 'https://news.example/gateway'
const FEED = `${PUBLIC}/feeds/atom.xml`
const CALLBACK = 'https://reader.example/callback'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})

afterAll(() => app.close())

function read(fields: Record<string, string | string[]>, publicUrl = PUBLIC) {
  const form = new URLSearchParams()
  const usual = { 'hub.mode': 'subscribe', 'hub.topic': FEED, 'hub.callback': CALLBACK }
  for (const [name, value] of Object.entries({ ...usual, ...fields })) {
    for (const each of [value].flat()) form.append(name, each)
  }
  const { prisma } = app.database
  const now = () => new Date()
  const { signIns } = openRateLimits(loadConfig(unhurried), { prisma, now, onFailure: () => {} })
  return readIntent(form, {
    prisma,
    now,
    publicUrl: () => publicUrl,
    allowLoopback: false,
    clients: { signIns },
    network: '203.0.113.7',
  })
}

describe('what is asked for', () => {
  test('is kept as it was asked', async () => {
    expect(await read({ 'hub.lease_seconds': '7200', 'hub.secret': 'a secret' })).toEqual({
      mode: 'subscribe',
      asked: FEED,
      topic: FEED,
      callback: CALLBACK,
      partnerId: null,
      leaseSeconds: 7_200,
      secret: 'a secret',
    })
    expect(await read({ 'hub.mode': 'unsubscribe' })).toMatchObject({
      mode: 'unsubscribe',
      secret: null,
      leaseSeconds: 864_000,
    })
  })

  test('is kept without what stands behind a "#"', async () => {
    expect(await read({ 'hub.topic': `${FEED}#top`, 'hub.callback': `${CALLBACK}?id=1#part` })).toMatchObject(
      {
        asked: `${FEED}#top`,
        topic: FEED,
        callback: `${CALLBACK}?id=1`,
      },
    )
  })

  test("is a partner's by a key in the address, which is kept as the token that stands for it", async () => {
    const { prisma } = app.database
    const { id, slug, key: full } = await addPartner(prisma)
    const key = await addKey(prisma, slug, 'FEED')
    const asked = `${FEED}?limit=5&key=${key}`
    const own = await read({ 'hub.topic': asked })
    expect(own).toMatchObject({ asked, partnerId: id })
    expect(own.topic).toMatch(/^https:\/\/news\.example\/gateway\/feeds\/p\/f[\w-]{51}\/atom\.xml\?limit=5$/)
    // The address with the token is the same subscription.
    expect(await read({ 'hub.topic': own.topic })).toMatchObject({ topic: own.topic, partnerId: id })
    for (const topic of [`${own.topic}&key=${key}`, `${FEED}?key=${key}&key=${key}`]) {
      await expect(read({ 'hub.topic': topic })).rejects.toMatchObject({ field: 'hub.topic' })
    }
    for (const topic of [`${FEED}?key=${full}`, `${FEED}?key=`, own.topic.replace('/p/f', '/p/k')]) {
      await expect(read({ 'hub.topic': topic })).rejects.toMatchObject({ code: 'NOT_SIGNED_IN' })
    }
  })

  test.each([
    ['a secret of 199 bytes', { 'hub.secret': 'x'.repeat(199) }],
    ['a secret of 198 bytes in 99 letters', { 'hub.secret': 'é'.repeat(99) }],
    ['a callback with http', { 'hub.callback': 'http://reader.example/' }],
    ['a callback of 1,200 characters', { 'hub.callback': 'https://reader.example/'.padEnd(1_200, 'x') }],
    ['a feed of 1,200 characters', { 'hub.topic': `${FEED}?x=`.padEnd(1_200, 'x') }],
    ['fields that are of no concern', { 'hub.verify': 'sync', other: ['1', '2'] }],
  ])('may be %s', async (_what, fields) => {
    expect(await read(fields)).toMatchObject({ mode: 'subscribe', partnerId: null })
  })

  test.each([
    ['a mode in capitals', { 'hub.mode': 'SUBSCRIBE' }, 'hub.mode'],
    ['two modes', { 'hub.mode': ['subscribe', 'subscribe'] }, 'hub.mode'],
    ['two feeds', { 'hub.topic': [FEED, FEED] }, 'hub.topic'],
    ['no feed', { 'hub.topic': [] }, 'hub.topic'],
    ['two callbacks', { 'hub.callback': [CALLBACK, CALLBACK] }, 'hub.callback'],
    ['no callback', { 'hub.callback': [] }, 'hub.callback'],
    ['two secrets', { 'hub.secret': ['a', 'b'] }, 'hub.secret'],
    ['an empty secret', { 'hub.secret': '' }, 'hub.secret'],
    ['a secret of 200 bytes', { 'hub.secret': 'x'.repeat(200) }, 'hub.secret'],
    ['a secret of 200 bytes in 100 letters', { 'hub.secret': 'é'.repeat(100) }, 'hub.secret'],
    ['a secret that is no text', { 'hub.secret': 'a\0b' }, 'hub.secret'],
    [
      'a callback of 1,201 characters',
      { 'hub.callback': 'https://reader.example/'.padEnd(1_201, 'x') },
      'hub.callback',
    ],
    ['a feed of 1,201 characters', { 'hub.topic': `${FEED}?x=`.padEnd(1_201, 'x') }, 'hub.topic'],
    ['a callback of this machine', { 'hub.callback': 'http://127.0.0.1/' }, 'hub.callback'],
    ['a callback with a password', { 'hub.callback': 'https://a:b@reader.example/' }, 'hub.callback'],
    ['a callback that is a path', { 'hub.callback': '/callback' }, 'hub.callback'],
    ['a feed of another newsroom', { 'hub.topic': 'https://other.example/feeds/atom.xml' }, 'hub.topic'],
    ['a feed beside the gateway', { 'hub.topic': 'https://news.example/feeds/atom.xml' }, 'hub.topic'],
    ['what is no feed', { 'hub.topic': `${PUBLIC}/graphql` }, 'hub.topic'],
    ['a lease of a fraction', { 'hub.lease_seconds': '1.5' }, 'hub.lease_seconds'],
    ['a lease ahead of now', { 'hub.lease_seconds': '-1' }, 'hub.lease_seconds'],
    ['a lease of eleven digits', { 'hub.lease_seconds': '12345678901' }, 'hub.lease_seconds'],
  ])('is not %s', async (_what, fields, field) => {
    await expect(read(fields)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
  })
})

test.each([
  ['https://Reader.example:8443/a?b', 'reader.example'],
  ['http://reader.example./', 'reader.example'],
  ['http://reader.example.:80/', 'reader.example'],
  ['http://[2001:db8::1]:80/', '[2001:db8::1]'],
  ['http://192.0.2.1/', '192.0.2.1'],
])('the host of %s is %s', (callback, host) => {
  expect(hostOf(callback)).toBe(host)
})

describe('a request to the hub', () => {
  const hub = () => app.url.replace('/graphql', '/websub')
  const form = (more: Record<string, string> = {}) =>
    new URLSearchParams({
      'hub.mode': 'subscribe',
      'hub.topic': app.url.replace('/graphql', '/feeds/atom.xml'),
      'hub.callback': 'http://reader.invalid/',
      ...more,
    })

  test.each(['GET', 'PUT', 'DELETE'])('by %s is answered with the method to use', async (method) => {
    const answer = await fetch(hub(), { method })
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST'])
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(await answer.text()).toMatch(/POST request with hub\.mode, hub\.topic and hub\.callback\.\n$/)
  })

  test.each([
    ['application/x-www-form-urlencoded', 202],
    ['Application/X-WWW-Form-URLencoded; charset=utf-8', 202],
    ['application/json', 400],
    ['multipart/form-data; boundary=x', 400],
    ['', 400],
  ])('with a body of the type "%s" is answered %i', async (type, status) => {
    const answer = await fetch(hub(), {
      method: 'POST',
      headers: { 'content-type': type },
      body: form().toString(),
    })
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8')
  })

  test('is no longer than 16 KiB', async () => {
    const base = form({ other: '' }).toString()
    const send = (length: number) =>
      fetch(hub(), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: base.padEnd(length, 'x'),
      })
    expect((await send(16_384)).status).toBe(202)
    const refused = await send(16_385)
    expect(refused.status).toBe(400)
    expect(await refused.text()).toContain('16384')
  })

  test('with a key that is not good is forbidden, and the words do not repeat the key', async () => {
    const topic = `${app.url.replace('/graphql', '/feeds/atom.xml')}?key=dlf_0123abcd_${'x'.repeat(43)}`
    const answer = await fetch(hub(), { method: 'POST', body: form({ 'hub.topic': topic }) })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toBe('The API key is not valid. Send a valid key.\n')
  })
})
