import { describe, expect, test } from 'vitest'
import { SetupError } from '../../src/base/errors.ts'
import { add } from '../../src/cli/partner/add.ts'
import { coverageText } from '../../src/cli/partner/coverage-text.ts'
import { ledger } from '../../src/cli/partner/ledger.ts'
import { readTerms } from '../../src/cli/partner/licence-options.ts'
import { list } from '../../src/cli/partner/list.ts'
import { quota } from '../../src/cli/partner/quota.ts'
import { rotate } from '../../src/cli/partner/rotate.ts'
import { show } from '../../src/cli/partner/show.ts'
import { readNumber, readSlug } from '../../src/cli/partner/subcommand.ts'
import { webhook } from '../../src/cli/partner/webhook.ts'

// What the options of `npm run partner` mean, before any database is opened.

describe('the options of a licence', () => {
  test.each([
    [{}, {}],
    [{ topics: 'a, b ,c' }, { topics: ['a', 'b', 'c'] }],
    [{ topics: '' }, { topics: [] }],
    [{ sections: '*' }, { sections: ['*'] }],
    [{ languages: 'en,,de,' }, { languages: ['en', 'de'] }],
    [{ agencies: 'Getty Images,AFP' }, { agencies: ['Getty Images', 'AFP'] }],
    [{ 'full-text': 'yes' }, { fullText: true }],
    [{ 'full-text': 'no' }, { fullText: false }],
    [{ quotations: 'yes' }, { quotations: true }],
    [{ quotations: 'no' }, { quotations: false }],
    [{ embeds: 'yes' }, { embeds: true }],
    [{ embeds: 'no' }, { embeds: false }],
    [{ from: '2026-01-31' }, { validFrom: new Date('2026-01-31T00:00:00Z') }],
    [{ from: 'none' }, { validFrom: null }],
    [{ until: '2026-01-31T09:30:00Z' }, { validUntil: new Date('2026-01-31T09:30:00Z') }],
    [{ until: '2026-01-31T09:30+02:00' }, { validUntil: new Date('2026-01-31T07:30:00Z') }],
    [{ until: '2028-02-29' }, { validUntil: new Date('2028-02-29T00:00:00Z') }],
    [{ until: 'none' }, { validUntil: null }],
    [{ 'retention-days': '30' }, { retentionDays: 30 }],
    [{ 'retention-days': 'none' }, { retentionDays: null }],
    [{ attribution: '' }, { attribution: '' }],
    [{ attribution: 'From us' }, { attribution: 'From us' }],
  ])('%j mean %j', (given, terms) => {
    expect(readTerms(given)).toEqual(terms)
  })

  test.each([
    [{ 'full-text': 'true' }, '--full-text'],
    [{ quotations: 'Yes' }, '--quotations'],
    [{ embeds: '' }, '--embeds'],
    [{ from: '31.1.2026' }, '--from'],
    [{ from: '2026-02-30' }, '--from'],
    [{ from: '2026-13-01' }, '--from'],
    [{ from: '2026-01-31T09:30:00' }, '--from'],
    [{ until: '2026-01-31T25:00:00Z' }, '--until'],
    [{ until: '2027-02-29' }, '--until'],
    [{ 'retention-days': '1.5' }, '--retention-days'],
    [{ 'retention-days': '-1' }, '--retention-days'],
    [{ 'retention-days': '' }, '--retention-days'],
    [{ 'retention-days': '1234567' }, '--retention-days'],
  ])('%j are refused', (given, option) => {
    expect(() => readTerms(given)).toThrow(SetupError)
    expect(() => readTerms(given)).toThrow(option)
  })
})

test.each([
  [undefined, undefined],
  ['0', 0],
  ['60', 60],
  ['9999999999', 9_999_999_999],
])('the number %j is %j', (text, number) => {
  expect(readNumber('--last', text)).toBe(number)
})

test.each(['', '-1', '1.5', '1e3', ' 1', '12345678901', 'many'])('%j is no number', (text) => {
  expect(() => readNumber('--last', text)).toThrow('--last must be a whole number.')
})

test('a partner is named by one slug', () => {
  expect(readSlug(['wire'], {}).slug).toBe('wire')
  expect(() => readSlug([], {})).toThrow('Give the slug of one partner')
  expect(() => readSlug(['wire', 'herald'], {})).toThrow('Give the slug of one partner')
})

test.each([
  [add, ['wire'], '--name is missing'],
  [add, ['wire', '--name', 'Wire', '--per-minute', 'many'], '--per-minute'],
  [add, ['wire', '--name', 'Wire', '--per-day', 'many'], '--per-day'],
  [list, ['wire'], '"list" takes no arguments'],
  [show, [], 'Give the slug of one partner'],
  [quota, ['wire'], 'Give --per-minute, --per-day, or both'],
  [quota, ['wire', '--per-day', 'x'], '--per-day'],
  [rotate, ['wire', '--kind', 'both'], '--kind must be full or feed'],
  [rotate, ['wire', '--overlap', '1 day'], '--overlap must be'],
  [ledger, ['one', 'two'], 'Give the slug of one article'],
  [ledger, ['one', '--partner', 'wire'], 'Give either ARTICLE, or --partner and --last'],
  [ledger, ['one', '--last', '5'], 'Give either ARTICLE, or --partner and --last'],
  [ledger, ['--last', '0'], 'at least 1'],
  [webhook, [], 'The action must be add, list, rotate, enable or remove'],
  [webhook, ['toString', 'x'], 'The action must be add, list, rotate, enable or remove'],
  [webhook, ['add', 'wire'], 'The arguments of "webhook add" are wrong'],
  [webhook, ['add', 'wire', 'https://a.example/', 'more'], 'The arguments of "webhook add" are wrong'],
  [webhook, ['list'], 'The arguments of "webhook list" are wrong'],
  [webhook, ['list', 'wire', 'https://a.example/'], 'The arguments of "webhook list" are wrong'],
  [webhook, ['rotate', 'id', '--overlap', 'long'], '--overlap must be'],
  [webhook, ['rotate', 'id', '--what'], '--what'],
])('what can not be meant is refused before a database is opened: %#', (command, args, words) => {
  expect(() => command.read(args)).toThrow(SetupError)
  expect(() => command.read(args)).toThrow(words)
})

test.each([
  [quota, ['wire', '--per-minute', '1']],
  [quota, ['wire', '--per-day', '1']],
  [rotate, ['wire', '--kind', 'feed', '--overlap', '0']],
  [rotate, ['wire', '--kind', 'full', '--overlap', '7d']],
  [ledger, []],
  [ledger, ['one', '--json']],
  [ledger, ['--partner', 'wire', '--last', '1']],
  [webhook, ['add', 'wire', 'https://a.example/']],
  [webhook, ['rotate', 'id', '--overlap', '0']],
])('and what can be is not: %#', (command, args) => {
  expect(command.read(args)).toEqual(expect.any(Function))
})

test.each([
  [1, 1, 'The licence covers 1 article and 1 image now.\n'],
  [0, 2, 'The licence covers 0 articles and 2 images now.\n'],
])('what a licence covers is said in words', (articles, images, words) => {
  expect(coverageText({ articles, images, inForce: true, warnings: [] })).toBe(words)
  const warnings = [{ term: 'topics' as const, entry: 'x', message: 'Nothing is there.' }]
  expect(coverageText({ articles, images, inForce: true, warnings })).toBe(
    `${words}Warning: Nothing is there.\n`,
  )
  expect(coverageText({ articles, images, inForce: false, warnings: [] })).toBe(
    'The licence is not in force now: it covers nothing.\n',
  )
})
