import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { articleGlobalId, articleJson, changeJson } from '../../src/syndication/article-json.ts'
import type { LicensedArticle } from '../../src/syndication/licensed-article.ts'
import { loadArticles, loadSummaries } from '../../src/syndication/load.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { everyText } from '../support/texts.ts'

// A story as the database has it, and as REST and webhooks write it.

const AT = new Date('2026-01-02T03:04:05Z')
const person = { kind: 'PERSON', id: 'p1', slug: 'ali', name: 'Ali' } as const
const desk = { kind: 'ORGANISATION', id: 'o1', slug: 'desk', name: 'Desk' } as const
const id = (text: string) => Buffer.from(text).toString('base64')
const picture = {
  url: 'https://pictures.example/1.jpg',
  alt: 'alt',
  caption: 'caption',
  photographer: 'photographer',
  agency: 'agency',
  credit: 'credit',
  usageTerms: 'terms',
}

const story: LicensedArticle = {
  id: 's1',
  slug: 'a-story',
  url: 'https://news.example/a-story',
  language: 'ckb',
  version: 3,
  ...everyText((name) => name),
  headline: 'headline',
  dateline: { text: 'LONDON', place: 'London', region: null },
  topic: { slug: 'asia', label: 'Asia', path: ['world', 'asia'] },
  publishedAt: AT,
  updatedAt: AT,
  corrections: [{ kind: 'CORRECTION', text: 'words', version: 2, at: AT }],
  leadImage: picture,
  body: [
    {
      kind: 'PARAGRAPH',
      text: 'Ali at Desk',
      mentions: [
        { start: 0, end: 3, surface: 'Ali', roleAsPrinted: 'mayor', entity: person },
        { start: 7, end: 11, surface: 'Desk', roleAsPrinted: null, entity: desk },
      ],
    },
    { kind: 'HEADING', text: 'Heading', level: 3, mentions: [] },
    {
      kind: 'QUOTATION',
      text: 'Words',
      mentions: [],
      quotation: {
        speaker: person,
        roleAsPrinted: 'mayor',
        direct: false,
        via: 'Desk',
        viaOrganisation: desk,
      },
    },
    { kind: 'IMAGE', image: picture },
    {
      kind: 'EMBED',
      embed: {
        provider: 'X',
        url: 'https://x.example/1',
        authorName: 'A',
        handle: '@a',
        text: 't',
        postedAt: AT,
      },
    },
  ],
  people: [
    { entity: person, namedIn: 'CREDIT', rolesAsPrinted: [] },
    { entity: person, namedIn: 'ARTICLE', rolesAsPrinted: ['mayor', 'poet'] },
  ],
  organisations: [{ entity: desk, namedIn: 'BYLINE', rolesAsPrinted: [] }],
  attribution: 'From Dateline',
  hasFullText: true,
}

test('a story is written with the names and ids of the GraphQL API', () => {
  const ali = { id: id('Person:p1'), kind: 'PERSON', slug: 'ali', name: 'Ali' }
  const organisation = { id: id('Organisation:o1'), kind: 'ORGANISATION', slug: 'desk', name: 'Desk' }
  expect(articleJson(story)).toEqual({
    ...story,
    id: id('Article:s1'),
    direction: 'RTL',
    dateline: { text: 'LONDON', place: 'London', region: null },
    topic: { slug: 'asia', name: 'Asia' },
    body: [
      {
        kind: 'PARAGRAPH',
        position: 1,
        text: 'Ali at Desk',
        mentions: [
          { start: 0, end: 3, surface: 'Ali', roleAsPrinted: 'mayor', person: ali, organisation: null },
          { start: 7, end: 11, surface: 'Desk', roleAsPrinted: null, person: null, organisation },
        ],
      },
      { kind: 'HEADING', position: 2, text: 'Heading', level: 3, mentions: [] },
      {
        kind: 'QUOTATION',
        position: 3,
        text: 'Words',
        mentions: [],
        quotation: {
          speaker: ali,
          roleAsPrinted: 'mayor',
          direct: false,
          via: 'Desk',
          viaOrganisation: organisation,
        },
      },
      { ...story.body[3], position: 4 },
      { ...story.body[4], position: 5 },
    ],
    people: [
      { person: ali, namedIn: 'ARTICLE', roleAsPrinted: 'mayor', rolesAsPrinted: ['mayor', 'poet'] },
      { person: ali, namedIn: 'CREDIT', roleAsPrinted: null, rolesAsPrinted: [] },
    ],
    organisations: [{ organisation, namedIn: 'BYLINE' }],
  })
  expect(articleJson({ ...story, language: 'en', topic: null })).toMatchObject({
    direction: 'LTR',
    topic: null,
  })
})

test('a change is written with its story, or with why it must go', () => {
  const change = { cursor: 'c', kind: 'UPDATED', at: AT, articleId: 's1', version: 3 } as const
  const written = { cursor: 'c', kind: 'UPDATED', at: AT, articleId: articleGlobalId('s1'), version: 3 }
  expect(changeJson({ ...change, outcome: { article: story } })).toEqual({
    type: 'article.changed',
    ...written,
    article: articleJson(story),
  })
  const notice = { removed: 'CANCELED', publicReason: 'wrong', advisory: 'print it' } as const
  expect(changeJson({ ...change, outcome: notice })).toEqual({
    type: 'article.removed',
    ...written,
    reason: 'CANCELED',
    publicReason: 'wrong',
    advisory: 'print it',
  })
})

describe('a story is read', () => {
  let database: TestDatabase
  let prisma: PrismaClient

  beforeAll(async () => {
    database = await freshDatabase()
    prisma = database.prisma
  })

  afterAll(() => database.close())

  test('as it was stored, block by block, with pictures of its own under the address of the gateway', async () => {
    await addPartner(prisma, { slug: 'wire' })
    const embed = { provider: 'X', url: 'https://x.example/1', handle: '@a', postedAt: AT }
    const { key } = await addArticle(prisma, {
      kicker: 'kicker',
      standfirst: 'standfirst',
      dateline: { text: 'LONDON', place: 'London' },
      byline: 'byline',
      publishedAt: AT,
      embargoedUntil: AT,
      leadImage: { ...picture, url: '/images/1.jpg', syndicatable: true, partners: ['wire'] },
      blocks: [
        { kind: 'HEADING', text: 'Heading', level: 4 },
        { kind: 'PARAGRAPH', text: 'Paragraph' },
        { kind: 'QUOTATION', text: 'Said', direct: false, roleAsPrinted: 'mayor', via: { text: 'Desk' } },
        { kind: 'IMAGE', image: { url: 'https://pictures.example/2.jpg' } },
        { kind: 'EMBED', embed },
      ],
    })
    const found = await loadArticles(
      prisma,
      [key, key, '0198a000-0000-7000-8000-00000000000a'],
      'https://news.example',
    )
    expect([...found.keys()]).toEqual([key])
    expect(found.get(key)).toMatchObject({
      id: key,
      version: 1,
      status: 'USABLE',
      kicker: 'kicker',
      standfirst: 'standfirst',
      dateline: { text: 'LONDON', place: 'London', region: null },
      byline: 'byline',
      topic: null,
      publishedAt: AT,
      updatedAt: AT,
      embargoedUntil: AT,
      leadImage: {
        ...picture,
        url: 'https://news.example/images/1.jpg',
        syndicatable: true,
        partners: ['wire'],
      },
      body: [
        { kind: 'HEADING', text: 'Heading', level: 4 },
        { kind: 'PARAGRAPH', text: 'Paragraph' },
        {
          kind: 'QUOTATION',
          text: 'Said',
          quotation: {
            speaker: null,
            direct: false,
            roleAsPrinted: 'mayor',
            via: 'Desk',
            viaOrganisation: null,
          },
        },
        {
          kind: 'IMAGE',
          image: { url: 'https://pictures.example/2.jpg', agency: null, syndicatable: false, partners: [] },
        },
        { kind: 'EMBED', embed: { ...embed, authorName: null, text: null } },
      ],
    })
  })

  test('with the subject that it is filed under, and the corrections of it latest first', async () => {
    const world = await prisma.topic.create({ data: { slug: 'world', label: 'World' } })
    const asia = await prisma.topic.create({ data: { slug: 'asia', label: 'Asia', parentId: world.id } })
    const { key } = await addArticle(prisma)
    await prisma.article.update({ where: { id: key }, data: { topicId: asia.id } })
    for (const version of [2, 4, 3]) {
      const at = new Date(AT.getTime() + version)
      await prisma.correction.create({
        data: { articleId: key, kind: 'UPDATE', text: `${version}`, version, at },
      })
    }
    const found = (await loadArticles(prisma, [key], '')).get(key)
    expect(found?.topic).toMatchObject({ slug: 'asia', label: 'Asia', path: ['world', 'asia'] })
    expect(found?.corrections.map(({ text }) => text)).toEqual(['4', '3', '2'])
    expect((await loadSummaries(prisma, [key])).get(key)).toMatchObject({
      id: key,
      version: 1,
      status: 'USABLE',
      language: 'en',
      topic: { path: ['world', 'asia'] },
    })
    expect(await loadSummaries(prisma, [])).toEqual(new Map())
    expect(await loadArticles(prisma, [], '')).toEqual(new Map())
  })
})
