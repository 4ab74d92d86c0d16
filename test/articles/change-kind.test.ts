import { describe, expect, test } from 'vitest'
import { type ArticleState, kindOfChange } from '../../src/articles/change-kind.ts'
import { dueAt } from '../../src/articles/public.ts'

const NOW = new Date('2026-03-01T00:00:00Z')
const at = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000)

test.each([
  ['an embargo that ends before its publication: the publication', 3, 1, 3],
  ['an embargo that ends after its publication: the embargo', 1, 3, 3],
  ['no embargo: the publication', 2, null, 2],
  ['an embargo of a story published before', -2, 2, 2],
  ['nothing that lies ahead', -2, -1, null],
  ['this very moment', 0, 0, null],
])('a story appears by %s', (_what, published, embargoed, due) => {
  const embargoedUntil = embargoed === null ? null : at(embargoed)
  const story = { status: 'USABLE', publishedAt: at(published), embargoedUntil } as const
  expect(dueAt(story, NOW)).toEqual(due === null ? null : at(due))
})

test.each(['WITHHELD', 'CANCELED'] as const)('a story that is %s does not appear by itself', (status) => {
  expect(dueAt({ status, publishedAt: at(1), embargoedUntil: at(2) }, NOW)).toBeNull()
})

describe('a change is called', () => {
  type State = 'SHOWN' | 'EMBARGOED' | 'WITHHELD' | 'CANCELED'
  const states: State[] = ['SHOWN', 'EMBARGOED', 'WITHHELD', 'CANCELED']
  const standing = (state: State, more: object = {}): ArticleState => ({
    status: state === 'WITHHELD' || state === 'CANCELED' ? state : 'USABLE',
    publishedAt: at(-1),
    embargoedUntil: null,
    dueAt: state === 'EMBARGOED' ? at(1) : null,
    ...more,
  })

  test.each(states.flatMap((from) => states.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'by where the story comes from and goes: %s to %s',
    (from, to) => {
      const kind = to === 'SHOWN' ? 'PUBLISHED' : to
      for (const reason of [undefined, 'CORRECTED', 'RIGHTS_CHANGED', 'COMMENTING_CHANGED'] as const)
        expect(kindOfChange(standing(from), standing(to), reason)).toBe(kind)
    },
  )

  test.each(states)('by its reason, or an update, while the story stays %s', (state) => {
    expect(kindOfChange(standing(state), standing(state))).toBe('UPDATED')
    for (const reason of ['CORRECTED', 'RIGHTS_CHANGED', 'COMMENTING_CHANGED'] as const)
      expect(kindOfChange(standing(state), standing(state), reason)).toBe(reason)
  })

  test.each([
    ['SHOWN', 'PUBLISHED'],
    ['EMBARGOED', 'EMBARGOED'],
    ['WITHHELD', 'WITHHELD'],
    ['CANCELED', 'CANCELED'],
  ] as const)('of a new story that is %s: %s', (state, kind) => {
    expect(kindOfChange(null, standing(state), 'CORRECTED')).toBe(kind)
  })

  test('by what the sequence knows, not by the clock: an embargo that lifted unannounced is still one', () => {
    const lifted = standing('EMBARGOED', { dueAt: at(-2), embargoedUntil: at(-2) })
    expect(kindOfChange(lifted, standing('SHOWN'))).toBe('PUBLISHED')
    expect(kindOfChange(lifted, standing('EMBARGOED'))).toBe('UPDATED')
  })
})
