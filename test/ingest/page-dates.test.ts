import { describe, expect, it } from 'vitest'
import { PageDates } from '../../src/ingest/page-dates.ts'
import { readTimeZones } from '../../src/ingest/time-zones.ts'

const now = new Date('2026-06-15T12:00:00Z')

function datesOf({
  html = '',
  address = 'https://gazette.example/a',
  language,
  zones = {},
}: {
  html?: string
  address?: string | null
  language?: string
  zones?: Record<string, string>
} = {}) {
  return new PageDates({ now, zones: new Map(Object.entries(zones)) }, { html, address, language })
}

/** What a date without a zone is taken for on a page. */
function assumed(page: Parameters<typeof datesOf>[0], written = '2026-02-03T09:00:00') {
  const dates = datesOf(page)
  const { notes, dates: settled } = dates.settle([dates.read(written)])
  return [
    settled[0]?.toISOString().slice(11, 16),
    notes[0]?.match(/(?:time zone;|time; 00:00 in) (.+) is assumed/)?.[1],
  ]
}

describe('a date without a zone is taken in that of', () => {
  const other = '<meta content="2026-02-03T10:00:00+05:30">'
  it.each([
    [
      'the host’s setting',
      { zones: { 'gazette.example': 'Asia/Tokyo', '': 'Asia/Baghdad' } },
      '00:00',
      'Asia/Tokyo',
    ],
    [
      'the host without www',
      { zones: { 'gazette.example': 'Asia/Tokyo' }, address: 'https://www.gazette.example/' },
      '00:00',
      'Asia/Tokyo',
    ],
    [
      'the setting for all hosts',
      { zones: { 'other.example': 'Asia/Tokyo', '': 'Asia/Baghdad' } },
      '06:00',
      'Asia/Baghdad',
    ],
    [
      'the setting, before other dates of the page',
      { zones: { '': 'Asia/Baghdad' }, html: other },
      '06:00',
      'Asia/Baghdad',
    ],
    [
      'other dates, before the country of the host',
      { html: other, address: 'https://gazette.de/' },
      '03:30',
      'UTC+5:30',
    ],
    [
      'most other dates',
      { html: '2026-01-01T00:00+01:00 2026-01-01T00:00:01.5-03:30 2026-01-01T00:00-0330' },
      '12:30',
      'UTC-3:30',
    ],
    [
      'none in Greenwich that others state',
      { html: '2026-01-01T00:00+00:00', language: 'tr' },
      '06:00',
      'Europe/Istanbul',
    ],
    ['none beyond 14 hours', { html: '2026-01-01T00:00+14:30', language: 'tr' }, '06:00', 'Europe/Istanbul'],
    ['one of 14 hours', { html: '2026-01-01T00:00+14:00' }, '19:00', 'UTC+14'],
    [
      'the country of the host, before that of the language',
      { address: 'https://gazette.de/', language: 'en-ZA' },
      '08:00',
      'Europe/Berlin',
    ],
    ['the United Kingdom', { address: 'https://gazette.co.uk/', language: 'tr' }, '09:00', 'Europe/London'],
    [
      'no country that sells its names',
      { address: 'https://gazette.io/', language: 'tr' },
      '06:00',
      'Europe/Istanbul',
    ],
    ['the region of the language', { language: 'en_ZA' }, '07:00', 'Africa/Johannesburg'],
    ['the region behind a script', { language: 'az-Latn-AZ' }, '05:00', 'Asia/Baku'],
    ['the only country of the language', { language: 'CKB' }, '06:00', 'Asia/Baghdad'],
    ['the capital of a country with several zones', { language: 'en-US' }, '14:00', 'America/New_York'],
    ['UTC, for a language of many countries', { language: 'ar' }, '09:00', 'UTC'],
    ['UTC, for a page from nowhere', { address: null }, '09:00', 'UTC'],
  ])('%s', (_, page, clock, zone) => {
    expect(assumed(page)).toEqual([clock, zone])
  })

  it('its day: summer time counts from the hour at which clocks are changed', () => {
    const page = { zones: { '': 'Europe/Berlin' } }
    expect(assumed(page, '2026-03-29T01:59:00')[0]).toBe('00:59')
    expect(assumed(page, '2026-03-29T03:00:00')[0]).toBe('01:00')
    expect(assumed(page, '2025-10-26T01:59:00')[0]).toBe('23:59')
    expect(assumed(page, '2025-10-26T03:00:00')[0]).toBe('02:00')
  })

  it('the first in which it is not in the future, five minutes of a fast clock excepted', () => {
    const page = { html: '2026-01-01T00:00:00-02:00' }
    expect(assumed(page, '2026-06-15T10:05:00')).toEqual(['12:05', 'UTC-2'])
    expect(assumed(page, '2026-06-15T10:06:00')).toEqual(['10:06', 'UTC'])
    expect(assumed(page, '2026-06-15T12:05:00')).toEqual(['12:05', 'UTC'])
    expect(assumed(page, '2026-06-15T12:06:00')).toEqual(['11:36', 'UTC+0:30'])
    expect(assumed(page, '2026-06-15T12:31:00')).toEqual(['11:31', 'UTC+1'])
    expect(assumed(page, '2026-06-16T02:00:00')).toEqual(['12:00', 'UTC+14'])
    expect(datesOf(page).read('2026-06-16T02:01:00')).toBeUndefined()
  })

  it('an assumption that is printed, also for a date without a time', () => {
    const dates = datesOf({})
    expect(dates.settle([dates.read('2026-02-03')]).notes).toEqual([
      'the date 2026-02-03 has no time; 00:00 in UTC is assumed',
    ])
    expect(dates.settle([dates.read('2026-02-03T09:00 ET')]).notes).toEqual([])
  })

  it('Greenwich, when it is a day alone, unless it is in the future there', () => {
    const page = { zones: { '': 'Pacific/Kiritimati' } }
    expect(assumed(page, '2026-02-03')).toEqual(['00:00', 'UTC'])
    expect(assumed(page, '2026-06-15')).toEqual(['00:00', 'UTC'])
    expect(assumed(page, '2026-06-16')).toEqual(['10:00', 'Pacific/Kiritimati'])
  })
})

describe('a date that states its zone', () => {
  it.each([
    ['2026-06-15T14:05:00+02:00', '2026-06-15T12:05:00.000Z'],
    ['2026-06-15T14:05:01+02:00', undefined],
    ['2042-01-01T00:00:00Z', undefined],
    ['1970-01-02T23:59:59Z', undefined],
    ['1970-01-03T00:00:00Z', '1970-01-03T00:00:00.000Z'],
    [null, undefined],
  ])('%s is %s', (written, moment) => {
    const dates = datesOf({ zones: { '': 'Asia/Tokyo' } })
    const date = dates.read(written)
    expect(date?.toISOString()).toBe(moment)
    expect(dates.settle([date])).toEqual({ dates: [date], hasNoZone: false, notes: [] })
  })
})

it('dates of one story without a zone are settled together, those with one stay, and each is noted once', () => {
  const dates = datesOf()
  const early = dates.read('2026-06-15T09:00:00')
  const late = dates.read('2026-06-15T13:30:00')
  const zoned = dates.read('2026-06-15T09:00:00Z')
  expect(dates.settle([early, late, zoned, undefined, early])).toEqual({
    dates: [
      new Date('2026-06-15T07:30:00Z'),
      new Date('2026-06-15T12:00:00Z'),
      new Date('2026-06-15T09:00:00Z'),
      undefined,
      new Date('2026-06-15T07:30:00Z'),
    ],
    hasNoZone: true,
    notes: [
      'the date 2026-06-15T09:00 has no time zone; UTC+1:30 is assumed',
      'the date 2026-06-15T13:30 has no time zone; UTC+1:30 is assumed',
    ],
  })
})

describe('the setting of zones', () => {
  it.each([
    [undefined, {}],
    ['', {}],
    ['Europe/Berlin', { '': 'Europe/Berlin' }],
    [' Europe/Berlin , ', { '': 'Europe/Berlin' }],
    [
      'News.example = Asia/Tokyo, www.other.example=UTC,Europe/Berlin',
      { 'news.example': 'Asia/Tokyo', 'other.example': 'UTC', '': 'Europe/Berlin' },
    ],
    ['a.example=UTC,a.example=Asia/Tokyo', { 'a.example': 'Asia/Tokyo' }],
  ])('%s is read', (setting, zones) => {
    expect(Object.fromEntries(readTimeZones(setting))).toEqual(zones)
  })

  it.each(['Berlin', 'a.example=', 'a.example=Mars/Olympus', '=', 'Europe/Berlin=a.example'])(
    '%s is refused with what to set',
    (setting) => {
      expect(() => readTimeZones(setting)).toThrow(
        /^INGEST_TIME_ZONE contains the unknown time zone ".*"\. Set it to a zone such as/,
      )
    },
  )
})
