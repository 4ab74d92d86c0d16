import { describe, expect, test } from 'vitest'
import { matches } from '../../src/articles/condition.ts'
import type { Audience } from '../../src/licensing/audience.ts'
import { coveredArticles } from '../../src/licensing/licensed.ts'
import { lapsesAt, noTerms, publicTerms, type Terms } from '../../src/licensing/terms.ts'
import { agencyNames, mayHaveImage } from '../../src/syndication/image-rights.ts'
import { type ArticleSummary, mayHave } from '../../src/syndication/project.ts'
import {
  type AudienceChange,
  deliveryRecordsOf,
  momentOf,
  reasonOf,
} from '../../src/syndication/removal-status.ts'
import { includesLanguage } from '../../src/text/language.ts'

// Who may have what, at the moments and in the spellings at which that turns.

const NOW = new Date('2026-03-01T12:00:00.000Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)
const DAY = 86_400_000

const outline: ArticleSummary = {
  id: '0198a000-0000-7000-8000-00000000000a',
  version: 1,
  status: 'USABLE',
  publishedAt: later(-DAY),
  embargoedUntil: null,
  language: 'en',
  topic: null,
}

function partner(terms: Partial<Terms> = {}): Extract<Audience, { kind: 'partner' }> {
  return { kind: 'partner', id: '', slug: 'wire', terms: { ...publicTerms, ...terms } }
}

describe('a story may be had', () => {
  test.each<[string, Partial<ArticleSummary>, Partial<Terms>, boolean]>([
    ['when it is out', {}, {}, true],
    ['from its publication on', { publishedAt: NOW }, {}, true],
    ['not a moment before it', { publishedAt: later(1) }, {}, false],
    ['from the end of its embargo on', { embargoedUntil: NOW }, {}, true],
    ['not a moment before that', { embargoedUntil: later(1) }, {}, false],
    ['not when it was withheld', { status: 'WITHHELD' }, {}, false],
    ['not when it was killed', { status: 'CANCELED' }, {}, false],
    ['from the beginning of the licence on', {}, { validFrom: NOW }, true],
    ['not a moment before that', {}, { validFrom: later(1) }, false],
    ['until the licence ends', {}, { validUntil: later(1) }, true],
    ['not from its end on', {}, { validUntil: NOW }, false],
    ['for so many days', { publishedAt: later(1 - 7 * DAY) }, { retentionDays: 7 }, true],
    ['not when they are over', { publishedAt: later(-7 * DAY) }, { retentionDays: 7 }, false],
    ['not in another language', { language: 'de' }, { languages: ['en'] }, false],
    ['not under another topic', {}, { topics: ['news'] }, false],
  ])('%s', (_when, story, terms, may) => {
    expect(mayHave({ ...outline, ...story }, partner(terms), NOW)).toBe(may)
  })

  test.each<[string, Partial<ArticleSummary>]>([
    ['withheld', { status: 'WITHHELD' }],
    ['killed', { status: 'CANCELED' }],
    ['under embargo', { embargoedUntil: later(1) }],
    ['still to be published', { publishedAt: later(1) }],
  ])('by the newsroom although it is %s, and by the public not', (_what, story) => {
    expect(mayHave({ ...outline, ...story }, { kind: 'newsroom' }, NOW)).toBe(true)
    expect(mayHave({ ...outline, ...story }, { kind: 'public' }, NOW)).toBe(false)
  })
})

test('a right lapses so many days after the publication, or never', () => {
  expect(lapsesAt({ publishedAt: NOW }, { retentionDays: 30 })).toEqual(new Date('2026-03-31T12:00:00.000Z'))
  expect(lapsesAt({ publishedAt: NOW }, { retentionDays: null })).toBeNull()
})

test.each([
  [['world', 'asia'], ['asia'], ['*'], true],
  [['world', 'asia'], ['world'], ['*'], true],
  [['world', 'asia'], ['*'], ['world'], true],
  // A section is a topic at the root: one under it is none.
  [['world', 'asia'], ['*'], ['asia'], false],
  [['world', 'asia'], ['sport'], ['*'], false],
  [['world', 'asia'], ['sport'], ['world'], false],
  [['world', 'asia'], ['asia'], ['sport'], false],
  [['world', 'asia'], [], ['*'], false],
  [null, ['*'], ['*'], true],
  [null, ['world'], ['*'], false],
  [null, ['*'], ['world'], false],
])('a story under %j is covered by topics %j and sections %j: %s', (path, topics, sections, covered) => {
  const topic = path && { path }
  expect(matches(coveredArticles({ languages: ['*'], topics, sections }), { language: 'en', topic })).toBe(
    covered,
  )
})

test.each([
  [['en'], 'en', true],
  [['en'], 'en-GB', true],
  [['EN'], 'en-gb', true],
  [['en-GB'], 'en', false],
  [['en-GB'], 'en-US', false],
  [['en'], 'eng', false],
  [['de', 'ckb'], 'ckb', true],
  [['*'], 'ckb', true],
  [[], 'en', false],
])('languages %j cover %s: %s', (languages, language, covered) => {
  expect(includesLanguage(languages, language)).toBe(covered)
})

describe('a picture', () => {
  const picture = { syndicatable: false, partners: [] as string[], agency: null as string | null }

  test.each<[string, Partial<typeof picture>, string[], boolean]>([
    ['of which nothing is said', {}, ['*'], false],
    ['that may be syndicated', { syndicatable: true }, [], true],
    ['for which the partner is named', { partners: ['other', 'wire'] }, [], true],
    ['for which another one is named', { partners: ['wire-service'] }, [], false],
    ['of an agency that is licensed', { agency: 'AFP' }, ['afp'], true],
    ['of another agency', { agency: 'AFP' }, ['Reuters'], false],
    ['of any agency', { agency: 'AFP' }, ['*'], true],
    ['of an agency without a letter', { agency: '—' }, ['*'], false],
    ['of two, both licensed', { agency: 'AFP / Getty Images' }, ['AFP', 'Getty Images'], true],
    ['of two, one of which is licensed', { agency: 'AFP / Getty Images' }, ['AFP'], false],
    ['of two, the second of which is', { agency: 'AFP via Getty Images' }, ['Getty Images'], false],
    ['of two that are licensed as one', { agency: 'AFP / Getty Images' }, ['AFP / Getty Images'], true],
  ])('%s goes to a partner or not', (_what, change, agencies, may) => {
    expect(mayHaveImage({ ...picture, ...change }, partner({ agencies }))).toBe(may)
  })

  test('goes to readers and editors in any case', () => {
    expect(mayHaveImage(picture, { kind: 'public' })).toBe(true)
    expect(mayHaveImage(picture, { kind: 'newsroom' })).toBe(true)
  })

  test.each(['/', ',', ';', '|', '+', ' via ', ' VIA '])('names two agencies with "%s" between', (sign) => {
    expect(agencyNames(`Alpha${sign}Beta`).slice(1)).toEqual(agencyNames('Alpha / Beta').slice(1))
    expect(agencyNames(`Alpha${sign}Beta`)).toHaveLength(3)
  })

  test('names one where "via" is a part of its name', () => {
    expect(agencyNames('Aviapress')).toHaveLength(2)
  })
})

describe('rights are judged', () => {
  const entry = (ms: number) => ({ at: later(ms) })

  test.each([
    ['now, by what was written before', [entry(-5)], 0],
    ['now, where nothing was', [], 0],
    ['by the clock of another gateway that is ahead', [entry(5), entry(-5), entry(2)], 5],
    ['by one that is a minute ahead', [entry(60_000)], 60_000],
    ['by no more than a minute ahead', [entry(60_001)], 60_000],
  ])('%s', (_how, entries, ms) => {
    expect(momentOf(entries, NOW)).toEqual(later(ms))
  })
})

test.each<[Partial<ArticleSummary>, string]>([
  [{ status: 'WITHHELD' }, 'WITHHELD'],
  [{ status: 'CANCELED', embargoedUntil: later(1) }, 'CANCELED'],
  [{ embargoedUntil: later(1) }, 'EMBARGOED'],
  [{ publishedAt: later(1) }, 'EMBARGOED'],
  [{ publishedAt: later(1), embargoedUntil: later(-1) }, 'EMBARGOED'],
  [{ embargoedUntil: NOW, publishedAt: NOW }, 'LICENCE'],
  [{}, 'LICENCE'],
])('who may not have a story like %j is told %s', (story, reason) => {
  expect(reasonOf({ ...outline, ...story }, NOW)).toBe(reason)
})

test('the ledger gets each story once, as the last change of it says', () => {
  const change = (articleId: string, version: number, outcome: AudienceChange['outcome']) =>
    ({ cursor: '', kind: 'UPDATED', at: NOW, articleId, version, outcome }) as AudienceChange
  const story = { publishedAt: NOW } as never
  const gone = { removed: 'WITHHELD', publicReason: null, advisory: null } as const
  const changes = [
    change('a', 1, { article: story }),
    change('b', 1, { article: story }),
    change('a', 2, gone),
    change('b', 3, { article: story }),
  ]
  expect(deliveryRecordsOf(changes, partner({ retentionDays: 1 }))).toEqual([
    { articleId: 'a', version: 2, kind: 'REMOVAL', lapsesAt: null },
    { articleId: 'b', version: 3, kind: 'ARTICLE', lapsesAt: later(DAY) },
  ])
  expect(deliveryRecordsOf(changes, { kind: 'partner', id: '', slug: '', terms: noTerms })).toContainEqual({
    articleId: 'b',
    version: 3,
    kind: 'ARTICLE',
    lapsesAt: null,
  })
})
