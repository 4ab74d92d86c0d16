import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ChangedKeys } from '../../src/cdn/changed-keys.ts'
import { purgedKeys, surrogateKeys } from '../../src/cdn/surrogate-keys.ts'
import { WaitingKeys } from '../../src/cdn/waiting-keys.ts'
import { affectedBy } from '../../src/read-cache/change-watch.ts'
import { COMMENTS, commentsOf, EVERYTHING } from '../../src/read-cache/reads.ts'

const uuids = (count: number) => Array.from({ length: count }, () => randomUUID())

test('each dependency has its key', () => {
  const id = randomUUID()
  expect(surrogateKeys([id, commentsOf(id), ...EVERYTHING]).split(' ')).toEqual([
    'all',
    `a-${id}`,
    `c-${id}`,
    'articles',
    'feeds',
    'comments',
    'reference',
    'names',
  ])
})

test('keys that do not fit are replaced by those of any comments, then of any article, and each change purges these', () => {
  for (const count of [1, 20, 50, 70, 100, 5_000]) {
    const ids = uuids(count)
    const header = surrogateKeys([...ids, ...ids.map(commentsOf), 'articles'])
    expect(header.length).toBeLessThanOrEqual(3_000)
    expect(header).toMatch(/^all .*\barticles$/)
    const keys = header.split(' ')
    const [id = ''] = ids
    for (const purged of [
      purgedKeys(affectedBy(id, 'WITHHELD')),
      purgedKeys(affectedBy(id, 'RIGHTS_CHANGED')),
      purgedKeys([commentsOf(id), COMMENTS]),
    ]) {
      expect(keys.some((key) => purged.includes(key))).toBe(true)
    }
  }
  const ids = uuids(60)
  const keys = surrogateKeys([...ids, ...ids.map(commentsOf)]).split(' ')
  expect(keys).toContain(`a-${ids[59]}`)
  expect(keys).toContain('any-comments')
  expect(keys).not.toContain('any-article')
})

test('keys wait in order, at most 64 in one message, and are sent a second time later', () => {
  const waiting = new WaitingKeys(1_000)
  const keys = Array.from({ length: 100 }, (_, i) => `a-${i}`)
  waiting.add(keys)
  const first = waiting.take(0)!
  expect(first.keys).toEqual(keys.slice(0, 64))
  expect(waiting.acknowledged(first, 5)).toBe(1_005)
  expect(waiting.take(5)?.keys).toEqual(keys.slice(64))
  expect(waiting.take(1_004)).toBeNull()
  waiting.add(['a-3', 'a-new'])
  const second = waiting.take(1_005)!
  expect(second.keys.slice(0, 4)).toEqual(['a-3', 'a-new', 'a-0', 'a-1'])
  expect(second.first).toEqual(['a-3', 'a-new'])
  waiting.acknowledged(second, 1_005)
  expect(waiting.take(1_005)?.first ?? []).toEqual([])
  expect(waiting.take(2_005)?.keys).toEqual(['a-3', 'a-new'])
})

test('too many keys that wait become the key of everything', () => {
  const waiting = new WaitingKeys(1_000)
  waiting.add(Array.from({ length: 10_001 }, (_, i) => `a-${i}`))
  waiting.add(['a-1'])
  expect(waiting.size).toBe(1)
  expect(waiting.take(0)).toEqual({ keys: ['all'], first: ['all'] })
})

describe('the keys of changes', () => {
  const [article = '', other = ''] = uuids(2)
  const history = randomUUID()
  const nothing = { history, head: 7, nextDue: null, articles: [], feeds: [], references: [] }

  test('are those of what is new since the last time', () => {
    const changed = new ChangedKeys({ history, position: 7 })
    const feeds = [{ articleId: article, position: 3 }]
    const references = [{ id: other, kind: 'NAMES' as const, articleId: null }]
    expect(changed.next({ ...nothing, feeds, references }, false)).toEqual([
      `c-${article}`,
      'any-comments',
      'comments',
      'names',
    ])
    expect(changed.next({ ...nothing, feeds, references }, false)).toEqual([])
    const grown = [{ articleId: article, position: 4 }]
    expect(changed.next({ ...nothing, feeds: grown, references }, false)).toContain(`c-${article}`)
    const articles = [
      { articleId: other, kind: 'RIGHTS_CHANGED' as const },
      { articleId: null, kind: 'RIGHTS_CHANGED' as const },
    ]
    const keys = changed.next({ ...nothing, head: 9, articles, feeds: grown, references }, false)
    expect(keys).toEqual([`a-${other}`, 'any-article', `c-${other}`, 'any-comments', 'feeds'])
    expect(changed.position).toBe(9)
    const byHand = [...references, { id: article, kind: 'ARTICLE' as const, articleId: article }]
    const later = { ...nothing, head: 9, feeds: grown, references: byHand }
    expect(changed.next(later, false)).toEqual(expect.arrayContaining([`a-${article}`, 'articles', 'feeds']))
  })

  test('are that of everything if changes may be missing', () => {
    const next = (found: object, isGap = false) =>
      new ChangedKeys({ history, position: 7 }).next({ ...nothing, ...found }, isGap)
    expect(next({})).toEqual([])
    expect(next({}, true)).toEqual(['all'])
    expect(next({ history: randomUUID() })).toEqual(['all'])
    expect(next({ head: 6 })).toEqual(['all'])
    expect(next({ head: 2_000, articles: null })).toEqual(['all'])
    expect(next({ references: null })).toEqual(['all'])
  })
})
