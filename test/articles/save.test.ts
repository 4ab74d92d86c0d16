import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { draftOf } from '../../src/articles/snapshot.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addComment, approve } from '../support/newsroom.ts'

const now = new Date('2026-02-03T04:05:06Z')
let db: TestDatabase
let count = 0

beforeAll(async () => {
  db = await freshDatabase()
  await db.prisma.$transaction(async (tx) => {
    await saveOrganisation(tx, {
      slug: 'islamic-state',
      name: 'Islamic State',
      names: [
        { text: 'ISIS', kind: 'ACRONYM' },
        { text: 'Daesh', kind: 'ALIAS' },
      ],
    })
    await saveOrganisation(tx, {
      slug: 'agency',
      name: 'Agence Exemple',
      names: [{ text: 'AEX', kind: 'ACRONYM' }],
    })
    await savePerson(tx, { slug: 'ana-president', name: 'Ana President' })
    await savePerson(tx, { slug: 'bo-speaker', name: 'Bo Speaker' })
    await savePerson(tx, { slug: 'cy-visitor', name: 'Cy Visitor' })
  })
})
afterAll(() => db.close())
beforeEach(() => {
  count += 1
})

/** A story of its own for each test. */
function draft(changes: Partial<ArticleDraft> = {}): ArticleDraft {
  return {
    slug: `story-${count}`,
    canonicalUrl: `https://news.example/${count}`,
    language: 'en',
    headline: 'Soldiers face ISIS',
    publishedAt: new Date('2026-01-01T00:00:00Z'),
    blocks: [{ kind: 'PARAGRAPH', text: 'The president of the republic, Ana President, spoke of Daesh.' }],
    ...changes,
  }
}

const save = (changes?: Partial<ArticleDraft>) => saveArticle(db.prisma, draft(changes), { now })

function stored(id: string) {
  return db.prisma.article.findUniqueOrThrow({
    where: { id },
    include: {
      topic: true,
      leadImage: { include: { image: true } },
      blocks: {
        orderBy: { position: 'asc' },
        include: { image: { include: { image: true } }, embed: true, quotation: true, mentions: true },
      },
      entities: { orderBy: [{ kind: 'asc' }, { position: 'asc' }], include: { entity: true } },
      mentions: { orderBy: { start: 'asc' } },
      revisions: { orderBy: { version: 'asc' } },
    },
  })
}

describe('a story saved again', () => {
  it('unchanged writes nothing', async () => {
    const first = await save()
    const before = await stored(first.id)
    expect(first).toMatchObject({ outcome: 'created', version: 1 })
    expect(await save()).toEqual({ id: first.id, outcome: 'unchanged', version: 1 })
    expect(await stored(first.id)).toEqual(before)
  })

  it('changed becomes the next version, every version keeping its revision', async () => {
    const { id } = await save()
    expect(await save({ headline: 'Soldiers leave' })).toEqual({ id, outcome: 'updated', version: 2 })
    const article = await stored(id)
    expect(article).toMatchObject({ version: 2, headline: 'Soldiers leave', updatedAt: now })
    expect(
      article.revisions.map(({ version, snapshot }) => [
        version,
        (snapshot as { headline: string }).headline,
      ]),
    ).toEqual([
      [1, 'Soldiers face ISIS'],
      [2, 'Soldiers leave'],
    ])
  })

  it('keeps its comment count and feed position, and leaves no picture behind', async () => {
    const leadImage = { url: 'https://news.example/a.jpg' }
    const { id } = await save({ leadImage, blocks: [{ kind: 'IMAGE', image: leadImage }] })
    const comment = await addComment(db.prisma, id, { body: 'Well put.' })
    await approve(db.prisma, [comment.id])
    await save({ leadImage, blocks: [{ kind: 'PARAGRAPH', text: 'Now text.' }] })
    expect(await stored(id)).toMatchObject({
      commentCount: 1,
      feedPosition: 1,
      leadImage: { image: leadImage },
    })
    expect(await db.prisma.imageUse.count({ where: { articleId: id } })).toBe(1)
  })

  it('by several at once is created once', async () => {
    const saved = await Promise.all([save(), save(), save()])
    expect(new Set(saved.map(({ id }) => id)).size).toBe(1)
    expect(saved.map(({ outcome }) => outcome).toSorted()).toEqual(['created', 'unchanged', 'unchanged'])
  })
})

describe('a revision of version 0.2.0', () => {
  const people = [{ person: 'cy-visitor', namedIn: 'ARTICLE' as const }]

  it('names the text of the article as now, and the same draft imported again is no change', async () => {
    const { id } = await save({ people })
    await db.prisma.$executeRaw`
      UPDATE "Revision" SET "fingerprint" = 'former',
        "snapshot" = replace("snapshot"::text, '"namedIn": "ARTICLE"', '"namedIn": "STORY"')::jsonb
      WHERE "articleId" = ${id}::uuid`
    const { revisions } = await stored(id)
    expect(JSON.stringify(revisions[0]?.snapshot)).toContain('"namedIn":"STORY"')
    expect(draftOf(revisions[0]!.snapshot).people).toEqual(people)
    expect(await save({ people })).toEqual({ id, outcome: 'unchanged', version: 1 })
    expect(await save({ people: [{ ...people[0]!, namedIn: 'CAPTION' }] })).toMatchObject({
      outcome: 'updated',
    })
  })
})

describe('a stored story', () => {
  it('holds every kind of block, and a paragraph as often as it was handed in', async () => {
    const paragraph = { kind: 'PARAGRAPH' as const, text: 'Once is enough.' }
    const { id } = await save({
      topic: { slug: 'syria', label: 'Syria' },
      blocks: [
        paragraph,
        { kind: 'HEADING', text: 'Later', level: 3 },
        { ...paragraph, text: 'Once  is enough.' },
        {
          kind: 'QUOTATION',
          text: 'We are here',
          direct: false,
          speaker: { person: 'bo-speaker' },
          roleAsPrinted: 'speaker',
          via: { text: 'a readout', organisation: 'agency' },
        },
        { kind: 'EMBED', embed: { provider: 'X', url: 'https://x.com/a/status/1', handle: '@a' } },
        { kind: 'IMAGE', image: { url: '/images/b.png', caption: 'B' } },
      ],
    })
    const { blocks, topic, entities } = await stored(id)
    expect(topic).toMatchObject({ slug: 'syria', label: 'Syria' })
    expect(blocks).toMatchObject([
      { position: 1, kind: 'PARAGRAPH', text: 'Once is enough.' },
      { position: 2, kind: 'HEADING', level: 3 },
      { position: 3, kind: 'PARAGRAPH', text: 'Once  is enough.' },
      {
        position: 4,
        kind: 'QUOTATION',
        quotation: { direct: false, via: 'a readout', roleAsPrinted: 'speaker' },
      },
      { position: 5, kind: 'EMBED', embed: { handle: '@a' } },
      { position: 6, kind: 'IMAGE', image: { caption: 'B' } },
    ])
    expect(entities).toMatchObject([
      { entity: { slug: 'bo-speaker' }, kind: 'PERSON', namedIn: 'ARTICLE', rolesAsPrinted: ['speaker'] },
      { entity: { slug: 'islamic-state' }, kind: 'ORGANISATION', namedIn: 'ARTICLE', rolesAsPrinted: [] },
    ])
  })

  it('links the names in its text, with the role printed beside them', async () => {
    const { id } = await save({
      people: [
        { person: 'ana-president', namedIn: 'ARTICLE', rolesAsPrinted: ['president of the republic'] },
      ],
    })
    const { mentions, blocks } = await stored(id)
    const { text } = blocks[0]!
    expect(mentions.map(({ start, end, surface }) => [text!.slice(start, end), surface])).toEqual([
      ['Ana President', 'Ana President'],
      ['Daesh', 'Daesh'],
    ])
    expect(mentions.map(({ roleAsPrinted }) => roleAsPrinted)).toEqual(['president of the republic', null])
  })

  it('tells a name in the story from one in a caption, a credit or the byline', async () => {
    const { id } = await save({
      headline: 'Cy Visitor arrives',
      byline: 'Bo Speaker',
      leadImage: { url: '/a.png', caption: 'Bo Speaker at home', credit: 'Somebody / AEX' },
    })
    const { entities } = await stored(id)
    expect(entities.map(({ position, entity, namedIn }) => `${position} ${entity.slug} ${namedIn}`)).toEqual([
      '1 cy-visitor ARTICLE',
      '2 ana-president ARTICLE',
      '3 bo-speaker CAPTION',
      '4 bo-speaker BYLINE',
      '1 islamic-state ARTICLE',
      '2 agency CREDIT',
    ])
  })

  it.each([
    ['en', 'The soldiers were marching', 'english', 'march'],
    ['tr', 'Askerler sınırda yürüyor', 'turkish', 'asker'],
    ['ar', 'تظاهر المواطنون أمس', 'arabic', 'مواطنون'],
    ['ckb', 'هه‌ولێر پایته‌خته', 'simple', 'ههولير'],
  ])('is found by words of its language: %s', async (language, headline, configuration, query) => {
    const { id } = await save({ language, headline, blocks: [] })
    const found = await db.prisma.$queryRaw<{ id: string }[]>`
      SELECT "id" FROM "Article" WHERE "search" @@ to_tsquery(${configuration}::regconfig, ${query})`
    expect(found.map((row) => row.id)).toContain(id)
  })
})

describe('a draft is refused', () => {
  const empty = { kind: 'PARAGRAPH' as const, text: ' ' }
  it.each<[string, string, Partial<ArticleDraft>]>([
    ['with a slug that is none', 'slug', { slug: 'Not a slug' }],
    ['with a relative address', 'canonicalUrl', { canonicalUrl: '/story' }],
    ['with an address that is no web page', 'canonicalUrl', { canonicalUrl: 'javascript:alert(1)' }],
    ['with a language that is none', 'language', { language: 'English please' }],
    ['without a headline', 'headline', { headline: ' ' }],
    ['with a date that is none', 'publishedAt', { publishedAt: new Date('soon') }],
    ['with an empty paragraph', 'blocks[0]', { blocks: [empty] }],
    ['with a picture nobody can fetch', 'leadImage', { leadImage: { url: 'a.jpg' } }],
    ['when it names somebody unknown', 'people', { people: [{ person: 'nobody', namedIn: 'ARTICLE' }] }],
  ])('%s', async (_, field, changes) => {
    await expect(save(changes)).rejects.toMatchObject({ code: 'INVALID_INPUT', field })
    expect(await db.prisma.article.count({ where: { canonicalUrl: `https://news.example/${count}` } })).toBe(
      0,
    )
  })

  it('when another story has its slug', async () => {
    await save()
    await expect(save({ canonicalUrl: 'https://news.example/other' })).rejects.toMatchObject({
      field: 'slug',
    })
  })

  it('but a language tag in another spelling is put right', async () => {
    const { id } = await save({ language: 'EN-gb' })
    expect(await stored(id)).toMatchObject({ language: 'en-GB' })
  })
})

it('a story of forty pictures takes as many statements as one of two', async () => {
  const statements: string[] = []
  await using database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
  const save = async (count: number) => {
    const blocks = Array.from({ length: count }, (_, i) => ({
      kind: 'IMAGE' as const,
      image: { url: `https://news.example/${count}/${i}.jpg`, caption: `Picture ${i}` },
    }))
    const changes = {
      slug: `pictures-${count}`,
      canonicalUrl: `https://news.example/pictures-${count}`,
      blocks,
    }
    statements.length = 0
    const { id } = await saveArticle(database.prisma, draft(changes), { now })
    const sent = statements.length
    const rows = await database.prisma.block.findMany({
      where: { articleId: id },
      orderBy: { position: 'asc' },
      include: { image: true },
    })
    expect(rows.map(({ image }) => image?.caption)).toEqual(blocks.map(({ image }) => image.caption))
    return sent
  }
  expect(await save(40)).toBe(await save(2))
})
