import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { storeImages } from '../../src/articles/store-images.ts'
import { lockImageRightsShared } from '../../src/db/locks.ts'
import { loadArticles } from '../../src/syndication/load.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { untilSomebodyWaits } from '../support/locks.ts'
import { addArticle } from '../support/newsroom.ts'
import { changesOf, type Desk, everythingOf, openDesk } from './desk.ts'

// Several articles show one image, whose rights are stored once.

let app: TestApp
let desk: Desk
let count = 0
let url: string

beforeAll(async () => {
  app = await freshApp()
  desk = await openDesk(app)
  for (const slug of ['gazette', 'herald']) {
    await app.database.prisma.partner.create({ data: { slug, name: slug, createdAt: new Date() } })
  }
})
beforeEach(() => {
  url = `https://pictures.example/shared-${++count}.jpg`
})
afterAll(() => app.close())

const showing = (draft: Partial<ArticleDraft> = {}) =>
  addArticle(app.database.prisma, { leadImage: { url }, ...draft })

const update = (id: string, version: number, changes: object) =>
  desk.order('UpdateArticle', { id, version, changes })

/** The rights of the lead image, by which partners' versions are judged. */
async function rightsIn(key: string) {
  const article = (await loadArticles(app.database.prisma, [key], app.config.publicUrl)).get(key)
  const { syndicatable, partners } = article!.leadImage!
  return { syndicatable, partners }
}

const nobody = { syndicatable: false, partners: [] }
const everybody = { syndicatable: true, partners: [] }
const gazette = { syndicatable: false, partners: ['gazette'] }

describe('an image that several articles show', () => {
  test('is stored once, with the texts of each article', async () => {
    const texts = [
      { alt: 'A bridge', caption: 'One', credit: 'Name / AEX', agency: 'AEX' },
      { caption: 'Two', usageTerms: 'Once only', photographer: 'Name' },
    ]
    const { prisma } = app.database
    const keys = []
    for (const each of texts) keys.push((await showing({ leadImage: { url, ...each } })).key)
    expect(await prisma.image.count({ where: { url } })).toBe(1)
    const articles = await loadArticles(prisma, keys, app.config.publicUrl)
    expect(keys.map((key) => articles.get(key)!.leadImage)).toMatchObject(
      texts.map((each) => ({ url, ...each })),
    )
  })

  test('has the rights that an editor gives it in one of them in all of them, and partners are told', async () => {
    const [one, two] = [await showing(), await showing({ blocks: [{ kind: 'IMAGE', image: { url } }] })]
    const other = await showing({ leadImage: { url: `${url}?other` } })
    const before = await everythingOf(app, two.key)
    expect(await update(one.id, 1, { leadImage: { url, ...gazette } })).toMatchObject({ changed: true })
    expect([await rightsIn(one.key), await rightsIn(two.key)]).toEqual([gazette, gazette])
    expect(await changesOf(app, two.key)).toEqual(['1 PUBLISHED', '2 RIGHTS_CHANGED'])
    expect(await changesOf(app, other.key)).toEqual(['1 PUBLISHED'])
    const { updatedAt, headline, revisions } = await everythingOf(app, two.key)
    expect({ updatedAt, headline }).toEqual({ updatedAt: before.updatedAt, headline: before.headline })
    expect(revisions.at(-1)).toMatchObject({ version: 2, editor: desk.subject })
  })

  test('has them after the publication of a new article that gives it others, too', async () => {
    const { key } = await showing({ leadImage: { url, ...everybody } })
    const article = { url: `https://dateline.example/new-${count}`, slug: `new-${count}`, language: 'en' }
    const blocks = [{ paragraph: { text: 'Text.' } }]
    const outcome = await desk.order('PublishArticle', {
      ...article,
      ...{ headline: 'New', leadImage: { url, ...nobody }, blocks },
    })
    expect(outcome).toMatchObject({ changed: true })
    expect(await rightsIn(key)).toEqual(nobody)
    expect(await changesOf(app, key)).toEqual(['1 PUBLISHED', '2 RIGHTS_CHANGED'])
  })

  test('has the rights that the last import gave it, and pages that did not change stay unchanged', async () => {
    const blocks = [{ kind: 'PARAGRAPH' as const, text: 'Text.' }]
    const draft = { slug: `first-${count}`, headline: 'First', leadImage: { url, ...everybody }, blocks }
    const first = await showing(draft)
    const second = await showing({ leadImage: { url, ...gazette } })
    expect([await rightsIn(first.key), await rightsIn(second.key)]).toEqual([gazette, gazette])
    expect(await changesOf(app, first.key)).toEqual(['1 PUBLISHED', '2 RIGHTS_CHANGED'])
    await showing(draft)
    expect((await everythingOf(app, first.key)).revisions).toMatchObject([
      { version: 1, editor: null },
      { version: 2, editor: null },
    ])
    expect(await rightsIn(first.key)).toEqual(gazette)
  })

  test('keeps the rights of an article that an editor saved when an import of another one gives it others', async () => {
    const { id, key } = await showing({ leadImage: { url, ...gazette } })
    await update(id, 1, { headline: 'Edited' })
    const imported = await showing({ leadImage: { url, ...everybody } })
    expect([await rightsIn(key), await rightsIn(imported.key)]).toEqual([gazette, gazette])
    expect(await changesOf(app, key)).toEqual(['1 PUBLISHED', '2 UPDATED'])
  })

  test('keeps the rights of an edited article also if an import added it there', async () => {
    const { id, key, slug } = await showing({ leadImage: { url: `${url}?before` } })
    await update(id, 1, { headline: 'Edited' })
    await showing({ slug, leadImage: { url, ...gazette } })
    await showing({ leadImage: { url, ...everybody } })
    expect(await rightsIn(key)).toEqual(gazette)
  })

  test('has the rights that an editor set when it returns to an article that no longer showed it', async () => {
    const { id, key } = await showing()
    await desk.order('SetImageRights', { url, ...gazette })
    await update(id, 2, { leadImage: null })
    expect((await everythingOf(app, key)).leadImage).toBeNull()
    await update(id, 3, { leadImage: { url } })
    expect(await rightsIn(key)).toEqual(gazette)
    await update(id, 4, { leadImage: null })
    const imported = await showing({ leadImage: { url, ...everybody } })
    expect(await rightsIn(imported.key)).toEqual(gazette)
  })

  test('is refused for unknown partners also where nothing else changes', async () => {
    const { id, key } = await showing()
    const outcome = await update(id, 1, { leadImage: { url, partners: ['nobody'] } })
    expect(outcome).toMatchObject({ field: 'partners' })
    expect(await rightsIn(key)).toEqual(nobody)
  })

  test('has one set of rights after editors of several articles change them at the same moment', async () => {
    const articles = await Promise.all(Array.from({ length: 6 }, () => showing()))
    const outcomes = await Promise.all(
      articles.map(({ id }, i) => update(id, 1, { leadImage: { url, ...(i % 2 ? gazette : everybody) } })),
    )
    // An editor whose article was changed by another one in between reads it again.
    expect(outcomes.filter(({ changed }) => changed).length).toBeGreaterThan(0)
    const rights = await Promise.all(articles.map(({ key }) => rightsIn(key)))
    expect(rights).toEqual(rights.map(() => rights[0]))
    expect([gazette, everybody]).toContainEqual(rights[0])
  })
})

test('articles that show the same new images are saved at the same moment', async () => {
  const urls = Array.from({ length: 5 }, (_, i) => `${url}?${i}`)
  const saved = await Promise.all(
    urls.map((_, i) => {
      const order = [...urls.slice(i), ...urls.slice(0, i)]
      return showing({ blocks: order.map((each) => ({ kind: 'IMAGE', image: { url: each } })) })
    }),
  )
  expect(await app.database.prisma.image.count({ where: { url: { in: urls } } })).toBe(5)
  for (const { key } of saved) expect((await everythingOf(app, key)).blocks).toHaveLength(5)
})

// The embedded database runs one transaction after the other.
describe.runIf(process.env.DATABASE_URL)(
  'while another transaction stores an image',
  { timeout: 20_000 },
  () => {
    /** Stores images, in a transaction that waits for `then` to wait for it, and then stores `later`. */
    async function whileStored<T>(
      rights: { syndicatable: boolean; partners: string[] },
      then: () => Promise<T>,
      { first, later }: { first: string; later?: string },
    ): Promise<T> {
      const { prisma } = app.database
      const store = { changing: [], byEditor: false }
      let result: Promise<T> | undefined
      await prisma.$transaction(async (tx) => {
        await lockImageRightsShared(tx)
        await storeImages(tx, new Map([[first, rights]]), store)
        result = then()
        await untilSomebodyWaits(prisma)
        if (later) await storeImages(tx, new Map([[later, rights]]), store)
      })
      return result!
    }

    test('an article that says nothing of its rights gets those', async () => {
      const { key } = await whileStored(everybody, () => showing(), { first: url })
      expect(await rightsIn(key)).toEqual(everybody)
    })

    test('an article that gives it other rights waits, and changes them', async () => {
      const save = () => showing({ leadImage: { url, ...gazette } })
      const { key } = await whileStored(everybody, save, { first: url })
      expect(await rightsIn(key)).toEqual(gazette)
    })

    test('another order of the images is no deadlock', async () => {
      const [a, b] = [`${url}?a`, `${url}?b`]
      const save = () => showing({ leadImage: { url: b }, blocks: [{ kind: 'IMAGE', image: { url: a } }] })
      const { key } = await whileStored(nobody, save, { first: a, later: b })
      expect(await rightsIn(key)).toEqual(nobody)
    })
  },
)

describe('the database', () => {
  test('stores one image for each URL, however long it is', async () => {
    const { prisma } = app.database
    const long = url + Array.from({ length: 300 }, () => crypto.randomUUID()).join('')
    await prisma.image.create({ data: { url: long } })
    await expect(prisma.image.create({ data: { url: long } })).rejects.toThrow('Image_url_key')
    await prisma.image.create({ data: { url: `${long}?` } })
  })

  test('refuses to show in a block the use of another article', async () => {
    const { prisma } = app.database
    const [one, two] = [await showing(), await showing()]
    const { leadImageId: imageId } = await everythingOf(app, one.key)
    const block = { position: 9, kind: 'IMAGE' as const, imageId }
    await expect(prisma.block.create({ data: { ...block, articleId: two.key } })).rejects.toThrow(
      'Foreign key',
    )
    await prisma.block.create({ data: { ...block, articleId: one.key } })
  })
})
