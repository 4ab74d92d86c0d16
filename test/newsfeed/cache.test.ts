import { expect, test } from 'vitest'
import { RenderingCache } from '../../src/newsfeed/cache.ts'
import { renderingOf, type Timed } from '../../src/newsfeed/rendering.ts'

const now = () => new Date('2026-01-01T00:00:00Z')

function timed(text: string, until: Date | null = null): Timed {
  return { rendering: renderingOf(text, { type: 'text/plain', handed: [], links: null }), until }
}

test('whoever asks for what is being rendered waits for it', async () => {
  const cache = new RenderingCache()
  const gate = Promise.withResolvers<Timed>()
  const asked = [1, 2, 3].map(() => cache.get({ key: 'a', head: 1 }, now, () => gate.promise))
  gate.resolve(timed('text'))
  const found = await Promise.all(asked)
  expect(found.map((each) => each?.rendering.body.toString())).toEqual(['text', 'text', 'text'])
  expect(cache.renderings).toBe(1)
})

test('a rendering that began before a change is not given to whoever asks after it', async () => {
  const cache = new RenderingCache()
  const gate = Promise.withResolvers<Timed>()
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
