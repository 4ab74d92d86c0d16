import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { untilSomebodyWaits } from '../support/locks.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

const SET = `mutation ($partner: String!, $licence: LicenceInput!) {
  setLicence(input: { partner: $partner, licence: $licence }) {
    __typename
    ... on SetLicencePayload {
      changed
      licence {
        version topics sections languages agencies fullText quotations embeds validFrom validUntil retentionDays attribution
      }
    }
    ... on InvalidInput { field message }
  }
}`
const TOLD = `query ($after: String) {
  changes(first: 100, after: $after) { edges { node { kind articleId } } pageInfo { endCursor } }
}`
const HISTORY = `query ($slug: String!) { partner(slug: $slug) { licenceHistory { version terms admin at } } }`

let app: TestApp
let prisma: PrismaClient
let admin: string

beforeEach(async () => {
  // Its clock is today's: it would publish what others here wait for.
  app = await freshApp({ changePollMs: 3_600_000 })
  prisma = app.database.prisma
  admin = await app.token('admin', { name: 'Admin' })
  const world = await prisma.topic.create({ data: { slug: 'world', label: 'World' } })
  await prisma.topic.create({ data: { slug: 'region', label: 'Region', parentId: world.id } })
})

afterEach(() => app.close())

async function set(partner: string, licence: object): Promise<Json> {
  return (await app.ask(SET, { partner, licence }, admin)).setLicence
}

/** What stands in the change sequence for one partner. */
function changesFor(partnerId: string) {
  return prisma.articleChange.findMany({ where: { partnerId }, orderBy: { position: 'asc' } })
}

test('a licence is stored in one spelling, without repetitions, and what is not given stays', async () => {
  const { slug } = await addPartner(prisma)
  const { licence } = await set(slug, {
    topics: ['region', 'region', 'world'],
    sections: [' * ', 'world'],
    languages: ['EN-gb', 'en-GB', 'CKB'],
    agencies: ['  AFP ', 'afp', 'Getty  Images'],
    validFrom: '2026-01-01T00:00:00Z',
    retentionDays: 30,
    attribution: ' From   Example News ',
  })
  expect(licence).toEqual({
    version: 2,
    topics: ['region', 'world'],
    sections: ['*', 'world'],
    languages: ['en-GB', 'ckb'],
    agencies: ['AFP', 'Getty Images'],
    fullText: true,
    quotations: true,
    embeds: true,
    validFrom: '2026-01-01T00:00:00.000Z',
    validUntil: null,
    retentionDays: 30,
    attribution: 'From Example News',
  })
  const { licence: wider } = await set(slug, { retentionDays: null, topics: null })
  expect(wider).toEqual({ ...licence, version: 3, retentionDays: null })
})

test.each([
  ['an unknown topic', { topics: ['nowhere'] }, 'topics'],
  ['a topic that is no section', { sections: ['region'] }, 'sections'],
  ['an unknown section', { sections: ['nowhere'] }, 'sections'],
  ['a language that is none', { languages: ['english!'] }, 'languages'],
  ['an agency without a letter', { agencies: ['—'] }, 'agencies'],
  ['a term of no days', { retentionDays: 0 }, 'retentionDays'],
  ['an endless attribution', { attribution: 'x'.repeat(501) }, 'attribution'],
  ['an attribution with control characters', { attribution: 'a\u0007b' }, 'attribution'],
  ['an endless list', { agencies: Array.from({ length: 501 }, (_, i) => `Agency ${i}`) }, 'agencies'],
  ['an endless entry', { agencies: ['x'.repeat(201)] }, 'agencies'],
  [
    'an end ahead of the beginning',
    { validFrom: '2026-01-02T00:00:00Z', validUntil: '2026-01-01T00:00:00Z' },
    'validUntil',
  ],
])('%s is refused, and changes nothing', async (_what, licence, field) => {
  const { slug, id } = await addPartner(prisma)
  expect(await set(slug, licence)).toMatchObject({ __typename: 'InvalidInput', field })
  expect(await prisma.licence.findUnique({ where: { partnerId: id } })).toMatchObject({ version: 1 })
  expect(await prisma.licenceChange.count()).toBe(1)
})

describe('a change of a licence', () => {
  test('goes into its history, with who made it and all that it says', async () => {
    const { slug } = await addPartner(prisma)
    await set(slug, { agencies: ['AFP'] })
    const { partner } = await app.ask(HISTORY, { slug }, admin)
    expect(partner.licenceHistory).toMatchObject([
      { version: 2, admin: 'admin-admin' },
      { version: 1, admin: 'test' },
    ])
    const [latest, first] = partner.licenceHistory.map(({ terms }: { terms: string }) => JSON.parse(terms))
    expect(latest).toEqual({ ...first, agencies: ['AFP'] })
    await expect(prisma.licenceChange.deleteMany()).rejects.toThrow()
  })

  test('is one entry, and told to its partner alone, for each story that it is about', async () => {
    const { slug, id, key } = await addPartner(prisma, { licence: { languages: ['en'] } })
    const other = await addPartner(prisma)
    const told = async (by: string, after: string | null = null) => {
      const { changes } = await app.ask<Json>(TOLD, { after }, by)
      const { edges, pageInfo } = changes
      return {
        stories: edges.map(({ node }: Json) => [node.kind, node.articleId]),
        cursor: pageInfo.endCursor,
      }
    }
    const english = [
      await addArticle(prisma, { language: 'en' }),
      await addArticle(prisma, { language: 'en' }),
    ]
    await addArticle(prisma, { language: 'ckb' })
    const [before, others] = [await told(key), await told(other.key)]
    await set(slug, { attribution: 'From Example News' })
    expect(await changesFor(id)).toMatchObject([
      { articleId: null, kind: 'RIGHTS_CHANGED', version: 2, licenceBefore: 1 },
    ])
    const { stories } = await told(key, before.cursor)
    expect(stories.toSorted()).toEqual(english.map((story) => ['RIGHTS_CHANGED', story.id]).toSorted())
    expect(await changesFor(other.id)).toEqual([])
    expect((await told(other.key, others.cursor)).stories).toEqual([])
  })

  test('that changes nothing is not written down, nor told', async () => {
    const { slug, id } = await addPartner(prisma, { licence: { agencies: ['AFP'] } })
    await addArticle(prisma)
    expect(await set(slug, { agencies: ['AFP'], retentionDays: null })).toMatchObject({
      changed: false,
      licence: { version: 1 },
    })
    expect(await changesFor(id)).toEqual([])
    expect(await prisma.licenceChange.count()).toBe(1)
  })

  test('made twice at once leaves both in the history', async () => {
    const { slug, id } = await addPartner(prisma)
    await Promise.all(Array.from({ length: 6 }, (_, i) => set(slug, { attribution: `Line ${i}` })))
    const history = await prisma.licenceChange.findMany({
      where: { partnerId: id },
      orderBy: { version: 'asc' },
    })
    expect(history.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('dates when the stories that the partner holds lapse', async () => {
    const publishedAt = new Date()
    const { slug, id: partnerId, key } = await addPartner(prisma)
    const story = await addArticle(prisma, { publishedAt })
    const gone = await addArticle(prisma, { publishedAt })
    const read = () => app.ask('{ changes { edges { node { articleId } } } }', {}, key)
    await read()
    await prisma.holding.updateMany({
      where: { articleId: gone.key },
      data: { removalAttemptedAt: publishedAt },
    })
    const lapses = async () =>
      (await prisma.holding.findMany({ where: { partnerId }, orderBy: { articleId: 'asc' } })).map(
        ({ articleId, lapsesAt }) => [articleId === story.key, lapsesAt],
      )
    const days = (count: number) => new Date(publishedAt.getTime() + count * 86_400_000)
    await set(slug, { retentionDays: 7 })
    expect(await lapses()).toEqual([
      [true, days(7)],
      [false, null],
    ])
    await set(slug, { retentionDays: 30 })
    expect(await lapses()).toContainEqual([true, days(30)])
    await set(slug, { retentionDays: null })
    expect(await lapses()).toContainEqual([true, null])
  })
})

test('a story that a shorter term took comes back with a longer one', async () => {
  const { slug, key } = await addPartner(prisma)
  const story = await addArticle(prisma, { publishedAt: new Date(Date.now() - 10 * 86_400_000) })
  const CHANGES = `query ($after: String) {
    changes(after: $after) { edges { node { __typename articleId } } pageInfo { endCursor } }
  }`
  const seen: string[] = []
  let after: string | null = null
  const read = async () => {
    const { changes } = await app.ask<Json>(CHANGES, { after }, key)
    after = changes.pageInfo.endCursor
    for (const { node } of changes.edges) if (node.articleId === story.id) seen.push(node.__typename)
    return seen.at(-1)
  }
  expect(await read()).toBe('ArticleChanged')
  await set(slug, { retentionDays: 5 })
  expect(await read()).toBe('ArticleRemoved')
  await set(slug, { retentionDays: 20 })
  expect(await read()).toBe('ArticleChanged')
})

test('a licence that is to begin and end is told of at both moments, once', async () => {
  let now = new Date('2026-02-01T00:00:00Z')
  await using clocked = await freshApp({ database: app.database, now: () => now, changePollMs: 50 })
  const { id } = await addPartner(
    prisma,
    {
      licence: { validFrom: new Date('2026-03-01T00:00:00Z'), validUntil: new Date('2026-04-01T00:00:00Z') },
    },
    () => now,
  )
  await addArticle(prisma)
  const dueAt = async () => (await prisma.licence.findUniqueOrThrow({ where: { partnerId: id } })).dueAt
  expect(await dueAt()).toEqual(new Date('2026-03-01T00:00:00Z'))
  const until = (count: number) =>
    expect.poll(async () => (await changesFor(id)).length, { timeout: 20_000 }).toBe(count)
  now = new Date('2026-03-01T00:00:00Z')
  await until(1)
  expect(await dueAt()).toEqual(new Date('2026-04-01T00:00:00Z'))
  now = new Date('2026-04-01T00:00:00Z')
  await until(2)
  expect(await dueAt()).toBeNull()
  expect(clocked.config.port).toBeGreaterThan(0)
})

// The embedded database runs one transaction after the other.
test.runIf(process.env.DATABASE_URL)(
  'a change of the term and an answer that is written down do not wait for each other in a circle',
  async () => {
    const { id: partnerId, slug } = await addPartner(prisma)
    const keys = [(await addArticle(prisma)).key, (await addArticle(prisma)).key].sort()
    // Stored the other way round, which is the order in which an update comes to them by itself.
    for (const articleId of keys.toReversed()) {
      await prisma.holding.create({ data: { partnerId, articleId, version: 1, since: new Date() } })
    }
    let setting: Promise<unknown> | undefined
    await prisma.$transaction(async (tx) => {
      for (const articleId of keys) {
        await tx.$queryRaw`SELECT FROM "Holding" WHERE "articleId" = ${articleId}::uuid FOR UPDATE`
        setting ??= set(slug, { retentionDays: 30 })
        await untilSomebodyWaits(prisma)
      }
    })
    expect(await setting).toMatchObject({ changed: true })
  },
)
