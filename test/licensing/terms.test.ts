import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { readTopicPaths } from '../../src/articles/topics/paths.ts'
import type { Prisma } from '../../src/db/client/client.ts'
import type { Terms } from '../../src/licensing/terms.ts'
import { affectedSql } from '../../src/syndication/licence-entry.ts'
import { loadArticles } from '../../src/syndication/load.ts'
import { project } from '../../src/syndication/project.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

const everything = { topics: ['*'], sections: ['*'], languages: ['*'] }

let database: TestDatabase
let partnerId: string
const names = new Map<string, string>()

beforeAll(async () => {
  database = await freshDatabase()
  const { prisma } = database
  partnerId = (await addPartner(prisma)).id
  const topic = (slug: string, parentId?: string) =>
    prisma.topic.create({ data: { slug, label: slug, parentId } })
  const world = await topic('world')
  const region = await topic('region', world.id)
  await topic('city', region.id)
  await topic('sport')
  const a = await topic('circle-a')
  const b = await topic('circle-b', a.id)
  await prisma.topic.update({ where: { id: a.id }, data: { parentId: b.id } })
  const stories: [slug: string, topic: string | null, language: string, more?: Partial<ArticleDraft>][] = [
    ['in-world', 'world', 'en'],
    [
      'in-region',
      'region',
      'en-GB',
      { leadImage: { url: 'https://pictures.example/a.jpg', agency: 'AFP / Reuters' } },
    ],
    ['in-city', 'city', 'ckb', { blocks: [{ kind: 'QUOTATION', text: 'It is so.', direct: true }] }],
    ['in-sport', 'sport', 'EN-us'],
    ['in-a-circle', 'circle-a', 'en'],
    ['in-nothing', null, 'en'],
    ['in-enm', 'world', 'enm'],
  ]
  for (const [slug, topic, language, more] of stories) {
    const { key } = await addArticle(prisma, {
      slug,
      language,
      ...more,
      ...(topic ? { topic: { slug: topic, label: topic } } : {}),
    })
    names.set(key, slug)
  }
  const withheld = await addArticle(prisma, { slug: 'withheld', topic: { slug: 'world', label: 'world' } })
  await prisma.article.update({ where: { id: withheld.key }, data: { status: 'WITHHELD' } })
})

afterAll(() => database.close())

let version = 1

/** The stories that a change from one licence to the other is about; of one licence, that it comes into force. */
async function told(...terms: Partial<Terms>[]): Promise<string[]> {
  const { prisma } = database
  const first = version + 1
  const at = new Date('2026-06-01T00:00:00Z')
  for (const each of terms) {
    version += 1
    const json = JSON.parse(JSON.stringify({ ...noLimits, ...each })) as Prisma.InputJsonObject
    await prisma.licenceChange.create({ data: { partnerId, version, terms: json, admin: 'test', at } })
  }
  const entry = { position: 1, partnerId, licenceBefore: first, version, at }
  const affected = await affectedSql(prisma, entry, await readTopicPaths(prisma))
  const rows = await prisma.$queryRaw<{ id: string }[]>`
    SELECT a."id" FROM "Article" a WHERE a."status" = 'USABLE' AND ${affected}`
  return rows.map(({ id }) => names.get(id) ?? 'unknown').sort()
}

const all = ['in-a-circle', 'in-city', 'in-enm', 'in-nothing', 'in-region', 'in-sport', 'in-world']

describe('a change of a licence is told for the stories that it adds or takes away', () => {
  test.each<[string, Partial<Terms>[], string[]]>([
    ['everything', [{}], all],
    ['nothing', [{ topics: [] }], []],
    ['a topic and those under it', [{ topics: ['region'] }], ['in-city', 'in-region']],
    ['a topic without those above it', [{ topics: ['city'] }], ['in-city']],
    ['a section and all in it', [{ sections: ['world'] }], ['in-city', 'in-enm', 'in-region', 'in-world']],
    ['a topic that is no section', [{ sections: ['region'] }], []],
    ['a topic in another section', [{ topics: ['region'], sections: ['sport'] }], []],
    ['a language and its regions', [{ languages: ['en'] }], all.filter((name) => !/city|enm/.test(name))],
    ['a language of one region', [{ languages: ['en-GB'] }], ['in-region']],
    ['what was and what is', [{ topics: ['sport'] }, { topics: ['city'] }], ['in-city', 'in-sport']],
    ['what was everything', [{}, { topics: [] }], all],
    ['what is in both, not', [{ topics: ['region', 'sport'] }, { topics: ['region'] }], ['in-sport']],
    ['a topic in a circle', [{ topics: [] }, { topics: ['circle-b'] }], ['in-a-circle']],
    ['more full text', [{ fullText: false }, {}], all],
    ['another line', [{}, { attribution: 'By us' }], all],
    ['pictures of agencies', [{}, { agencies: ['AFP', 'Reuters'] }], ['in-region']],
    ['pictures of which one agency is not licensed', [{}, { agencies: ['AFP'] }], []],
    ['pictures of an agency that nobody has', [{}, { agencies: ['AP'] }], []],
    ['quotations', [{ quotations: false }, {}], ['in-city']],
    ['quotations where there is no text', [{ fullText: false, quotations: false }, { fullText: false }], []],
    ['fewer days', [{}, { retentionDays: 10 }], all],
    ['days that are none', [{ retentionDays: 400 }, { retentionDays: 500 }], []],
    ['a licence that is over', [{ validUntil: PAST }, { validUntil: PAST, topics: [] }], []],
    ['a licence that ends now', [{}, { validUntil: PAST }], all],
  ])('%s', async (_what, terms, expected) => {
    expect(await told(...terms)).toEqual(expected)
  })
})

test('whatever a licence lets through is told of when the licence changes', async () => {
  const { prisma } = database
  const stories = await loadArticles(prisma, [...names.keys()], 'http://127.0.0.1')
  const lists = [['*'], [], ['world'], ['region'], ['city'], ['sport'], ['circle-a'], ['circle-b', 'city']]
  const languages = [['*'], ['en'], ['en-GB', 'ckb'], ['EN']]
  const now = new Date('2026-06-01T00:00:00Z')
  for (const topics of lists) {
    for (const sections of lists) {
      for (const tags of languages) {
        const terms = { ...noLimits, topics, sections, languages: tags }
        const audience = { kind: 'partner', id: partnerId, slug: 'partner', terms } as const
        const shown = [...stories.values()].filter((story) => project(story, audience, now))
        const slugs = await told(terms)
        for (const { slug } of shown)
          expect([topics, sections, tags, slugs]).toEqual([
            topics,
            sections,
            tags,
            expect.arrayContaining([slug]),
          ])
      }
    }
  }
})

const PAST = new Date('2026-02-01T00:00:00Z')

const noLimits: Terms = {
  ...everything,
  agencies: ['Reuters'],
  fullText: true,
  quotations: true,
  embeds: true,
  validFrom: null,
  validUntil: null,
  retentionDays: null,
  attribution: '',
}
