import { expect, test } from 'vitest'
import { dueAt } from '../../src/change/kind.ts'

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
