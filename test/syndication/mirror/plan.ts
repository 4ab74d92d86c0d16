import fc from 'fast-check'

/** What a licence of a history may say. */
export interface TermsPlan {
  topics: ('a' | 'b')[]
  languages: string[]
  agencies: string[]
  fullText: boolean
  retentionDays: number | null
}

/** What happens to a story, which `who` counts modulo the stories there are. */
export type Step =
  | {
      kind: 'publish'
      topic: 'a' | 'b'
      language: string
      agency: string | null
      embargoHours: number | null
    }
  | { kind: 'update' | 'correct' | 'withhold' | 'release' | 'cancel' | 'lift' | 'close'; who: number }
  | { kind: 'embargo'; who: number; hours: number }
  | { kind: 'syndicate'; who: number; syndicatable: boolean; named: boolean }
  | { kind: 'relicense'; terms: TermsPlan }
  /** The clock goes on. */
  | { kind: 'wait'; hours: number }
  /** The mirror runs, and is killed before or after one of the things that it does. */
  | { kind: 'kill'; at: number; after: boolean }

export interface History {
  terms: TermsPlan
  steps: Step[]
}

const who = fc.nat({ max: 9 })
const topic = fc.constantFrom('a' as const, 'b' as const)
const language = fc.constantFrom('en-GB', 'ckb')
const hours = fc.constantFrom(1, 10, 30, 60)

const terms: fc.Arbitrary<TermsPlan> = fc.record({
  topics: fc.constantFrom<('a' | 'b')[]>(['a'], ['a', 'b'], ['b'], []),
  languages: fc.constantFrom(['*'], ['en'], ['ckb', 'en']),
  agencies: fc.constantFrom<string[]>([], ['AFP'], ['AFP', 'Reuters']),
  fullText: fc.boolean(),
  retentionDays: fc.constantFrom(null, null, 2, 3),
})

const publish = fc.record({
  kind: fc.constant('publish' as const),
  topic,
  language,
  agency: fc.constantFrom('AFP', 'Reuters', null),
  embargoHours: fc.option(hours, { freq: 3 }),
})

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: publish },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constantFrom('update', 'correct', 'withhold', 'release', 'cancel', 'lift', 'close'),
      who,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('embargo' as const), who, hours }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('syndicate' as const),
      who,
      syndicatable: fc.boolean(),
      named: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('relicense' as const), terms }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('kill' as const),
      at: fc.integer({ min: 1, max: 9 }),
      after: fc.boolean(),
    }),
  },
) as fc.Arbitrary<Step>

export const history: fc.Arbitrary<History> = fc.record({
  terms,
  steps: fc
    .array(step, { minLength: 6, maxLength: 14 })
    .map((steps) => [
      { kind: 'publish', topic: 'a', language: 'en-GB', agency: 'AFP', embargoHours: null } as const,
      ...steps,
    ]),
})
