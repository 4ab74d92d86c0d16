import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadNameIndex } from '../../src/articles/save-entity.ts'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import { storeArticle } from '../../src/ingest/store.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { articlePage } from './article-page.ts'

const now = new Date('2026-11-29T00:40:00Z')
const time = (content: string) => `<meta property="article:published_time" content="${content}">`

function read(options: Parameters<typeof articlePage>[0], zones: [string, string][] = []) {
  const article = readArticle(articlePage(options), null, { now, zones: new Map(zones) })
  if ('reason' in article) throw new Error(article.message)
  return { published: article.article.publishedAt.toISOString(), notes: article.notes }
}

it('a date without a zone is never in the future, and the zone is said', () => {
  expect(read({ published: time('2026-11-29T02:30:00') })).toEqual({
    published: '2026-11-29T00:30:00.000Z',
    notes: ['the date 2026-11-29T02:30 has no time zone; UTC+2 is assumed'],
  })
})

it.each<[string, Parameters<typeof articlePage>[0], [string, string][], string, string]>([
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
  expect(notes).toEqual([`the date 2026-02-03T09:00 has no time zone; ${name} is assumed`])
})

it.each([['1970-01-01T00:00:00Z'], ['2042-05-06T07:00:00Z'], ['0'], ['2026-02-03T09:00:00+25:00']])(
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

it.each([
  'Updated: 20 November 2026 10:00 Published: 14 November 2026 09:00',
  'Published: 14 November 2026 09:00 | Last edited 20 November 2026 10:00',
  'Last updated <time datetime="2026-11-20T10:00">20</time>, posted <time datetime="2026-11-14T09:00">14</time>',
  '<span>Updated</span> <time>20 November 2026 10:00</time><br><span>Published</span> <time>14 November 2026 09:00</time>',
  '<time class="updated" datetime="2026-11-20T10:00">20</time><time class="entry-date published" datetime="2026-11-14T09:00">14</time>',
])('the date of publication is the one with that label: %s', (line) => {
  const page = articlePage({ published: '' }).replace('</h1>', `</h1><div>${line}</div>`)
  expect(readArticle(page, null, { now, zones: new Map() })).toMatchObject({
    article: { publishedAt: new Date('2026-11-14T09:00:00Z') },
  })
})

it('all dates of a page without a zone are in the same one, in which none is in the future', () => {
  const modified = '<meta property="article:modified_time" content="2026-11-29T02:30:00">'
  const page = articlePage({ published: time('2026-11-28T09:00:00') + modified })
  const { article, notes } = readArticle(page, null, { now, zones: new Map() }) as ReadArticle
  expect(article.publishedAt).toEqual(new Date('2026-11-28T07:00:00Z'))
  expect(article.updatedAt).toEqual(new Date('2026-11-29T00:30:00Z'))
  expect(notes).toEqual([
    'the date 2026-11-28T09:00 has no time zone; UTC+2 is assumed',
    'the date 2026-11-29T02:30 has no time zone; UTC+2 is assumed',
  ])
})

describe('a page without a zone that is read again a day later', () => {
  const later = new Date('2026-11-30T00:40:00Z')
  let db: TestDatabase
  beforeEach(async () => {
    db = await freshDatabase()
  })
  afterEach(() => db.close())

  async function store(options: Parameters<typeof articlePage>[0], at: Date) {
    const article = readArticle(articlePage(options), null, { now: at, zones: new Map() }) as ReadArticle
    const saved = await storeArticle(db.prisma, article, { now: at, names: await loadNameIndex(db.prisma) })
    const { publishedAt, updatedAt } = await db.prisma.article.findUniqueOrThrow({ where: { id: saved.id } })
    return { ...saved, publishedAt: publishedAt.toISOString(), updatedAt: updatedAt.toISOString() }
  }

  it.each([
    ['a moment', '2026-11-29T02:30:00', '2026-11-29T00:30:00.000Z', now],
    ['a day', '2026-11-29', '2026-11-29T00:00:00.000Z', now],
    [
      'a day that has not begun in Greenwich',
      '2026-11-29',
      '2026-11-28T22:00:00.000Z',
      new Date('2026-11-28T22:00:00Z'),
    ],
  ])('is unchanged when its date is %s', async (_, written, publishedAt, first) => {
    const published = time(written)
    expect(await store({ published }, first)).toMatchObject({ outcome: 'created', publishedAt })
    const again = await store({ published }, later)
    expect(again).toMatchObject({ outcome: 'unchanged', version: 1, publishedAt })
  })

  it('keeps the zone when it was changed', async () => {
    const published = time('2026-11-29T02:30:00')
    await store({ published }, now)
    const modified = '<meta property="article:modified_time" content="2026-11-29T12:00:00">'
    const changed = await store({ published: published + modified, body: '<p>More of it.</p>' }, later)
    expect(changed).toMatchObject({
      outcome: 'updated',
      publishedAt: '2026-11-29T00:30:00.000Z',
      updatedAt: '2026-11-29T10:00:00.000Z',
      notes: ['the dates have no time zone; the zone that was assumed before is kept'],
    })
  })

  it('is unchanged although an editor gave the story another date since', async () => {
    const published = time('2026-11-29T02:30:00')
    const { id } = await store({ published }, now)
    await db.prisma.article.update({ where: { id }, data: { publishedAt: new Date('2026-11-28T12:00:00Z') } })
    expect(await store({ published }, later)).toMatchObject({ outcome: 'unchanged', version: 1 })
  })
})
