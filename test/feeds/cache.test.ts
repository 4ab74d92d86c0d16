import { expect, test } from 'vitest'
import { RenderingCache } from '../../src/feeds/cache.ts'
import { type ExpiringRendering, renderingOf } from '../../src/feeds/rendering.ts'

const now = () => new Date('2026-01-01T00:00:00Z')

function timed(text: string, until: Date | null = null): ExpiringRendering {
  return { rendering: renderingOf(text, { type: 'text/plain', deliveries: [], links: null }), until }
}

test('whoever asks for what is being rendered waits for it', async () => {
  const cache = new RenderingCache()
  const gate = Promise.withResolvers<ExpiringRendering>()
  const asked = [1, 2, 3].map(() => cache.get({ key: 'a', head: 1 }, now, () => gate.promise))
  gate.resolve(timed('text'))
  const found = await Promise.all(asked)
  expect(found.map((each) => each?.rendering.body.toString())).toEqual(['text', 'text', 'text'])
  expect(cache.renderings).toBe(1)
})

test('a rendering that began before a change is not given to whoever asks after it', async () => {
  const cache = new RenderingCache()
  const gate = Promise.withResolvers<ExpiringRendering>()
  const early = cache.get({ key: 'a', head: 1 }, now, () => gate.promise)
  const late = await cache.get({ key: 'a', head: 2 }, now, async () => timed('new'))
  gate.resolve(timed('old'))
  expect(late?.rendering.body.toString()).toBe('new')
  expect((await early)?.rendering.body.toString()).toBe('old')
  const after = await cache.get({ key: 'a', head: 2 }, now, async () => timed('newest'))
  expect(after?.rendering.body.toString()).toBe('new')
})

test('what could not be rendered is tried again, and what is not there is not kept', async () => {
  const cache = new RenderingCache()
  const failing = cache.get({ key: 'a', head: 1 }, now, () => Promise.reject(new Error('no database')))
  await expect(failing).rejects.toThrow('no database')
  expect(await cache.get({ key: 'a', head: 1 }, now, async () => null)).toBeNull()
  expect((await cache.get({ key: 'a', head: 1 }, now, async () => timed('text')))?.head).toBe(1)
  expect(cache.renderings).toBe(3)
})

test('what the clock has made wrong is rendered again', async () => {
  const cache = new RenderingCache()
  const until = new Date('2026-01-01T01:00:00Z')
  await cache.get({ key: 'a', head: 1 }, now, async () => timed('before', until))
  const during = await cache.get({ key: 'a', head: 1 }, now, async () => timed('during'))
  const after = await cache.get(
    { key: 'a', head: 1 },
    () => until,
    async () => timed('after'),
  )
  expect([during, after].map((each) => each?.rendering.body.toString())).toEqual(['before', 'after'])
})

test('it keeps no more bytes than it may, and those that were asked for last', async () => {
  const cache = new RenderingCache(50_000)
  const ask = (key: string) => cache.get({ key, head: 1 }, now, async () => timed('x'.repeat(10_000)))
  for (const key of ['a', 'b', 'c']) await ask(key)
  await ask('a')
  await ask('d')
  expect(cache.renderings).toBe(4)
  expect(cache.size).toBeLessThanOrEqual(50_000)
  await ask('a')
  expect(cache.renderings).toBe(4)
  await ask('b')
  expect(cache.renderings).toBe(5)
})

test('the date of bytes moves when they do, and not when they are rendered again', async () => {
  const cache = new RenderingCache()
  const at = (hour: number) => () => new Date(Date.UTC(2026, 0, 1, hour))
  const first = await cache.get({ key: 'a', head: 1 }, at(1), async () => timed('text'))
  const same = await cache.get({ key: 'a', head: 2 }, at(2), async () => timed('text'))
  const other = await cache.get({ key: 'a', head: 3 }, at(3), async () => timed('other'))
  expect([first, same, other].map((each) => each?.modified.getUTCHours())).toEqual([1, 1, 3])
})

test('what the clock has made wrong is rendered once, however many ask for it', async () => {
  const cache = new RenderingCache()
  const until = new Date('2026-01-01T01:00:00Z')
  await cache.get({ key: 'a', head: 1 }, now, async () => timed('before', until))
  const late = () =>
    cache.get(
      { key: 'a', head: 1 },
      () => until,
      async () => timed('after'),
    )
  const found = await Promise.all([late(), late(), late()])
  expect(found.map((each) => each?.rendering.body.toString())).toEqual(['after', 'after', 'after'])
  expect(cache.renderings).toBe(2)
})

/** What one kept rendering counts for: its bytes, the characters of its key and 4,096 bytes beside. */
const weight = (key: string, bytes: number) => bytes + key.length + 4096

test('what is kept is counted once, whatever becomes of it', async () => {
  const cache = new RenderingCache()
  const ask = (key: string, head: number, render: () => Promise<ExpiringRendering | null>) =>
    cache.get({ key, head }, now, render)
  await ask('a', 1, async () => timed('12345'))
  await ask('key', 1, async () => timed('12'))
  expect(cache.size).toBe(weight('a', 5) + weight('key', 2))
  for (let head = 2; head < 10; head++) await ask('a', head, async () => timed('é'))
  expect(cache.size).toBe(weight('a', 2) + weight('key', 2))
  await ask('a', 10, async () => null)
  expect(cache.size).toBe(weight('key', 2))
  await expect(ask('key', 2, () => Promise.reject(new Error('no database')))).rejects.toThrow()
  expect(cache.size).toBe(0)
})

test('a rendering that a newer one has overtaken is not kept, and takes nothing away when it fails', async () => {
  const cache = new RenderingCache()
  for (const end of [
    async () => timed('a long text that is old'),
    async () => null,
    async () => {
      throw new Error('no database')
    },
  ]) {
    const gate = Promise.withResolvers<void>()
    const head = cache.renderings + 1
    const early = cache
      .get({ key: 'a', head }, now, () => gate.promise.then(end))
      .catch((error: Error) => error.message)
    await cache.get({ key: 'a', head: head + 1 }, now, async () => timed('new'))
    gate.resolve()
    await early
    expect(cache.size).toBe(weight('a', 3))
    const found = await cache.get({ key: 'a', head: head + 1 }, now, async () => timed('newest'))
    expect(found?.rendering.body.toString()).toBe('new')
  }
})

test('whoever has not heard of a change yet is given what has it', async () => {
  const cache = new RenderingCache()
  await cache.get({ key: 'a', head: 5 }, now, async () => timed('new'))
  const found = await cache.get({ key: 'a', head: 4 }, now, async () => timed('old'))
  expect([found?.rendering.body.toString(), found?.head, cache.renderings]).toEqual(['new', 5, 1])
})

test('what is larger than the cache is answered and not kept, and what is being rendered is not dropped', async () => {
  const cache = new RenderingCache(5_000)
  const gate = Promise.withResolvers<ExpiringRendering>()
  const early = cache.get({ key: 'a', head: 1 }, now, () => gate.promise)
  const large = await cache.get({ key: 'b', head: 1 }, now, async () => timed('x'.repeat(5_000)))
  expect([large?.rendering.body.length, cache.size]).toEqual([5_000, 0])
  const late = cache.get({ key: 'a', head: 1 }, now, async () => timed('again'))
  gate.resolve(timed('text'))
  const found = await Promise.all([early, late])
  expect(found.map((each) => each?.rendering.body.toString())).toEqual(['text', 'text'])
  expect([cache.renderings, cache.size]).toEqual([2, weight('a', 4)])
})

test('it holds exactly what it may', async () => {
  const cache = new RenderingCache(2 * weight('a', 904))
  for (const key of ['a', 'b']) {
    await cache.get({ key, head: 1 }, now, async () => timed('x'.repeat(904)))
  }
  expect(cache.size).toBe(10_002)
  await cache.get({ key: 'c', head: 1 }, now, async () => timed(''))
  expect(cache.size).toBe(weight('b', 904) + weight('c', 0))
})

test('the date of bytes that come back is that of their return', async () => {
  const cache = new RenderingCache()
  const at = (hour: number) => () => new Date(Date.UTC(2026, 0, 1, hour))
  const texts = ['one', 'two', 'one', 'one']
  const hours: (number | undefined)[] = []
  for (const [i, text] of texts.entries()) {
    const found = await cache.get({ key: 'a', head: i }, at(i), async () => timed(text))
    hours.push(found?.modified.getUTCHours())
  }
  expect(hours).toEqual([0, 1, 2, 2])
})

test('an entity tag is strong, quoted and the same for the same bytes', () => {
  const tag = (text: string) => timed(text).rendering.etag
  expect(tag('text')).toMatch(/^"[\w-]{27}"$/)
  expect(tag('text')).toBe(tag('text'))
  expect(tag('text')).not.toBe(tag('text '))
})
