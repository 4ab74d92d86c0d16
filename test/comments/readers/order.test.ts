import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Viewer } from '../../../src/auth/viewer.ts'
import type { Message, Publisher } from '../../../src/bus/bus.ts'
import { readerBans } from '../../../src/comments/readers/bans.ts'
import { type ReaderStatusInput, setReaderStatus } from '../../../src/comments/readers/status.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'

// What an administrator's order writes and announces, and what it does when the database fails.

let database: TestDatabase
let subject: string
let count = 0
const messages: Message[] = []

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())
beforeEach(() => {
  subject = `user|${++count}`
  messages.length = 0
})

const bus: Publisher = {
  transaction: (work) =>
    database.prisma.$transaction((tx) => work(tx, async (message) => void messages.push(message))),
}
const admin = { role: 'admin', subject: 'user|admin', displayName: 'Chief', expiresAt: null } as const
const at = new Date('2026-05-01T12:00:00Z')

function order(
  given: Partial<ReaderStatusInput>,
  more: { bus?: Publisher; viewer?: Viewer; now?: () => Date } = {},
) {
  return setReaderStatus(
    { status: 'BANNED', reason: 'Spam', ...given },
    { bus, viewer: admin, now: () => at, ...more },
  )
}
const changes = () =>
  database.prisma.readerStatusChange.findMany({ where: { reader: { subject } }, orderBy: { at: 'asc' } })

describe('an order', () => {
  test('about somebody unknown makes a row, and tells every gateway whom it is about', async () => {
    const { reader, changed } = await order({ subject })
    expect(changed).toBe(true)
    expect(reader).toMatchObject({ subject, displayName: 'Reader', status: 'BANNED', createdAt: at })
    expect(messages).toEqual([{ channel: 'dateline_standing', payload: subject }])
    expect(await changes()).toMatchObject([
      { status: 'BANNED', reason: 'Spam', admin: 'user|admin', adminName: 'Chief', at },
    ])
  })

  test('leaves the name and the age of a reader as they are', async () => {
    const row = { subject, displayName: 'Ada', createdAt: new Date('2025-01-01T00:00:00Z') }
    const { id } = await database.prisma.reader.create({ data: row })
    expect((await order({ subject })).reader).toMatchObject({ ...row, id, status: 'BANNED' })
    expect((await order({ readerId: id, status: 'GOOD' })).reader).toMatchObject({
      ...row,
      status: 'GOOD',
    })
  })

  test('that changes nothing writes nothing, and tells nobody', async () => {
    for (const status of ['GOOD', 'BANNED', 'GOOD'] as const) {
      await order({ subject, status })
      expect(await order({ subject, status })).toMatchObject({ changed: false, reader: { status } })
    }
    expect((await changes()).map(({ status }) => status)).toEqual(['BANNED', 'GOOD'])
    expect(messages).toHaveLength(2)
  })

  test('of an administrator without a name is by "An administrator"', async () => {
    await order({ subject }, { viewer: { ...admin, displayName: null } })
    expect(await changes()).toMatchObject([{ adminName: 'An administrator' }])
  })

  test('has a reason of 1 to 1,000 characters, without the white space around it', async () => {
    const refusal = (message: string) => ({ code: 'INVALID_INPUT', field: 'reason', message })
    await expect(order({ subject, reason: ' \n ' })).rejects.toMatchObject(
      refusal('Give a reason for other moderators.'),
    )
    await expect(order({ subject, reason: 'x'.repeat(1_001) })).rejects.toMatchObject(
      refusal('A reason may have at most 1000 characters. Shorten it.'),
    )
    await order({ subject, reason: ` ${'x'.repeat(1_000)}\n` })
    expect(await changes()).toMatchObject([{ reason: 'x'.repeat(1_000) }])
  })

  test.each([
    ['a subject and an id', { subject: 'a', readerId: crypto.randomUUID() }],
    ['neither', {}],
    ['nothing', { subject: null, readerId: null }],
    ['a subject that no token has', { subject: 'a\0' }],
    ['a subject that is too long', { subject: 'x'.repeat(256) }],
  ])('that names %s is refused', async (_what, whom) => {
    await expect(order(whom)).rejects.toMatchObject({ code: 'INVALID_INPUT', field: 'subject' })
  })

  test('about an administrator’s own standing is refused, by subject and by id', async () => {
    const viewer = { ...admin, subject }
    await expect(order({ subject }, { viewer })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    const { id } = await database.prisma.reader.create({ data: { subject, displayName: 'A', createdAt: at } })
    await expect(order({ readerId: id }, { viewer })).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(order({ readerId: crypto.randomUUID() })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

describe('while the database fails', () => {
  function failing(times: number, error: Error) {
    let tries = 0
    const flaky: Publisher = {
      transaction: async (work) => {
        tries += 1
        if (tries <= times) throw error
        return bus.transaction(work)
      },
    }
    return { flaky, tries: () => tries }
  }
  const deadlock = Object.assign(new Error('deadlock detected'), { code: '40P01' })

  test('an order that two administrators gave about each other is tried once more', async () => {
    const { flaky, tries } = failing(1, deadlock)
    expect(await order({ subject }, { bus: flaky })).toMatchObject({ changed: true })
    expect(tries()).toBe(2)
  })

  test('it is tried twice and no more: the administrator is told', async () => {
    const { flaky, tries } = failing(Number.POSITIVE_INFINITY, deadlock)
    await expect(
      order(
        { subject },
        {
          bus: {
            transaction: (work) => {
              if (tries() > 5) throw new Error('it goes on trying')
              return flaky.transaction(work)
            },
          },
        },
      ),
    ).rejects.toBe(deadlock)
    expect(tries()).toBe(2)
  })

  test('what will fail again is not tried again', async () => {
    const error = new Error('a fault')
    const { flaky, tries } = failing(1, error)
    await expect(order({ subject }, { bus: flaky })).rejects.toBe(error)
    expect(tries()).toBe(1)
  })
})

test('of several names those are barred that are banned, under exactly that name', async () => {
  const bar = readerBans(database.prisma)
  await order({ subject })
  await order({ subject: `${subject} good`, status: 'GOOD' })
  const asked = [subject, `${subject} good`, subject.toUpperCase(), 'nobody']
  expect(await bar.findRevoked(asked)).toEqual(new Set([subject]))
  expect(await bar.findRevoked([])).toEqual(new Set())
  expect(bar.identityOf({ ...admin, subject: null })).toBe(null)
  expect([bar.identityOf(admin), bar.channel]).toEqual(['user|admin', 'dateline_standing'])
  await order({ subject, status: 'GOOD' })
  expect(await bar.findRevoked(asked)).toEqual(new Set())
})
