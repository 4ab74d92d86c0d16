import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { startNewHistory } from '../../src/db/history.ts'
import { currentCursor, endOfSequence } from '../../src/syndication/changes.ts'
import { writeChangeCursor } from '../../src/syndication/cursor.ts'
import { type Desk, openDesk } from '../editing/desk.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'
import { partnerCommand } from '../support/partner-command.ts'

// A gateway that has read an article for a partner shows every later change of it, whoever makes the change: another
// gateway on the same database, a command, or SQL.

const DAY_MS = 86_400_000

let database: TestDatabase
let prisma: PrismaClient
let app: TestApp
/** An editor who works on another gateway. */
let desk: Desk
let otherApp: TestApp
let now: Date
/** The whole articles that were read. */
let reads = 0

let count = 0
let partner: { id: string; slug: string; key: string }
let article: { key: string; id: string; slug: string }
let imageUrl: string
/** The cursor before the article. */
let start: string

beforeAll(async () => {
  const onStatement = (sql: string) => {
    if (sql.includes('"Block"')) reads += 1
  }
  database = await freshDatabase({ onStatement })
  prisma = database.prisma
  app = await freshApp({ database, now: () => now })
  otherApp = await freshApp({ database, now: () => now })
})

beforeEach(async () => {
  now = new Date()
  count += 1
  imageUrl = `https://pictures.example/${count}.jpg`
  desk = await openDesk(otherApp)
  partner = await addPartner(prisma, { licence: { agencies: ['AFP'] }, quotaPerMinute: 1_000 })
  await prisma.$transaction((tx) => savePerson(tx, { slug: `lana-${count}`, name: `Lana Person${count}` }))
  await prisma.$transaction((tx) => savePerson(tx, { slug: `aram-${count}`, name: `Aram Person${count}` }))
  start = await currentCursor(prisma)
  article = await addArticle(prisma, {
    topic: { slug: `bridges-${count}`, label: 'Bridges' },
    publishedAt: new Date(now.getTime() - DAY_MS),
    leadImage: { url: imageUrl, agency: 'AFP' },
    people: [{ person: `lana-${count}`, namedIn: 'ARTICLE', rolesAsPrinted: [] }],
    blocks: [
      { kind: 'PARAGRAPH', text: 'The text before.' },
      { kind: 'QUOTATION', text: 'It stays.', direct: true, speaker: { person: `aram-${count}` } },
    ],
  })
  await addArticle(prisma)
})

afterAll(async () => {
  await app.close()
  await otherApp.close()
  await database.close()
})

/** What the partner is told about the article in a page of one change. Later entries are not on the page. */
async function told(key = partner.key): Promise<Json> {
  const response = await fetch(new URL(`/syndication/changes?first=1&after=${start}`, app.url), {
    headers: { authorization: `Bearer ${key}` },
  })
  expect(response.status).toBe(200)
  const { changes } = await response.json()
  return changes.find(({ articleId }: { articleId: string }) => articleId === article.id)
}

/** The article as it was told, and told again from the cache. */
async function toldTwice(): Promise<Json> {
  const first = await told()
  const before = reads
  expect(await told()).toEqual(first)
  expect(reads).toBe(before)
  return first.article
}

const edit = (order: Parameters<Desk['order']>[0], input: object) =>
  desk.order(order, { id: article.id, version: 1, ...input })

test('an article that nothing changes is read once for all partners', async () => {
  await toldTwice()
  const other = await addPartner(prisma, { licence: { agencies: ['AFP'] }, quotaPerMinute: 1_000 })
  const before = reads
  expect((await told(other.key)).article).toEqual((await told()).article)
  expect(reads).toBe(before)
})

describe('a change by another gateway', () => {
  test('of a text is shown', async () => {
    await toldTwice()
    await edit('UpdateArticle', { changes: { headline: 'Another headline' } })
    expect((await told()).article).toMatchObject({ headline: 'Another headline', version: 2 })
  })

  test('that corrects the article is shown, with its notice', async () => {
    expect((await toldTwice()).corrections).toEqual([])
    await edit('CorrectArticle', { kind: 'CORRECTION', text: 'A figure was wrong.' })
    expect((await told()).article.corrections).toMatchObject([{ text: 'A figure was wrong.', version: 2 }])
  })

  test('of the rights to an image removes the image, and returns it to a partner that is named', async () => {
    await relicense(prisma, partner.slug, { agencies: [] }, () => now)
    expect((await toldTwice()).leadImage).toBeNull()
    await desk.order('SetImageRights', { url: imageUrl, syndicatable: true })
    expect((await toldTwice()).leadImage).toMatchObject({ url: imageUrl })
    await desk.order('SetImageRights', { url: imageUrl, syndicatable: false })
    expect(JSON.stringify(await toldTwice())).not.toContain(imageUrl)
    await desk.order('SetImageRights', { url: imageUrl, syndicatable: false, partners: [partner.slug] })
    expect((await toldTwice()).leadImage).toMatchObject({ url: imageUrl })
  })

  test('of the status is a removal, and the article returns when it is released', async () => {
    await toldTwice()
    await edit('WithholdArticle', {})
    expect(await told()).toMatchObject({ type: 'article.removed', reason: 'WITHHELD' })
    await edit('ReleaseArticle', { version: 2 })
    expect((await told()).article).toMatchObject({ version: 3 })
  })

  test.each([
    ['a kill', 'CancelArticle', {}, 'CANCELED'],
    ['an embargo', 'EmbargoArticle', { until: new Date(Date.now() + DAY_MS) }, 'EMBARGOED'],
  ] as const)('that is %s is a removal', async (_what, order, input, reason) => {
    await toldTwice()
    await edit(order, input)
    const change = await told()
    expect(change).toMatchObject({ type: 'article.removed', reason })
    expect(JSON.stringify(change)).not.toContain('The text before.')
  })

  test('that imports the page again is shown', async () => {
    await toldTwice()
    await addArticle(prisma, { slug: article.slug, blocks: [{ kind: 'PARAGRAPH', text: 'The text after.' }] })
    const { body } = (await told()).article
    expect(body).toMatchObject([{ text: 'The text after.' }])
  })
})

describe('a licence', () => {
  test('that no longer includes an agency removes its images', async () => {
    expect(JSON.stringify(await toldTwice())).toContain(imageUrl)
    await relicense(prisma, partner.slug, { agencies: [] }, () => now)
    expect(JSON.stringify((await told()).article)).not.toContain(imageUrl)
  })

  test.each([
    ['the full text', { fullText: false }, []],
    ['quotations', { quotations: false }, ['PARAGRAPH']],
  ])('that no longer includes %s removes them', async (_what, terms, kinds) => {
    expect((await toldTwice()).body).toHaveLength(2)
    await relicense(prisma, partner.slug, terms, () => now)
    expect((await told()).article.body.map(({ kind }: { kind: string }) => kind)).toEqual(kinds)
  })

  test('with another attribution prints it', async () => {
    expect((await toldTwice()).attribution).toBeNull()
    await relicense(prisma, partner.slug, { attribution: 'From the newsroom' }, () => now)
    expect((await told()).article.attribution).toBe('From the newsroom')
  })

  test('that no longer covers the topic removes the article', async () => {
    await prisma.topic.create({ data: { slug: `other-${count}`, label: 'Other' } })
    await toldTwice()
    await relicense(prisma, partner.slug, { topics: [`other-${count}`] }, () => now)
    expect(await told()).toMatchObject({ type: 'article.removed', reason: 'LICENCE' })
  })

  test('whose retention ends by the clock removes the article', async () => {
    await relicense(prisma, partner.slug, { retentionDays: 2 }, () => now)
    await toldTwice()
    now = new Date(now.getTime() + 2 * DAY_MS)
    expect(await told()).toMatchObject({ type: 'article.removed', reason: 'LICENCE' })
  })

  test('of one partner does not decide what another one gets', async () => {
    expect(JSON.stringify(await toldTwice())).toContain(imageUrl)
    const poorer = await addPartner(prisma, { licence: { quotations: false }, quotaPerMinute: 1_000 })
    const version = (await told(poorer.key)).article
    expect(JSON.stringify(version)).not.toContain(imageUrl)
    expect(JSON.stringify(version)).not.toContain('It stays.')
    expect(JSON.stringify(await told())).toContain(imageUrl)
  })

  // The embedded database belongs to one process.
  test.runIf(process.env.DATABASE_URL)('that a command changes is the new one', async () => {
    expect(JSON.stringify(await toldTwice())).toContain(imageUrl)
    const env = { DATABASE_URL: database.url as string }
    const done = await partnerCommand(['licence', partner.slug, '--agencies', 'none'], env)
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.stringify((await told()).article)).not.toContain(imageUrl)
  })
})

describe('a change by SQL, without a new version,', () => {
  const names = (version: Json) => version.people.map(({ person }: Json) => person.name).toSorted()

  test.each(['lana', 'aram'])('of the name of %s, a mentioned person or a speaker, is shown', async (who) => {
    const before = names(await toldTwice())
    expect(before).toHaveLength(2)
    await prisma.entity.updateMany({
      where: { slug: `${who}-${count}` },
      data: { name: `Zahra Person${count}` },
    })
    expect(names((await told()).article)).toContain(`Zahra Person${count}`)
  })

  test('of the name of a topic is shown', async () => {
    await toldTwice()
    await prisma.topic.update({ where: { slug: `bridges-${count}` }, data: { label: 'Crossings' } })
    expect((await told()).article.topic).toMatchObject({ name: 'Crossings' })
  })

  test('that moves a topic out of a licence removes the article', async () => {
    const parent = await prisma.topic.create({ data: { slug: `covered-${count}`, label: 'Covered' } })
    const slug = `bridges-${count}`
    await prisma.topic.update({ where: { slug }, data: { parentId: parent.id } })
    await relicense(prisma, partner.slug, { topics: [parent.slug] }, () => now)
    await toldTwice()
    await prisma.topic.update({ where: { slug }, data: { parentId: null } })
    expect(await told()).toMatchObject({ type: 'article.removed', reason: 'LICENCE' })
  })

  test('of the rights to an image is obeyed', async () => {
    await prisma.image.updateMany({ where: { url: imageUrl }, data: { syndicatable: true } })
    await relicense(prisma, partner.slug, { agencies: [] }, () => now)
    expect(JSON.stringify(await toldTwice())).toContain(imageUrl)
    await prisma.image.updateMany({ where: { url: imageUrl }, data: { syndicatable: false } })
    expect(JSON.stringify((await told()).article)).not.toContain(imageUrl)
  })
})

test('after a restore, the same version is read again', async () => {
  await toldTwice()
  await prisma.block.updateMany({
    where: { articleId: article.key, kind: 'PARAGRAPH' },
    data: { text: 'As restored.' },
  })
  await startNewHistory(database, null)
  const { position } = await prisma.articleChange.findFirstOrThrow({ where: { articleId: article.key } })
  const { epoch } = await endOfSequence(prisma)
  start = writeChangeCursor({ epoch, position: position - 1, within: null })
  expect(JSON.stringify((await told()).article)).toContain('As restored.')
})
