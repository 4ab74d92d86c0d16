import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lockArticle } from '../../src/articles/lock.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'ana', name: 'Ana President', names: [{ text: 'AP', kind: 'ACRONYM' }] })
  await savePerson(prisma, { slug: 'bo', name: 'Bo Speaker' })
  await saveOrganisation(prisma, { slug: 'office', name: 'Example Office' })
})
afterAll(() => app.close())

const read = async (slug: string, fields: string, token?: string) =>
  (await app.ask(`query ($slug: String!) { article(slug: $slug) { ${fields} } }`, { slug }, token)).article

describe('a story is read', () => {
  test('with everything that stands around its body', async () => {
    const picture = {
      url: 'https://pictures.example/a.jpg',
      alt: 'Alt',
      caption: 'Caption',
      credit: 'Credit',
      photographer: 'Photographer',
      agency: 'Agency',
      usageTerms: 'Terms',
    }
    const { slug } = await addArticle(app.database.prisma, {
      kicker: 'Kicker',
      standfirst: 'Standfirst',
      byline: 'Byline',
      dateline: { text: 'ERBIL, Kurdistan Region', place: 'Erbil', region: 'Kurdistan Region' },
      updatedAt: new Date('2026-01-01T01:00:00Z'),
      leadImage: picture,
    })
    const fields = `url language direction status kicker headline standfirst byline publishedAt updatedAt version
      dateline { text place region } leadImage { ${Object.keys(picture).join(' ')} }`
    expect(await read(slug, fields)).toEqual({
      url: `https://dateline.example/${slug}`,
      language: 'en',
      direction: 'LTR',
      status: 'USABLE',
      kicker: 'Kicker',
      headline: expect.stringMatching(/^Story \d+$/),
      standfirst: 'Standfirst',
      byline: 'Byline',
      publishedAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T01:00:00.000Z',
      version: 1,
      dateline: { text: 'ERBIL, Kurdistan Region', place: 'Erbil', region: 'Kurdistan Region' },
      leadImage: picture,
    })
  })

  test('without what it does not have', async () => {
    const { slug } = await addArticle(app.database.prisma)
    const fields =
      'kicker standfirst byline dateline { text } leadImage { url } topic { slug } corrections { text }'
    expect(await read(slug, fields)).toEqual({
      kicker: null,
      standfirst: null,
      byline: null,
      dateline: null,
      leadImage: null,
      topic: null,
      corrections: [],
    })
  })

  test('with its names in reading order, whole and block by block', async () => {
    const { slug } = await addArticle(app.database.prisma, {
      blocks: [
        { kind: 'PARAGRAPH', text: 'In the end came Example Office, Bo Speaker and Ana President.' },
        { kind: 'HEADING', text: 'AP, Bo Speaker', level: 2 },
        { kind: 'QUOTATION', text: 'Ana President, Example Office!', direct: true },
      ],
    })
    const { body, mentions } = await read(
      slug,
      `mentions { surface block { position } } body { ... on Paragraph { mentions { surface } }
        ... on Heading { mentions { surface } } ... on QuotationBlock { mentions { surface } } }`,
    )
    const inBlocks = [
      ['Example Office', 'Bo Speaker', 'Ana President'],
      ['AP', 'Bo Speaker'],
      ['Ana President', 'Example Office'],
    ]
    const surfaces = body.map((block: { mentions: { surface: string }[] }) =>
      block.mentions.map(({ surface }) => surface),
    )
    expect(surfaces).toEqual(inBlocks)
    const inOrder = inBlocks.flatMap((names, i) =>
      names.map((surface) => ({ surface, block: { position: i + 1 } })),
    )
    expect(mentions).toEqual(inOrder)
  })

  test('with its corrections, newest first', async () => {
    const { slug, key: articleId } = await addArticle(app.database.prisma)
    const kinds = ['UPDATE', 'RETRACTION', 'CORRECTION', 'CLARIFICATION'] as const
    const days = [2, 4, 1, 3]
    await app.database.prisma.correction.createMany({
      data: kinds.map((kind, i) => ({
        articleId,
        kind,
        text: `Day ${days[i]}`,
        version: 1,
        at: new Date(Date.UTC(2026, 0, days[i])),
      })),
    })
    expect((await read(slug, 'corrections { kind text version at }')).corrections).toEqual([
      { kind: 'RETRACTION', text: 'Day 4', version: 1, at: '2026-01-04T00:00:00.000Z' },
      { kind: 'CLARIFICATION', text: 'Day 3', version: 1, at: '2026-01-03T00:00:00.000Z' },
      { kind: 'UPDATE', text: 'Day 2', version: 1, at: '2026-01-02T00:00:00.000Z' },
      { kind: 'CORRECTION', text: 'Day 1', version: 1, at: '2026-01-01T00:00:00.000Z' },
    ])
  })

  test('with the embargo that it had by editors alone', async () => {
    const { slug } = await addArticle(app.database.prisma, {
      embargoedUntil: new Date('2026-01-02T00:00:00Z'),
    })
    for (const role of [undefined, 'reader', 'moderator', 'editor'] as const) {
      const token = role && (await app.token(role))
      expect([role, await read(slug, 'embargoedUntil', token)]).toEqual([
        role,
        { embargoedUntil: role === 'editor' ? '2026-01-02T00:00:00.000Z' : null },
      ])
    }
  })

  test('with what a post says', async () => {
    const embed = { provider: 'X', url: 'https://x.example/1', authorName: 'Ana', handle: '@ana', text: 'Hi' }
    const { slug } = await addArticle(app.database.prisma, {
      blocks: [
        { kind: 'EMBED', embed },
        { kind: 'EMBED', embed: { provider: 'Y', url: 'https://y.example/1' } },
      ],
    })
    const { body } = await read(
      slug,
      'body { ... on EmbedBlock { embed { provider url authorName handle text postedAt } } }',
    )
    expect(body).toEqual([
      { embed: { ...embed, postedAt: null } },
      {
        embed: {
          ...{ provider: 'Y', url: 'https://y.example/1' },
          ...{ authorName: null, handle: null, text: null, postedAt: null },
        },
      },
    ])
  })
})

describe('a story that an importer hands in again', () => {
  let count = 0
  const hours = (count: number) => new Date(Date.UTC(2026, 0, 1, count))
  const now = hours(12)
  const sender = () => {
    const name = `again-${++count}`
    return (changes: object) =>
      saveArticle(
        app.database.prisma,
        {
          slug: name,
          canonicalUrl: `https://wire.example/${name}`,
          language: 'en',
          headline: 'One',
          publishedAt: hours(0),
          blocks: [],
          ...changes,
        },
        { now },
      )
  }
  const stored = (id: string) =>
    app.database.prisma.article.findUniqueOrThrow({
      where: { id },
      include: { topic: true, leadImage: true },
    })

  test('is not stored when it is older than what was handed in last, and is when it is as old', async () => {
    const send = sender()
    const { id } = await send({ updatedAt: hours(3) })
    expect(await send({ headline: 'Older', updatedAt: hours(2) })).toEqual({
      id,
      outcome: 'older',
      version: 1,
    })
    expect(await stored(id)).toMatchObject({ headline: 'One', version: 1 })
    expect(await send({ headline: 'As old', updatedAt: hours(3) })).toMatchObject({ outcome: 'updated' })
    expect(await send({ headline: 'Undated' })).toMatchObject({ outcome: 'updated', version: 3 })
    expect(await send({ headline: 'Older', updatedAt: hours(1) })).toMatchObject({ outcome: 'updated' })
  })

  test('changed when it says so, or else now; a new story when it was published', async () => {
    const send = sender()
    const { id } = await send({})
    expect(await stored(id)).toMatchObject({ updatedAt: hours(0), publishedAt: hours(0) })
    await send({ headline: 'Two' })
    expect(await stored(id)).toMatchObject({ updatedAt: now, publishedAt: hours(0) })
    await send({ headline: 'Three', updatedAt: hours(5), publishedAt: hours(1) })
    expect(await stored(id)).toMatchObject({ updatedAt: hours(5), publishedAt: hours(1) })
  })

  test('loses what it no longer has, and keeps its embargo and its comments when it says nothing of them', async () => {
    const send = sender()
    const until = new Date('2999-01-01T00:00:00Z')
    const { id } = await send({
      ...{ kicker: 'K', standfirst: 'S', byline: 'B', dateline: { text: 'D', place: 'P', region: 'R' } },
      ...{ topic: { slug: 'again', label: 'Again' }, leadImage: { url: '/a.jpg' } },
      ...{ embargoedUntil: until, commenting: { open: false, closesAt: until }, status: 'WITHHELD' },
    })
    expect((await stored(id)).dueAt).toBeNull()
    await send({})
    expect(await stored(id)).toMatchObject({
      ...{ kicker: null, standfirst: null, byline: null, leadImage: null, topic: null },
      ...{ datelineText: null, datelinePlace: null, datelineRegion: null },
      ...{ embargoedUntil: until, commentingOpen: false, commentingClosesAt: until, status: 'WITHHELD' },
    })
    await send({ embargoedUntil: null, commenting: { open: true, closesAt: null }, status: 'USABLE' })
    expect(await stored(id)).toMatchObject({
      ...{ embargoedUntil: null, commentingOpen: true, commentingClosesAt: null, status: 'USABLE' },
    })
  })

  test('keeps the name of a topic that the newsroom has', async () => {
    const send = sender()
    await send({ topic: { slug: 'kept', label: 'Kept' } })
    const { id } = await send({ headline: 'Two', topic: { slug: 'kept', label: 'Renamed' } })
    expect((await stored(id)).topic).toMatchObject({ slug: 'kept', label: 'Kept' })
  })

  test('leaves no uses of pictures of its earlier versions behind, and the pictures with their rights', async () => {
    const { prisma } = app.database
    const send = sender()
    const picture = (url: string) => ({ kind: 'IMAGE', image: { url } })
    const { id } = await send({
      leadImage: { url: '/l1', syndicatable: true },
      blocks: [picture('/b1'), picture('/b2')],
    })
    const { key: other } = await addArticle(prisma, { leadImage: { url: '/b1', caption: 'Elsewhere' } })
    await send({ headline: 'Two', leadImage: { url: '/l2' } })
    const uses = await prisma.imageUse.findMany({
      where: { articleId: { in: [id, other] } },
      select: { articleId: true, caption: true, image: { select: { url: true } } },
      orderBy: { image: { url: 'asc' } },
    })
    expect(uses).toEqual([
      { articleId: other, caption: 'Elsewhere', image: { url: '/b1' } },
      { articleId: id, caption: null, image: { url: '/l2' } },
    ])
    await send({ headline: 'Three', leadImage: { url: '/l1' } })
    const images = await prisma.image.findMany({ where: { url: '/l1' } })
    expect(images).toMatchObject([{ syndicatable: true }])
  })

  test('is found by its key and by its address, and what is neither is not', async () => {
    const { id } = await sender()({})
    const find = (key: { id: string } | { canonicalUrl: string }) =>
      app.database.prisma.$transaction((tx) => lockArticle(tx, key))
    expect(await find({ id })).toMatchObject({ id, version: 1, feedPosition: 0 })
    expect(await find({ canonicalUrl: `https://wire.example/again-${count}` })).toMatchObject({ id })
    expect(await find({ canonicalUrl: 'https://wire.example/again' })).toBeNull()
    expect(await find({ id: '01900000-0000-7000-8000-000000000000' })).toBeNull()
  })
})
