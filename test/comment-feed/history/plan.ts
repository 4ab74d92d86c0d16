import fc from 'fast-check'

/**
 * How a reader is connected; `hub` reads the feed inside the gateway, at its own pace, and `query` catches up by
 * queries and by websocket in turn.
 */
export type Transport = 'ws' | 'sse' | 'hub' | 'query'

/** Where a reader begins: behind the page it loaded, at an older cursor, or just now. */
export type Start = 'page' | 'old' | 'now'

export interface ReaderPlan {
  transport: Transport
  start: Start
  /** The round in which the reader comes. */
  joins: number
  /** How old an old cursor is, as a part of the feed. */
  age: number
}

/** Something that happens in a round. `who` and `picks` count over what there is, modulo its number. */
export type Step =
  | { kind: 'submit' }
  | { kind: 'approve' | 'reject'; picks: number[]; elsewhere: boolean }
  | { kind: 'cut' | 'pause' | 'resume'; who: number }

/** What becomes of a hint on the bus. */
export type Fate = 'heard' | 'lost' | 'twice' | 'late'

/** One history of a story's comments. All steps of a round happen at once. */
export interface History {
  submitted: number
  rounds: Step[][]
  readers: ReaderPlan[]
  /** What becomes of the story's hints, over and over. */
  fates: Fate[]
}

const MAX_ROUNDS = 5

const picks = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 })
const who = fc.nat({ max: 2 })

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('submit' as const) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constantFrom('approve' as const, 'approve' as const, 'reject' as const),
      picks,
      elsewhere: fc.integer({ min: 0, max: 9 }).map((chance) => chance === 0),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'pause', 'resume'), who }) },
) as fc.Arbitrary<Step>

const reader: fc.Arbitrary<ReaderPlan> = fc
  .record({
    transport: fc.constantFrom<Transport>('ws', 'ws', 'ws', 'hub', 'hub', 'sse', 'query', 'query'),
    start: fc.constantFrom<Start>('page', 'page', 'old', 'now'),
    joins: fc.nat({ max: MAX_ROUNDS - 1 }),
    age: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  // A query without a cursor begins with the oldest event.
  .map((plan) => (plan.transport === 'query' && plan.start === 'now' ? { ...plan, start: 'page' } : plan))

export const history: fc.Arbitrary<History> = fc.record({
  submitted: fc.integer({ min: 1, max: 5 }),
  rounds: fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: MAX_ROUNDS }),
  readers: fc.array(reader, { minLength: 1, maxLength: 3 }),
  fates: fc.array(fc.constantFrom('heard', 'heard', 'lost', 'twice', 'late'), { minLength: 1, maxLength: 4 }),
})
