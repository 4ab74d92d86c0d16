import { expect, it } from 'vitest'
import { readStory } from '../../src/ingest/draft.ts'
import { storyPage } from './story-page.ts'

const now = new Date('2026-11-29T00:40:00Z')
const time = (content: string) => `<meta property="article:published_time" content="${content}">`

function read(options: Parameters<typeof storyPage>[0], zones: [string, string][] = []) {
  const story = readStory(storyPage(options), null, { now, zones: new Map(zones) })
  if ('reason' in story) throw new Error(story.message)
  return { published: story.article.publishedAt.toISOString(), notes: story.notes }
}

it('a date without a zone is never in the future, and the zone is said', () => {
  expect(read({ published: time('2026-11-29T02:30:00') })).toEqual({
    published: '2026-11-29T00:30:00.000Z',
    notes: ['the date 2026-11-29T02:30 has no zone: UTC+2 is assumed'],
  })
})

it.each<[string, Parameters<typeof storyPage>[0], [string, string][], string, string]>([
  [
    'the setting for the host',
    {},
    [
      ['', 'Asia/Tokyo'],
      ['gazette.example', 'Europe/Berlin'],
    ],
    '08:00',
    'Europe/Berlin',
  ],
  ['the setting for all', {}, [['', 'Asia/Baghdad']], '06:00', 'Asia/Baghdad'],
  [
    'other dates of the page',
    { head: '<meta name="x" content="2026-02-03T10:00:00+05:30">' },
    [],
    '03:30',
    'UTC+5:30',
  ],
  ['the country of its language', { lang: 'en-ZA' }, [], '07:00', 'Africa/Johannesburg'],
  ['the language', { lang: 'tr' }, [], '06:00', 'Europe/Istanbul'],
  ['nothing', {}, [], '09:00', 'UTC'],
])('a zone is taken from %s', (_, options, zones, clock, name) => {
  const { published, notes } = read({ ...options, published: time('2026-02-03T09:00:00') }, zones)
  expect(published).toBe(`2026-02-03T${clock}:00.000Z`)
  expect(notes).toEqual([`the date 2026-02-03T09:00 has no zone: ${name} is assumed`])
})

it.each([['1970-01-01T00:00:00Z'], ['2042-05-06T07:00:00Z'], ['0']])(
  '%s is no date: the next claim is taken',
  (claim) => {
    const published = `${time(claim)}<meta name="date" content="2026-02-03T09:00:00Z">`
    expect(read({ published })).toEqual({ published: '2026-02-03T09:00:00.000Z', notes: [] })
  },
)

it.each([
  ['03/14/2026 8:30 PM', '2026-03-14T20:30:00.000Z'],
  ['03/04/2026 8:30 PM', '2026-03-04T20:30:00.000Z'],
  ['14/03/2026 20:30', '2026-03-14T20:30:00.000Z'],
  ['14.03.2026 20:30', '2026-03-14T20:30:00.000Z'],
  ['Mar 14, 2026, 8:30 p.m.', '2026-03-14T20:30:00.000Z'],
  ['14 March 2026 20:30', '2026-03-14T20:30:00.000Z'],
])('%s is read', (printed, published) => {
  expect(read({ published: time(printed) }).published).toBe(published)
})

it('the time of a comment or of another story is not the story’s', () => {
  const body =
    '<div class="comments"><time datetime="2026-01-01T00:00:00Z">1</time></div><aside><time datetime="2026-01-02T00:00:00Z">2</time></aside><article><time datetime="2026-01-03T00:00:00Z">3</time></article><p><time datetime="2026-02-03T09:00:00Z">Tuesday</time></p>'
  expect(read({ published: '', body }).published).toBe('2026-02-03T09:00:00.000Z')
})
