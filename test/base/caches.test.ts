import { describe, expect, test } from 'vitest'
import { BoundedMap } from '../../src/base/bounded-map.ts'
import { LruCache } from '../../src/base/lru-cache.ts'

describe('a cache of what was used last', () => {
  const held = <Value>(cache: LruCache<string, Value>, keys: string) =>
    [...keys].filter((key) => cache.get(key) !== undefined).join('')

  test('keeps as many entries as it may, and gives up the one that was used longest ago', () => {
    const cache = new LruCache<string, number>(3)
    for (const [i, key] of ['a', 'b', 'c'].entries()) cache.set(key, i)
    expect(cache.count).toBe(3)
    expect(cache.get('a')).toBe(0)
    cache.set('d', 3)
    expect(cache.count).toBe(3)
    expect(held(cache, 'abcd')).toBe('acd')
  })

  test('counts in the unit that it was given, and gives up as many as it must', () => {
    const cache = new LruCache<string, string>(10, (key, value) => key.length + value.length)
    cache.set('a', 'xx')
    cache.set('b', 'xx')
    cache.set('c', 'xxx')
    expect(cache.count).toBe(3)
    cache.set('d', 'xxxx')
    expect(held(cache, 'abcd')).toBe('cd')
    cache.set('e', 'x'.repeat(9))
    expect(held(cache, 'abcde')).toBe('e')
  })

  test('does not keep what is larger than all of it, and forgets what it had under that key', () => {
    const cache = new LruCache<string, string>(4, (_key, value) => value.length)
    cache.set('a', 'x')
    cache.set('b', 'xxx')
    cache.set('b', 'xxxxx')
    expect(held(cache, 'ab')).toBe('a')
    cache.set('c', 'xxxx')
    expect(held(cache, 'ac')).toBe('c')
  })

  test('has the room again of what was replaced or deleted, however often', () => {
    const cache = new LruCache<string, string>(4, (_key, value) => value.length)
    for (let i = 0; i < 5; i++) cache.set('a', 'xx')
    cache.set('b', 'xx')
    expect(held(cache, 'ab')).toBe('ab')
    for (let i = 0; i < 5; i++) {
      cache.delete('b')
      cache.delete('b')
      cache.set('b', 'xx')
    }
    expect(held(cache, 'ab')).toBe('ab')
    cache.delete('a')
    expect(cache.count).toBe(1)
    expect(cache.get('a')).toBeUndefined()
  })

  test('a value that is set again counts as used', () => {
    const cache = new LruCache<string, number>(2)
    cache.set('a', 1)
    cache.set('b', 1)
    cache.set('a', 2)
    cache.set('c', 1)
    expect(held(cache, 'abc')).toBe('ac')
    expect(cache.get('a')).toBe(2)
  })
})

describe('a map that is emptied when it is full', () => {
  test('holds as many entries as it may, and begins anew with the next one', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1).set('b', 2)
    expect([...map]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    map.set('c', 3)
    expect([...map]).toEqual([['c', 3]])
  })

  test('is not emptied for a key that it has', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1).set('b', 2).set('a', 3)
    expect([...map]).toEqual([
      ['a', 3],
      ['b', 2],
    ])
  })
})
