import { describe, expect, test } from 'vitest'
import { measureCatchUps } from '../bench/chaos/catch-up.ts'
import type { Entry, Past, ReaderLog, Reading, Received, Story } from '../bench/chaos/log.ts'
import {
  type Fault,
  judgeAcross,
  judgeAnswers,
  judgeReader,
  judgeStory,
  splitAnswers,
} from '../bench/chaos/verdict.ts'

// The judge must be harder to deceive than the accused: each test tampers with a faultless run.

test('a reader who got everything once and in order is found faultless', () => {
  expect(faultsOf(faultless())).toEqual([])
})

test('a lost approval is found', () => {
  expect(faultsOf(without(faultless(), 4))).toEqual(['lost', 'wrongPage'])
})

test('a lost retraction is found', () => {
  expect(faultsOf(without(faultless(), 5))).toEqual(['lost', 'wrongPage'])
})

test('an event lost at the very end is found', () => {
  expect(faultsOf(without(faultless(), 6))).toEqual(['lost', 'wrongPage'])
})

test('a doubled event is found', () => {
  const reading = faultless()
  reading.events.push(received(4))
  expect(faultsOf(reading)).toEqual(['duplicated'])
})

test('an event that the page already had is found to be doubled', () => {
  const reading = faultless()
  reading.events.unshift(received(2))
  expect(faultsOf(reading)).toEqual(['duplicated'])
})

test('two swapped events are found', () => {
  const reading = faultless()
  const [third, fourth, ...rest] = reading.events as [Received, Received]
  reading.events = [fourth, third, ...rest]
  expect(faultsOf(reading)).toEqual(['reordered'])
})

test('an event that the database does not have is found', () => {
  const reading = faultless()
  reading.events[0] = { ...received(3), comment: 'nobody wrote this' }
  expect(faultsOf(reading)).toEqual(['invented', 'lost', 'wrongPage'])
})

test('words shown to a reader who came after they were taken down are found', () => {
  const reading = faultless()
  const late = TAKEN_DOWN + 5_000
  reading.events = reading.events.map((event) => ({ ...event, at: late + 10, subscribedAt: late }))
  expect(faultsOf(reading)).toEqual(['shownAfterRetraction'])
})

test('a page that shows what was taken down before it was asked for is found', () => {
  const reading = faultless()
  reading.page.requestedAt = TAKEN_DOWN + 5_000
  reading.page.position = 4
  reading.page.comments = ['d', 'c', 'b', 'a']
  reading.events = [received(5), received(6)]
  expect(faultsOf(reading)).toEqual(['shownAfterRetraction'])
})

test('a page that is not what stood at its cursor is found', () => {
  const reading = faultless()
  reading.page.comments = ['a']
  expect(faultsOf(reading)).toEqual(['wrongPage', 'wrongPage'])
})

test('an approval that was taken back before the reader came may be missing', () => {
  const reading = without(faultless(), 3)
  const late = TAKEN_DOWN + 5_000
  reading.events = reading.events.map((event) => ({
    ...event,
    at: late + event.position,
    subscribedAt: late,
  }))
  expect(faultsOf(reading)).toEqual([])
})

test('an approval that was taken back only after the reader had read on may not be missing', () => {
  expect(faultsOf(without(faultless(), 3))).toEqual(['lost'])
})

test('a reset of a good cursor is found, and events after the reload count', () => {
  const before = { ...faultless(), resetBy: 'UNKNOWN_CURSOR' }
  const after: Reading = {
    page: {
      history: 'now',
      requestedAt: 5_500,
      loadedAt: 5_510,
      position: 5,
      comments: ['d', 'b', 'a'],
      more: false,
    },
    events: [],
    resetBy: null,
  }
  before.events = before.events.slice(0, 3)
  expect(faultsOf(before, after)).toEqual(['needlessReset', 'lost', 'wrongPage'])
})

test('a feed that was ended by a message is found, though its reader came back', () => {
  const log = { ...logOf([faultless()]), ends: ['{"id":"1","type":"complete"}'] }
  expect(judgeReader(log, STORY, ANSWERED).map(({ fault }) => fault)).toEqual(['ended'])
})

test('a gap in the feed itself, a wrong count and an answered decision that is gone are found', () => {
  const story = { ...STORY, entries: ENTRIES.filter(({ position }) => position !== 4), commentCount: 7 }
  const found = [...judgeStory(story), ...judgeAnswers([story], ANSWERED)]
  expect(judgeStory(STORY)).toEqual([])
  expect(found.map(({ why }) => why)).toEqual([
    'it is entry 4 of the feed',
    'it is entry 5 of the feed',
    'the feed ends at another position',
    'its comment count is 7',
    'its visible comments differ from those of its feed',
    'APPROVED d was answered, but is not stored',
  ])
})

test('catching up lasts from the loss until all that was decided before the return is there', () => {
  const reading = faultless()
  reading.events = [received(3), ...[4, 5, 6].map((position) => ({ ...received(position), at: 7_250 }))]
  const { lost, never } = measureCatchUps(
    [logOf([reading], [{ from: 3_500, back: 7_000 }])],
    [STORY],
    NO_OUTAGES,
  )
  expect({ lost, never }).toEqual({ lost: [3_750], never: 0 })
})

test('a second loss before a reader has caught up is part of the first', () => {
  const reading = faultless()
  reading.events = [received(3), ...[4, 5, 6].map((position) => ({ ...received(position), at: 9_000 }))]
  const losses = [
    { from: 3_500, back: 7_000 },
    { from: 7_100, back: 8_900 },
  ]
  expect(measureCatchUps([logOf([reading], losses)], [STORY], NO_OUTAGES).lost).toEqual([5_500])
})

test('a reader who does not come back, or comes back and gets nothing, never caught up', () => {
  const reading = faultless()
  reading.events = [received(3)]
  const gone = logOf([reading], [{ from: 3_500, back: null }])
  const idle = logOf([reading], [{ from: 3_500, back: 7_000 }])
  expect(measureCatchUps([gone, idle], [STORY], NO_OUTAGES)).toMatchObject({ lost: [], never: 2 })
})

test('what was decided in an outage of the bus counts from the end of the outage', () => {
  const reading = faultless()
  reading.events = [3, 4, 5, 6].map((position) => ({ ...received(position), at: 6_400 }))
  const bus = [{ from: 3_500, back: 5_900 }]
  const { bus: waits } = measureCatchUps([logOf([reading])], [STORY], { database: [], bus })
  expect(waits).toEqual([500])
})

describe('a reader who lived through the loss of a primary', () => {
  const lost = { past: pastOf(), answered: ANSWERED }
  const told = () => {
    const reading = faultless()
    return { ...reading, page: { ...reading.page, history: 'then' }, resetBy: 'OTHER_HISTORY' }
  }
  const reloaded = () => ({
    page: {
      history: 'now',
      requestedAt: 9_000,
      loadedAt: 9_010,
      position: 2,
      comments: ['b', 'a'],
      more: false,
    },
    events: [],
    resetBy: null,
  })
  const now = {
    ...STORY,
    entries: ENTRIES.slice(0, 2),
    shown: STORY.shown.slice(2),
    feedPosition: 2,
    commentCount: 2,
  }
  const judge = (...readings: Reading[]) =>
    judgeAcross(logOf(readings), now, { approved: new Map(), retracted: new Map() }, lost).map(
      ({ fault }) => fault,
    )

  test('was told, and loaded the page again, is found faultless', () => {
    expect(judge(told(), reloaded())).toEqual([])
  })

  test('was not told, and goes on with what it had, is found', () => {
    expect(judge({ ...told(), resetBy: null })).toEqual(['wrongPage'])
  })

  test('lost an event of the primary before that is found', () => {
    expect(judge(without(told(), 4), reloaded())).toEqual(['lost'])
  })

  test('was told twice is found', () => {
    expect(judge(told(), { ...reloaded(), resetBy: 'OTHER_HISTORY' }, reloaded())).toEqual(['needlessReset'])
  })

  test('was sent events of the new primary behind a cursor of the lost one is found', () => {
    const late = told()
    late.page.loadedAt = 8_500
    late.events = [received(3)]
    expect(judge(told(), late, reloaded())).toEqual(['invented'])
  })

  test('decisions that the standby missed are looked for in the lost primary only', () => {
    const { before, since } = splitAnswers(ANSWERED, lost.past, [now])
    expect([...before.approved.keys()]).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect([...since.approved.keys()]).toEqual(['a', 'b'])
    expect([...since.retracted.keys()]).toEqual([])
  })
})

function pastOf(): Past {
  return { history: 'then', stories: [STORY], from: 8_000, back: 8_200 }
}

/** Comment `c` is approved at 3 and taken down at 5; entry n is decided at n seconds. */
const ENTRIES: Entry[] = [
  { position: 1, kind: 'APPROVED', comment: 'a', at: 1_000 },
  { position: 2, kind: 'APPROVED', comment: 'b', at: 2_000 },
  { position: 3, kind: 'APPROVED', comment: 'c', at: 3_000 },
  { position: 4, kind: 'APPROVED', comment: 'd', at: 4_000 },
  { position: 5, kind: 'RETRACTED', comment: 'c', at: 5_000 },
  { position: 6, kind: 'APPROVED', comment: 'e', at: 6_000 },
]

const STORY: Story = {
  id: 'story',
  slug: 'story',
  entries: ENTRIES,
  shown: [
    { comment: 'e', position: 6 },
    { comment: 'd', position: 4 },
    { comment: 'b', position: 2 },
    { comment: 'a', position: 1 },
  ],
  feedPosition: 6,
  commentCount: 4,
}

/** When the moderator had the answer to the retraction. */
const TAKEN_DOWN = 5_020

const ANSWERED = {
  approved: new Map(['a', 'b', 'c', 'd', 'e'].map((comment, i) => [comment, 1_000 * (i + 1) + 20])),
  retracted: new Map([['c', TAKEN_DOWN]]),
}

const NO_OUTAGES = { database: [], bus: [] }

/** A reader who loaded the page at position 2 and got each event 10 ms after its decision. */
function faultless(): Reading {
  return {
    page: {
      history: 'now',
      requestedAt: 2_500,
      loadedAt: 2_510,
      position: 2,
      comments: ['b', 'a'],
      more: false,
    },
    events: [3, 4, 5, 6].map(received),
    resetBy: null,
  }
}

function received(position: number): Received {
  const { kind, comment, at } = ENTRIES[position - 1] as Entry
  return { position, kind, comment, at: at + 10, subscribedAt: 2_600 }
}

function without({ page, events }: Reading, position: number): Reading {
  return { page, events: events.filter((event) => event.position !== position), resetBy: null }
}

function logOf(readings: Reading[], losses: ReaderLog['losses'] = []): ReaderLog {
  return { story: 'story', readings, losses, stalls: [], ends: [] }
}

/** What is wrong with a reader's log, in the order found, each fault once. */
function faultsOf(...readings: Reading[]): Fault[] {
  return judgeReader(logOf(readings), STORY, ANSWERED).map(({ fault }) => fault)
}
