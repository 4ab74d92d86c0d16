import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { loadNameIndex } from '../../src/articles/save-entity.ts'
import { readArticle } from '../../src/ingest/draft.ts'
import { storeArticle } from '../../src/ingest/store.ts'
import { page } from '../ingest/server.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { globalId } from '../support/newsroom.ts'
import { changesOf, type Desk, everythingOf, type Order, openDesk } from './desk.ts'

const ahead = '2999-01-01T00:00:00.000Z'
let app: TestApp
let desk: Desk
let html: string
let count = 0

beforeAll(async () => {
  app = await freshApp()
  desk = await openDesk(app)
  html = await page('graph.html')
})
afterAll(() => app.close())

/** Reads a page into the newsroom, as `npm run ingest` does. */
async function ingest(text: string) {
  const { prisma } = app.database
  const read = readArticle(text, null)
  if ('reason' in read) throw new Error(read.message)
  return storeArticle(prisma, read, { now: new Date(), names: await loadNameIndex(prisma) })
}

/** A page of a story of its own, read once. */
async function pageRead() {
  const text = html.replaceAll('https://courier.example/', `https://courier-${++count}.example/`)
  const { id: key } = await ingest(text)
  const changed = text.replace('three of its gauges', 'two of its gauges')
  return { key, id: globalId('Article', key), text, changed }
}

const edits: [string, Order, object][] = [
  ['was updated', 'UpdateArticle', { changes: { headline: 'By the editor' } }],
  ['was corrected', 'CorrectArticle', { kind: 'CORRECTION', text: 'A figure was wrong.' }],
  ['was withheld', 'WithholdArticle', {}],
  ['was killed', 'CancelArticle', {}],
  ['was put under embargo', 'EmbargoArticle', { until: ahead }],
  ['had its comments closed', 'SetCommenting', { open: false }],
]

describe.each(edits)('a page whose story %s by an editor', (_what, order, input) => {
  test('changes nothing when it is read again', async () => {
    const { id, key, text } = await pageRead()
    expect(await desk.order(order, { id, version: 1, ...input })).toMatchObject({ changed: true })
    const before = await everythingOf(app, key)
    expect(await ingest(text)).toMatchObject({ outcome: 'unchanged', version: 2 })
    expect(await everythingOf(app, key)).toEqual(before)
  })

  test('becomes the next version when it has changed, and undoes no decision on who may see it', async () => {
    const { id, key, changed } = await pageRead()
    await desk.order(order, { id, version: 1, ...input })
    const before = await desk.read(id)
    const commentingOpen = async () => (await everythingOf(app, key)).commentingOpen
    const open = await commentingOpen()
    expect(await ingest(changed)).toMatchObject({ outcome: 'updated', version: 3 })
    const { status, embargoedUntil, draft, revisions } = await desk.read(id)
    expect({ status, embargoedUntil }).toEqual({
      status: before.status,
      embargoedUntil: before.embargoedUntil,
    })
    expect(await commentingOpen()).toBe(open)
    expect(draft.headline).not.toBe('By the editor')
    expect(JSON.stringify(draft)).toContain('two of its gauges')
    expect(revisions.edges.map(({ node }: Json) => node.editor)).toEqual([null, desk.subject, null])
    expect((await everythingOf(app, key)).corrections).toHaveLength(order === 'CorrectArticle' ? 1 : 0)
    expect((await changesOf(app, key)).at(-1)).toBe('3 UPDATED')
    expect(await ingest(changed)).toMatchObject({ outcome: 'unchanged', version: 3 })
  })
})

describe('an importer', () => {
  const draft = (changes: Partial<ArticleDraft>): ArticleDraft => ({
    slug: `wire-${count}`,
    canonicalUrl: `https://wire.example/${count}`,
    language: 'en',
    headline: 'From the wire',
    publishedAt: new Date('2026-01-01T00:00:00Z'),
    blocks: [],
    ...changes,
  })
  const send = (changes: Partial<ArticleDraft>) =>
    saveArticle(app.database.prisma, draft(changes), { now: new Date() })
  const sent = async () => {
    count += 1
    const { id: key } = await send({})
    return { key, id: globalId('Article', key) }
  }

  test('that says outright that a story may be shown brings back none that an editor took from view', async () => {
    for (const [order, more] of [
      ['WithholdArticle', {}],
      ['CancelArticle', {}],
      ['EmbargoArticle', { until: ahead }],
    ] as const) {
      const { id } = await sent()
      await desk.order(order, { id, version: 1, ...more })
      const { status, embargoedUntil } = await desk.read(id)
      await send({ status: 'USABLE', embargoedUntil: null, headline: 'Shown again' })
      expect(await desk.read(id)).toMatchObject({ version: 3, status, embargoedUntil })
    }
  })

  test.each([
    ['an hour earlier is not shown earlier', '2998-12-31T23:00:00.000Z', ahead],
    ['a moment earlier is not shown earlier', '2998-12-31T23:59:59.999Z', ahead],
    ['in the past is not shown', '2020-01-01T00:00:00.000Z', ahead],
    ['at the same moment stays as it is', ahead, ahead],
    ['later is held for longer', '2999-01-01T00:00:00.001Z', '2999-01-01T00:00:00.001Z'],
  ])('whose embargo ends %s than an editor said', async (_what, asked, embargoedUntil) => {
    const { key, id } = await sent()
    await desk.order('EmbargoArticle', { id, version: 1, until: ahead })
    await send({ embargoedUntil: new Date(asked), headline: 'With an embargo of its own' })
    expect(await desk.read(id)).toMatchObject({ version: 3, embargoedUntil })
    const { articles } = await app.ask('{ articles(first: 100) { edges { node { id } } } }')
    expect(JSON.stringify(articles)).not.toContain(globalId('Article', key))
  })

  test('may put a story under embargo that an editor had in hand', async () => {
    const { id } = await sent()
    await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'Edited' } })
    await send({ embargoedUntil: new Date(ahead) })
    expect(await desk.read(id)).toMatchObject({ version: 3, embargoedUntil: ahead })
  })

  test('may kill a story that an editor had in hand', async () => {
    const { id } = await sent()
    await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'Edited' } })
    await send({ status: 'CANCELED' })
    expect(await desk.read(id)).toMatchObject({ version: 3, status: 'CANCELED' })
  })

  test('that killed a story does not bring it back', async () => {
    const { id } = await sent()
    await send({ status: 'CANCELED' })
    await send({ status: 'USABLE' })
    expect(await desk.read(id)).toMatchObject({ version: 3, status: 'CANCELED' })
  })

  test('that says nothing more of a story leaves it to editors as it stands', async () => {
    const { id } = await sent()
    const closesAt = new Date(ahead)
    const leadImage = { url: '/wire.jpg', syndicatable: true, partners: [] }
    await send({
      embargoedUntil: closesAt,
      commenting: { open: true, closesAt },
      status: 'WITHHELD',
      leadImage,
    })
    await send({ headline: 'Silent', leadImage: { url: '/wire.jpg' } })
    for (const [order, more] of [
      ['WithholdArticle', {}],
      ['EmbargoArticle', { until: ahead }],
      ['SetCommenting', { open: true, closesAt: ahead }],
      ['UpdateArticle', { changes: { leadImage } }],
    ] as const) {
      const outcome = await desk.order(order, { id, version: 3, ...more })
      expect([order, outcome]).toEqual([order, expect.objectContaining({ changed: false, version: 3 })])
    }
  })

  test('that killed a story, and does not say so again, has killed it for editors too', async () => {
    const { id } = await sent()
    await send({ status: 'CANCELED' })
    await send({ headline: 'Silent' })
    const outcome = await desk.order('ReleaseArticle', { id, version: 3 })
    expect(outcome).toMatchObject({ __typename: 'InvalidInput', field: 'id' })
  })
})
