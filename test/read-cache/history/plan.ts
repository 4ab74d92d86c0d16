import fc from 'fast-check'
import { type DocumentName, documentNames, FEEDS, type PageName, pageNames } from './documents.ts'

/** Who asks: "one" has a pending comment. */
export const viewers = ['anonymous', 'one', 'two'] as const

export type Who = (typeof viewers)[number]

/** What is asked again after each step, on each gateway. */
export type Asked =
  | { document: DocumentName; who: Who; method: 'GET' | 'POST' }
  | { feed: (typeof FEEDS)[number] }
  | { page: PageName }

/** Writes that go through the API of a gateway. Picks count over the comments that there are, modulo their number. */
export type ApiWrite =
  | { kind: 'submit'; who: 'one' | 'two'; isReply: boolean }
  | { kind: 'approve' | 'reject'; picks: number[] }
  | { kind: 'edit'; field: 'headline' | 'topic' | 'noTopic' | 'language' | 'blocks' | 'image' | 'person' }
  | { kind: 'correct' | 'withhold' | 'release' | 'cancel' | 'publish' | 'imageRights' | 'licence' }
  | { kind: 'embargo' | 'closeComments'; seconds: number | null }

/** Writes by another program, and things that happen to everybody. */
export type OtherWrite =
  | { kind: 'import'; of: 'article' | 'other' | 'new' | 'embargoed' }
  | {
      kind: 'sql'
      what:
        | 'newTopic'
        | 'renameTopic'
        | 'moveTopic'
        | 'topicSlug'
        | 'renamePerson'
        | 'personSlug'
        | 'describePerson'
        | 'addName'
        | 'addPerson'
        | 'affiliation'
        | 'guideline'
    }
  | { kind: 'decideElsewhere'; verdict: 'approve' | 'reject'; picks: number[] }
  | { kind: 'clock'; seconds: number }
  | { kind: 'announceDue' | 'newHistory' | 'reconnect' }

export interface Step {
  write: ApiWrite | OtherWrite
  /** The gateway that makes a write of the API. */
  by: 0 | 1
  /** Whether the hints of the write reach each gateway. */
  heard: [boolean, boolean]
  /** Whether each gateway polls after the step; without it, a gateway that lost hints may be behind. */
  polls: [boolean, boolean]
  /** A query that is in progress on a gateway during the write: it has read, and has not been answered. */
  overlap: { on: 0 | 1; document: DocumentName; isHeldLonger: boolean } | null
}

export interface History {
  asked: Asked[]
  steps: Step[]
}

const picks = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 3 })
const seconds = fc.option(fc.constantFrom(1, 30, 90), { nil: null })

const apiWrite: fc.Arbitrary<ApiWrite> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('submit' as const),
      who: fc.constantFrom('one' as const, 'two' as const),
      isReply: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constantFrom('approve' as const, 'reject' as const), picks }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      field: fc.constantFrom('headline', 'topic', 'noTopic', 'language', 'blocks', 'image', 'person'),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'correct' as const,
        'withhold' as const,
        'withhold' as const,
        'release' as const,
        'release' as const,
        'cancel' as const,
        'publish' as const,
        'imageRights' as const,
        'licence' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('embargo' as const, 'closeComments' as const), seconds }),
  },
)

const otherWrite: fc.Arbitrary<OtherWrite> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      of: fc.constantFrom('article' as const, 'other' as const, 'new' as const, 'embargoed' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('sql' as const),
      what: fc.constantFrom(
        'newTopic' as const,
        'renameTopic' as const,
        'moveTopic' as const,
        'topicSlug' as const,
        'renamePerson' as const,
        'personSlug' as const,
        'describePerson' as const,
        'addName' as const,
        'addPerson' as const,
        'affiliation' as const,
        'guideline' as const,
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('decideElsewhere' as const),
      verdict: fc.constantFrom('approve' as const, 'reject' as const),
      picks,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), seconds: fc.constantFrom(1, 30, 90) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('announceDue' as const, 'reconnect' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('newHistory' as const) }) },
)

const gateway = fc.constantFrom(0 as const, 1 as const)
const document = fc.constantFrom(...documentNames)
/** True most of the time. */
const mostly = fc.nat({ max: 3 }).map((chance) => chance > 0)

const step: fc.Arbitrary<Step> = fc.record({
  write: fc.oneof({ weight: 3, arbitrary: apiWrite }, { weight: 2, arbitrary: otherWrite }),
  by: gateway,
  heard: fc.tuple(mostly, mostly),
  polls: fc.tuple(mostly, mostly),
  overlap: fc.option(fc.record({ on: gateway, document, isHeldLonger: fc.boolean() }), { freq: 2 }),
})

const asked: fc.Arbitrary<Asked> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      document,
      who: fc.constantFrom<Who>('anonymous', 'anonymous', 'one', 'two'),
      method: fc.constantFrom<'GET' | 'POST'>('GET', 'POST', 'POST'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ feed: fc.constantFrom(...FEEDS) }) },
  { weight: 2, arbitrary: fc.record({ page: fc.constantFrom(...pageNames) }) },
)

export const history: fc.Arbitrary<History> = fc.record({
  asked: fc.array(asked, { minLength: 3, maxLength: 5 }),
  steps: fc.array(step, { minLength: 2, maxLength: 5 }),
})
