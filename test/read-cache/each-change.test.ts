import { expect, test } from 'vitest'
import { documentNames, FEEDS, pageNames } from './history/documents.ts'
import { live } from './history/live.ts'
import type { ApiWrite, Asked, History, OtherWrite, Step } from './history/plan.ts'
import { createWorld } from './history/world.ts'

const everything: Asked[] = [
  ...documentNames.map((document): Asked => ({ document, who: 'anonymous', method: 'POST' })),
  ...(['one', 'two'] as const).flatMap((who) =>
    (['viewer', 'viewerRole', 'pending', 'repliesOnPage', 'headline'] as const).map(
      (document): Asked => ({ document, who, method: 'POST' }),
    ),
  ),
  { document: 'headline', who: 'anonymous', method: 'GET' },
  ...FEEDS.map((feed): Asked => ({ feed })),
  ...pageNames.map((page): Asked => ({ page })),
]

const edits = ['headline', 'topic', 'noTopic', 'language', 'blocks', 'image', 'person'] as const
/** Those that leave the slugs as they are come first. */
const renames = [
  'newTopic',
  'renameTopic',
  'moveTopic',
  'renamePerson',
  'describePerson',
  'addName',
  'addPerson',
  'affiliation',
  'guideline',
  'topicSlug',
  'personSlug',
] as const
const soon = 30
const clock = { kind: 'clock', seconds: soon } as const
const topic = { kind: 'edit', field: 'topic' } as const

/** Writes that follow each other; everything is asked after each. */
const changes: (ApiWrite | OtherWrite)[][] = [
  [
    { kind: 'submit', who: 'one', isReply: true },
    { kind: 'approve', picks: [2] },
    { kind: 'decideElsewhere', verdict: 'approve', picks: [3] },
    { kind: 'reject', picks: [3] },
    { kind: 'decideElsewhere', verdict: 'reject', picks: [1] },
    { kind: 'newHistory' },
    { kind: 'reject', picks: [0, 2] },
  ],
  // Before any embargo: when one ends, everything is dropped.
  [{ kind: 'closeComments', seconds: soon }, clock, { kind: 'closeComments', seconds: null }],
  [...edits.map((field) => ({ kind: 'edit', field }) as const), { kind: 'correct' }, { kind: 'publish' }],
  [topic, { kind: 'withhold' }, { kind: 'release' }, { kind: 'cancel' }],
  [topic, { kind: 'embargo', seconds: soon }, clock, { kind: 'embargo', seconds: soon }],
  [{ kind: 'embargo', seconds: null }, { kind: 'imageRights' }, { kind: 'licence' }],
  [
    ...(['article', 'other', 'new', 'embargoed'] as const).map((of) => ({ kind: 'import', of }) as const),
    clock,
    { kind: 'announceDue' },
  ],
  renames.map((what) => ({ kind: 'sql', what })),
]

function historyOf(writes: (ApiWrite | OtherWrite)[], step: Partial<Step>): History {
  const steps = writes.map(
    (write): Step => ({ write, by: 0, heard: [true, true], polls: [true, true], overlap: null, ...step }),
  )
  return { asked: everything, steps }
}

const name = (writes: (ApiWrite | OtherWrite)[]) =>
  writes.map((write) => Object.values(write).join(' ')).join(', then ')

test.each([
  ['the hints of a change arrive', true],
  ['they are lost', false],
])(
  'after each change, each document is answered as by a gateway that keeps nothing, when %s',
  { timeout: 300_000 },
  async (_case, isHeard) => {
    await using world = await createWorld()
    const failures: string[] = []
    // Without hints, all changes are found by the same poll; with them, comments are not.
    for (const writes of isHeard ? changes.slice(0, 3) : changes) {
      try {
        await live(world, historyOf(writes, { heard: [isHeard, isHeard] }), new Map())
      } catch (error) {
        failures.push(`${name(writes)}: ${error}`)
      }
    }
    expect(failures).toEqual([])
    for (const { app } of world.gateways) expect(app.readCache?.cache.counters.hits).toBeGreaterThan(100)
  },
)
