import { beforeEach, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { openStream } from '../support/event-stream.ts'
import { addPartner } from '../support/partner.ts'
import { operation, rawSocket } from '../support/raw-socket.ts'

const FOLLOW = 'subscription { changes { articleId } }'
const OWN = '{ viewerPartner { slug } }'
const SUSPEND = `mutation ($partner: String!) {
  suspendPartner(input: { partner: $partner }) { ... on SuspendPartnerPayload { partner { slug suspendedAt } } }
}`
const REINSTATE = `mutation ($partner: String!) {
  reinstatePartner(input: { partner: $partner }) { ... on ReinstatePartnerPayload { partner { slug suspendedAt } } }
}`
const ROTATE = `mutation ($partner: String!, $overlap: String) {
  rotateKey(input: { partner: $partner, overlap: $overlap }) { ... on RotateKeyPayload { key } }
}`

/** Polls that never come in the time of a test: what happens, happens by a hint. */
const NEVER = 3_600_000

let database: TestDatabase
let here: TestApp
let elsewhere: TestApp
let admin: string

beforeEach(async () => {
  database = await freshDatabase()
  ;[here, elsewhere] = await Promise.all([
    freshApp({ database, pollMs: NEVER }),
    freshApp({ database, pollMs: NEVER }),
  ])
  admin = await here.token('admin', { name: 'Admin' })
  return async () => {
    await Promise.all([here.close(), elsewhere.close()])
    await database.close()
  }
})

/** A subscription that runs on a socket of its own. */
async function follow(app: TestApp, token: string) {
  const socket = await rawSocket(app.wsUrl, { token })
  socket.send(operation('1', FOLLOW))
  return socket
}

describe('a partner who is suspended', () => {
  test('has every socket and event stream ended, on every gateway, and no other partner has', async () => {
    const { key, slug } = await addPartner(database.prisma)
    const other = await addPartner(database.prisma)
    await using bystander = await follow(here, other.key)
    const sockets = await Promise.all([here, here, elsewhere].map((app) => follow(app, key)))
    const streams = await Promise.all([here, elsewhere].map((app) => openStream(app.url, FOLLOW, {}, key)))
    const { suspendPartner } = await here.ask(SUSPEND, { partner: slug }, admin)
    expect(suspendPartner).toEqual({ partner: { slug, suspendedAt: expect.any(String) } })
    const ends = await Promise.all(sockets.map(({ closed }) => closed))
    expect(ends).toEqual(
      Array(3).fill({ code: 4403, reason: 'The API key has expired or was revoked. Use a valid key.' }),
    )
    for (const { events } of streams) {
      const { value } = await events.next()
      expect(value).toMatchObject({ data: { errors: [{ extensions: { code: 'FORBIDDEN' } }] } })
      expect(await events.next()).toMatchObject({ value: { event: 'complete' } })
    }
    bystander.send({ type: 'ping' })
    expect(await bystander.next()).toEqual({ type: 'pong' })
  })

  test('is not let in again before it is reinstated, with the keys that it had', async () => {
    const { key, slug } = await addPartner(database.prisma)
    const refusals = async () =>
      (await Promise.all([here, elsewhere].map((app) => app.post(OWN, {}, key)))).map(
        ({ errors }) => errors?.[0]?.extensions?.code ?? null,
      )
    const { suspendPartner: first } = await here.ask(SUSPEND, { partner: slug }, admin)
    const { suspendPartner: again } = await here.ask(SUSPEND, { partner: slug }, admin)
    expect(again).toEqual(first)
    expect(await refusals()).toEqual(['FORBIDDEN', 'FORBIDDEN'])
    const { reinstatePartner } = await here.ask(REINSTATE, { partner: slug }, admin)
    expect(reinstatePartner).toEqual({ partner: { slug, suspendedAt: null } })
    expect(await refusals()).toEqual([null, null])
  })

  test('is found by looking where no hint told of it', async () => {
    await using app = await freshApp({ database, pollMs: 20 })
    const { key, id } = await addPartner(database.prisma)
    await using socket = await follow(app, key)
    await using stream = await openStream(app.url, FOLLOW, {}, key)
    await database.prisma.partner.update({ where: { id }, data: { suspendedAt: new Date() } })
    expect(await socket.closed).toMatchObject({ code: 4403 })
    expect(await stream.events.next()).toMatchObject({ value: { data: { errors: [{}] } } })
  })
})

describe('a key', () => {
  test('that is ended at once takes what is open with it, on every gateway; the new one goes on', async () => {
    const { key, slug } = await addPartner(database.prisma)
    const sockets = await Promise.all([here, elsewhere].map((app) => follow(app, key)))
    const { rotateKey } = await here.ask(ROTATE, { partner: slug, overlap: '0' }, admin)
    const ends = await Promise.all(sockets.map(({ closed }) => closed))
    expect(ends.map(({ code }) => code)).toEqual([4403, 4403])
    await using socket = await follow(elsewhere, rotateKey.key)
    socket.send(operation('2', OWN))
    expect(await socket.next()).toMatchObject({ payload: { data: { viewerPartner: { slug } } } })
  })

  test('that expires after the overlap takes what is open with it', async () => {
    let now = new Date()
    await using app = await freshApp({ database, pollMs: 20, now: () => now })
    const { key, slug } = await addPartner(database.prisma)
    await using socket = await follow(app, key)
    await here.ask(ROTATE, { partner: slug, overlap: '1h' }, admin)
    socket.send(operation('2', OWN))
    expect(await socket.next()).toMatchObject({ id: '2', type: 'next' })
    now = new Date(Date.now() + 3_700_000)
    expect(await socket.closed).toMatchObject({ code: 4403 })
  })
})
