import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ArticleDraft, OrganisationDraft, PersonDraft } from '../../src/articles/draft.ts'
import { loadNameIndex, saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import type { EntityKind } from '../../src/db/client/client.ts'
import type { ReadArticle } from '../../src/ingest/draft.ts'
import { digest } from '../../src/ingest/slug.ts'
import { storeArticle } from '../../src/ingest/store.ts'
import type { NameIndex } from '../../src/names/link.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

const now = new Date('2026-02-03T12:00:00Z')
let database: TestDatabase
let prisma: TestDatabase['prisma']
let names: NameIndex

beforeEach(async () => {
  database = await freshDatabase()
  prisma = database.prisma
  names = await loadNameIndex(prisma)
})
afterEach(() => database.close())

interface Page {
  article?: Partial<ArticleDraft>
  people?: PersonDraft[]
  organisations?: OrganisationDraft[]
  readFrom?: string | null
  hasNoZone?: boolean
}

function store({ article, people = [], organisations = [], readFrom = null, hasNoZone = false }: Page = {}) {
  const read: ReadArticle = {
    article: {
      slug: 'ferry-line',
      canonicalUrl: 'https://gazette.example/ferry-line',
      language: 'en',
      headline: 'Ferry line reopened',
      publishedAt: new Date('2026-02-03T09:00:00Z'),
      updatedAt: article?.publishedAt ?? new Date('2026-02-03T09:00:00Z'),
      blocks: [{ kind: 'PARAGRAPH', text: 'The ferry sails.' }],
      people: people.map(({ slug }) => ({
        person: slug,
        namedIn: 'ARTICLE' as const,
        rolesAsPrinted: ['chair'],
      })),
      organisations: organisations.map(({ slug }) => ({ organisation: slug, namedIn: 'ARTICLE' as const })),
      ...article,
    },
    people,
    organisations,
    readFrom,
    hasNoZone,
    notes: ['a note'],
  }
  return storeArticle(prisma, read, { now, names })
}

const slugsOf = async (kind: EntityKind) =>
  (await prisma.entity.findMany({ where: { kind }, orderBy: { slug: 'asc' } })).map(({ slug }) => slug)
const slugs = async () => ({
  people: await slugsOf('PERSON'),
  organisations: await slugsOf('ORGANISATION'),
})
const appearances = (kind: EntityKind) =>
  prisma.articleEntity.findMany({ where: { kind }, include: { entity: true } })
const named = async () => ({
  people: (await appearances('PERSON')).map(({ entity, rolesAsPrinted }) => [entity.slug, ...rolesAsPrinted]),
  organisations: (await appearances('ORGANISATION')).map(({ entity }) => entity.slug),
})
const ida = { slug: 'ida-holm', name: 'Ida Holm' }
const board = { slug: 'harbour-board', name: 'Harbour Board' }

describe('whom a page names', () => {
  it('is stored when the newsroom lacks them, and linked with their roles', async () => {
    await store({ people: [ida], organisations: [board] })
    expect(await slugs()).toEqual({ people: ['ida-holm'], organisations: ['harbour-board'] })
    expect(await named()).toEqual({ people: [['ida-holm', 'chair']], organisations: ['harbour-board'] })
  })

  it('is whom the newsroom has by a register’s key, before whom it has by name', async () => {
    await savePerson(prisma, { slug: 'known', name: 'Known By Key', externalIds: { wikidata: 'Q1' } })
    await saveOrganisation(prisma, { slug: 'office', name: 'The Office', externalIds: { wikidata: 'Q2' } })
    await savePerson(prisma, { slug: 'namesake', name: 'Ida Holm' })
    names = await loadNameIndex(prisma)
    await store({
      people: [{ ...ida, externalIds: { wikidata: 'Q1' } }],
      organisations: [{ ...board, externalIds: { wikidata: 'Q2' } }],
    })
    expect(await slugs()).toEqual({ people: ['known', 'namesake'], organisations: ['office'] })
    expect(await named()).toEqual({ people: [['known', 'chair']], organisations: ['office'] })
  })

  it('is whom the newsroom has by any name, be it a person or an organisation', async () => {
    await saveOrganisation(prisma, {
      slug: 'band',
      name: 'The Band',
      names: [{ text: 'Ida Holm', kind: 'ALIAS' }],
    })
    names = await loadNameIndex(prisma)
    await store({ people: [ida] })
    expect(await slugs()).toEqual({ people: [], organisations: ['band'] })
    expect(await named()).toEqual({ people: [], organisations: ['band'] })
  })

  it('is nobody when several have the name', async () => {
    for (const slug of ['one', 'two']) await savePerson(prisma, { slug, name: 'Ida Holm' })
    names = await loadNameIndex(prisma)
    await store({ people: [ida] })
    expect(await slugs()).toMatchObject({ people: ['one', 'two'] })
    expect(await named()).toMatchObject({ people: [] })
  })

  it('has another slug when somebody else has theirs', async () => {
    await savePerson(prisma, { slug: 'ida-holm', name: 'Ida Holmberg' })
    await saveOrganisation(prisma, { slug: 'harbour-board', name: 'Harbour Boarding School' })
    names = await loadNameIndex(prisma)
    await store({ people: [ida], organisations: [board] })
    expect(await slugs()).toEqual({
      people: ['ida-holm', `ida-holm-${digest('Ida Holm')}`],
      organisations: ['harbour-board', `harbour-board-${digest('Harbour Board')}`],
    })
  })

  it('is known to the next page of the same run, by each name', async () => {
    await store({ organisations: [{ ...board, names: [{ text: 'Port Board', kind: 'ALIAS' }] }] })
    await store({
      article: {
        slug: 'other',
        canonicalUrl: 'https://gazette.example/other',
        blocks: [{ kind: 'PARAGRAPH', text: 'Port Board and Harbour Board met.' }],
      },
      organisations: [{ slug: 'port-board', name: 'Port Board' }],
    })
    expect(await slugs()).toMatchObject({ organisations: ['harbour-board'] })
    const mentions = await prisma.mention.findMany({ orderBy: { start: 'asc' } })
    expect(mentions.map(({ surface }) => surface)).toEqual(['Port Board', 'Harbour Board'])
  })

  it('gets no other name that somebody has, and acronyms in the language of the page', async () => {
    await saveOrganisation(prisma, { slug: 'bank', name: 'Bank', names: [{ text: 'HBB', kind: 'ACRONYM' }] })
    names = await loadNameIndex(prisma)
    const others = [
      { text: 'HBB', kind: 'ACRONYM' as const },
      { text: 'HABO', kind: 'ACRONYM' as const },
      { text: 'HAFE', kind: 'ACRONYM' as const, language: 'de' },
      { text: 'Port Board', kind: 'ALIAS' as const },
    ]
    await store({ organisations: [{ ...board, names: others }] })
    const stored = await prisma.name.findMany({
      where: { entity: { slug: 'harbour-board' } },
      orderBy: { text: 'asc' },
    })
    expect(stored.map(({ text, language }) => [text, language])).toEqual([
      ['HABO', 'en'],
      ['HAFE', 'de'],
      ['Harbour Board', null],
      ['Port Board', null],
    ])
  })
})

describe('where a story is stored', () => {
  const other = { headline: 'Council votes on schools', publishedAt: new Date('2026-02-03T10:00:00Z') }
  const articles = async () =>
    (await prisma.article.findMany({ orderBy: { id: 'asc' } })).map(({ slug, canonicalUrl, version }) => [
      slug,
      canonicalUrl,
      version,
    ])

  it('is under the spelling of its address that is stored', async () => {
    await store({ article: { canonicalUrl: 'http://www.gazette.example/ferry-line/' } })
    const again = await store({ article: { headline: 'Ferry line reopened today' } })
    expect(again).toMatchObject({
      outcome: 'updated',
      version: 2,
      url: 'http://www.gazette.example/ferry-line/',
      slug: 'ferry-line',
      notes: ['a note'],
    })
    expect(await articles()).toHaveLength(1)
  })

  it('is the same when it was read from there, however its headline changed', async () => {
    await store()
    const readFrom = 'https://www.gazette.example/ferry-line?utm_source=x'
    expect(await store({ article: other, readFrom })).toMatchObject({ outcome: 'updated', version: 2 })
  })

  it('is the same when most of its text is, and not because of its date', async () => {
    const blocks = (text: string) => [{ kind: 'PARAGRAPH' as const, text }]
    const text = 'The ferry between the mainland and the islands sails again after a winter of repairs.'
    await store({ article: { blocks: blocks(text) } })
    const renamed = { headline: 'Islands served', blocks: blocks(`${text} Fares stay as they are.`) }
    expect(await store({ article: renamed })).toMatchObject({ outcome: 'updated' })
    for (const publishedAt of [new Date('2026-02-03T09:00:00Z'), other.publishedAt]) {
      const another = {
        ...other,
        publishedAt,
        blocks: blocks('Members decide tomorrow where pupils go from May.'),
      }
      await expect(store({ article: another })).rejects.toThrow(
        /^The canonical URL of the page is https:\/\/gazette\.example\/ferry-line, /,
      )
    }
  })

  it('is where it was read from when its page claims another story’s address', async () => {
    await store()
    const readFrom = 'https://gazette.example/news/council-votes-on-schools?fbclid=1'
    const second = await store({ article: other, readFrom })
    const url = 'https://gazette.example/news/council-votes-on-schools'
    expect(second).toMatchObject({ outcome: 'created', url, slug: 'council-votes-on-schools' })
    expect(await store({ article: other, readFrom: `${url}/` })).toMatchObject({ outcome: 'unchanged', url })
    expect(await articles()).toEqual([
      ['ferry-line', 'https://gazette.example/ferry-line', 1],
      ['council-votes-on-schools', url, 1],
    ])
    // The very date proves nothing.
    const dated = { headline: other.headline, publishedAt: new Date('2026-02-03T09:00:00Z') }
    expect(
      await store({ article: dated, readFrom: 'https://gazette.example/news/a-third-story-of-ours' }),
    ).toMatchObject({ outcome: 'created' })
  })

  it('has another slug when another story has its own, and keeps the slug that it has', async () => {
    await store()
    const canonicalUrl = 'https://herald.example/ferry-line'
    const second = await store({ article: { canonicalUrl } })
    expect(second.slug).toBe(`ferry-line-${digest(canonicalUrl)}`)
    expect(await store({ article: { canonicalUrl, slug: 'renamed' } })).toMatchObject({
      outcome: 'unchanged',
      slug: second.slug,
    })
  })
})

describe('a date whose zone was only assumed', () => {
  const at = (hours: number) => new Date(Date.UTC(2026, 1, 3, 9) + hours * 3_600_000)
  const KEPT = ['the dates have no time zone; the zone that was assumed before is kept']
  it.each([
    [3, KEPT],
    [26, KEPT],
    [-26, KEPT],
    [0, ['a note']],
  ])('stays what it was when another zone would move it by %d hours', async (hours, notes) => {
    await store({ hasNoZone: true })
    const again = await store({ hasNoZone: true, article: { publishedAt: at(hours) } })
    expect(again).toMatchObject({ outcome: 'unchanged', notes })
  })

  it('is another one when it moves by more, or when the page now says its zone', async () => {
    await store({ hasNoZone: true })
    expect(await store({ hasNoZone: true, article: { publishedAt: at(27) } })).toMatchObject({
      outcome: 'updated',
      notes: ['a note'],
    })
    expect(await store({ article: { publishedAt: at(30) } })).toMatchObject({ outcome: 'updated' })
    expect(await prisma.article.findFirst()).toMatchObject({ publishedAt: at(30) })
  })
})
