import { describe, expect, test } from 'vitest'
import { jobOf, messageId, placeOf } from '../../src/webhooks/job.ts'

// Which message is which, and in which order the queue takes them.

const ENDPOINT = '00000000-0000-7000-8000-0000000000e1'
const STORY = '00000000-0000-7000-8000-0000000000a1'
const HISTORY = '00000000-0000-4000-8000-000000000001'
const at = new Date('2026-03-01T12:00:00.123Z')
const story = (position: number, within: string | null = null) => ({
  articleId: STORY,
  kind: 'UPDATED' as const,
  at,
  position,
  place: within === null ? { position, within } : { position: position - 1, within },
})

test('a job says which change it is about, for whom, and that it was never tried', () => {
  const job = jobOf(ENDPOINT, story(7), { history: HISTORY })
  expect(job).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    data: {
      endpointId: ENDPOINT,
      position: 7,
      within: null,
      history: HISTORY,
      articleId: STORY,
      kind: 'UPDATED',
      at: '2026-03-01T12:00:00.123Z',
      attempts: 0,
    },
    group: { id: ENDPOINT },
    singletonKey: `${ENDPOINT}/${STORY}`,
  })
})

test('a removal goes before everything else', () => {
  expect(jobOf(ENDPOINT, story(7), { history: HISTORY, isUrgent: true })).toMatchObject({ priority: 1 })
  expect(jobOf(ENDPOINT, story(7), { history: HISTORY, isUrgent: false })).not.toHaveProperty('priority')
})

describe('the id of a message', () => {
  const named = { endpointId: ENDPOINT, position: 7, within: null, history: HISTORY }

  test('is the one of its job, and the same whenever it is made', () => {
    const { id = '' } = jobOf(ENDPOINT, story(7), { history: HISTORY })
    expect(messageId(named)).toBe(`msg_${id.replaceAll('-', '')}`)
    expect(messageId({ ...named })).toBe(messageId(named))
    // A job of an older version had neither.
    const { within, history, ...old } = named
    expect(messageId(old)).toBe(messageId({ ...old, within: undefined, history: undefined }))
    expect(messageId({ ...old, within: null })).toBe(messageId(old))
  })

  test.each([
    ['another endpoint', { endpointId: '00000000-0000-7000-8000-0000000000e2' }],
    ['another position', { position: 8 }],
    ['a story of a licence change', { within: STORY }],
    ['another story of it', { within: '00000000-0000-7000-8000-0000000000a2' }],
    ['another history', { history: '00000000-0000-4000-8000-000000000002' }],
  ])('is another one for %s', (_what, change) => {
    expect(messageId({ ...named, ...change })).not.toBe(messageId(named))
  })

  test('begins with the position, by which the queue orders what was queued together', () => {
    const ids = [1, 2, 9, 10, 255, 256, 65_536, 2_000_000_000].map(
      (position) => jobOf(ENDPOINT, story(position), { history: HISTORY }).id ?? '',
    )
    expect(ids.toSorted()).toEqual(ids)
    expect(ids[0]).toMatch(/^00000000-0001-8/)
  })
})

test('the place behind a message is behind its entry, or behind its story of a licence change', () => {
  expect(placeOf({ position: 7, within: null })).toEqual({ position: 7, within: null })
  expect(placeOf({ position: 7 })).toEqual({ position: 7, within: null })
  expect(placeOf({ position: 7, within: STORY })).toEqual({ position: 6, within: STORY })
})
