import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveArticle } from '../../src/articles/save.ts'
import { lockImageRightsExclusive, lockImageRightsShared } from '../../src/db/locks.ts'
import { loadArticles } from '../../src/syndication/load.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { changesOf, type Desk, everythingOf, openDesk } from './desk.ts'

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
  url = `https://pictures.example/${++count}.jpg`
})
afterAll(() => app.close())

const showing = (draft: Partial<ArticleDraft> = {}) =>
  addArticle(app.database.prisma, { leadImage: { url }, ...draft })

/** The rights of every picture of a story, lead image first, as partners' versions are judged by. */
async function rightsIn(key: string): Promise<unknown[]> {
  const { prisma } = app.database
  const story = (await loadArticles(prisma, [key], app.config.publicUrl)).get(key)
  const inBody = story?.body.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : [])) ?? []
  return [...(story?.leadImage ? [story.leadImage] : []), ...inBody].map(({ syndicatable, partners }) => ({
    syndicatable,
    partners,
  }))
}

const set = (rights: object) => desk.order('SetImageRights', { url, syndicatable: false, ...rights })

describe('the rights of a picture', () => {
  test('are set by its address, in every story that shows it, wherever it shows it', async () => {
    const lead = await showing()
    const both = await showing({ blocks: [{ kind: 'IMAGE', image: { url } }] })
    const other = await showing({ leadImage: { url: `${url}?other` } })
    const outcome = await set({ partners: ['herald', 'gazette', 'herald'] })
    expect(outcome).toMatchObject({ articleCount: 2, changedCount: 2, changed: true })
    const rights = { syndicatable: false, partners: ['gazette', 'herald'] }
    expect(await rightsIn(lead.key)).toEqual([rights])
    expect(await rightsIn(both.key)).toEqual([rights, rights])
    expect(await rightsIn(other.key)).toEqual([{ syndicatable: false, partners: [] }])
    for (const { key } of [lead, both]) {
      expect(await changesOf(app, key)).toEqual(['1 PUBLISHED', '2 RIGHTS_CHANGED'])
      const { updatedAt, revisions } = await everythingOf(app, key)
      expect(updatedAt).toEqual(new Date('2026-01-01T00:00:00Z'))
      expect(revisions.at(-1)).toMatchObject({ version: 2, editor: desk.subject })
    }
    expect(await changesOf(app, other.key)).toEqual(['1 PUBLISHED'])
  })

  test('set a second time are left as they are', async () => {
    const { key } = await showing()
    await set({ partners: ['gazette'] })
    const before = await everythingOf(app, key)
    expect(await set({ partners: ['gazette'] })).toMatchObject({ changedCount: 0, changed: false })
    expect(await everythingOf(app, key)).toEqual(before)
  })

  test('are shown to editors, and set for pictures of this gateway by the address that it shows', async () => {
    const path = `/images/${count}.svg`
    const { id } = await showing({ leadImage: { url: path } })
    url = `${app.config.publicUrl}${path}`
    await set({ syndicatable: true, partners: ['gazette'] })
    const query = 'query ($id: ID!) { article(id: $id) { leadImage { url syndicatable partners } } }'
    expect((await app.ask(query, { id }, desk.token)).article.leadImage).toEqual({
      url,
      syndicatable: true,
      partners: ['gazette'],
    })
  })

  test('are set in stories of importers too, which have pictures of this gateway by the address that it shows', async () => {
    const path = `/images/${count}.svg`
    const shown = await showing({ leadImage: { url: app.config.publicUrl + path, syndicatable: true } })
    const stored = await showing({ leadImage: { url: path, syndicatable: true } })
    for (const address of [path, app.config.publicUrl + path]) {
      url = address
      for (const partners of [['gazette'], []])
        expect(await set({ partners })).toMatchObject({ articleCount: 2 })
    }
    for (const { key } of [shown, stored]) {
      expect(await rightsIn(key)).toEqual([{ syndicatable: false, partners: [] }])
    }
  })

  test('are refused for partners that there are not, and for a picture that no story shows', async () => {
    const { key } = await showing()
    expect(await set({ partners: ['gazette', 'nobody'] })).toMatchObject({ field: 'partners' })
    expect(await changesOf(app, key)).toEqual(['1 PUBLISHED'])
    url += '?none'
    expect(await set({})).toMatchObject({ __typename: 'NotFound' })
  })

  test('hold through new versions, of editors and of importers, that say nothing of them', async () => {
    const { id, key, slug } = await showing()
    await set({ partners: ['gazette'] })
    const rights = { syndicatable: false, partners: ['gazette'] }
    const leadImage = { url, caption: 'With a caption' }
    await desk.order('UpdateArticle', { id, version: 2, changes: { headline: 'New', leadImage } })
    expect(await rightsIn(key)).toEqual([rights])
    await showing({ slug, headline: 'Newer', blocks: [{ kind: 'IMAGE', image: { url } }] })
    expect(await rightsIn(key)).toEqual([rights, rights])
    expect((await everythingOf(app, key)).version).toBe(4)
  })

  test('are theirs who edit, also when an importer says otherwise from then on', async () => {
    const { id, key, slug } = await showing({ leadImage: { url, syndicatable: true } })
    await set({ syndicatable: false })
    await showing({ slug, headline: 'New', leadImage: { url, syndicatable: true } })
    expect(await rightsIn(key)).toEqual([{ syndicatable: false, partners: [] }])
    expect((await desk.read(id)).draft.leadImage).toMatchObject({ syndicatable: false, partners: [] })
  })

  test.each([
    ['the lead image', 0],
    ['a picture of the body', 1],
    ['the last picture of the body', 2],
  ])('are those that every place has, where %s has fewer than the others', async (_what, narrow) => {
    const wide = { url, syndicatable: true, partners: ['gazette', 'herald'] }
    const pictures = [0, 1, 2].map((i) =>
      i === narrow ? { url, syndicatable: false, partners: ['gazette'] } : wide,
    )
    const [leadImage, ...inBody] = pictures
    const blocks = inBody.map((image) => ({ kind: 'IMAGE' as const, image }))
    const { id, key, slug } = await showing({ leadImage, blocks })
    const silent = { kind: 'IMAGE' as const, image: { url } }
    await showing({ slug, headline: 'New', leadImage: { url }, blocks: [silent, silent] })
    const rights = { syndicatable: false, partners: ['gazette'] }
    expect(await rightsIn(key)).toEqual([rights, rights, rights])
    const changes = { headline: 'Newer', leadImage: { url } }
    await desk.order('UpdateArticle', { id, version: 2, changes })
    expect(await rightsIn(key)).toEqual([rights, rights, rights])
  })

  test('that no two places have in common are nobody’s', async () => {
    const image = (partners: string[]) => ({ url, syndicatable: false, partners })
    const blocks = [{ kind: 'IMAGE' as const, image: image(['herald']) }]
    const { key, slug } = await showing({ leadImage: image(['gazette']), blocks })
    await showing({ slug, headline: 'New', leadImage: { url } })
    expect(await rightsIn(key)).toEqual([{ syndicatable: false, partners: [] }])
  })

  test('go with the address into a new story', async () => {
    await showing()
    await set({ partners: ['gazette'] })
    const { key } = await showing()
    expect(await rightsIn(key)).toEqual([{ syndicatable: false, partners: ['gazette'] }])
  })

  test('are those that were said last, where stories say different ones', async () => {
    for (const syndicatable of [true, false, true]) {
      await showing({ leadImage: { url, syndicatable } })
      const { key } = await showing()
      expect(await rightsIn(key)).toEqual([{ syndicatable, partners: [] }])
    }
  })

  test('can be given with the story itself', async () => {
    const { id, key } = await showing({ leadImage: { url: `${url}?before` } })
    const leadImage = { url, syndicatable: true, partners: ['herald'] }
    await desk.order('UpdateArticle', { id, version: 1, changes: { leadImage } })
    expect(await rightsIn(key)).toEqual([{ syndicatable: true, partners: ['herald'] }])
  })

  test('leave no story out that is saved in the same moment', async () => {
    await showing({ leadImage: { url, syndicatable: true } })
    const keys = await Promise.all([
      ...Array.from({ length: 6 }, async () => (await showing()).key),
      set({ syndicatable: false }).then(() => null),
      ...Array.from({ length: 6 }, async () => (await showing()).key),
    ])
    for (const key of keys.filter((key) => key !== null)) {
      expect(await rightsIn(key)).toEqual([{ syndicatable: false, partners: [] }])
    }
  })
})

// The embedded database runs one transaction after the other.
test.runIf(process.env.DATABASE_URL)(
  'stories are saved side by side, and not while rights change',
  { timeout: 20_000 },
  async () => {
    const { prisma } = app.database
    const whileHeld = (hold: typeof lockImageRightsShared, then: typeof lockImageRightsShared) =>
      prisma.$transaction(async (tx) => {
        await hold(tx)
        return prisma.$transaction(async (other) => {
          await other.$executeRaw`SET LOCAL lock_timeout = '100ms'`
          return then(other).then(
            () => 'at once',
            () => 'waits',
          )
        })
      })
    expect(await whileHeld(lockImageRightsShared, lockImageRightsShared)).toBe('at once')
    expect(await whileHeld(lockImageRightsShared, lockImageRightsExclusive)).toBe('waits')
    expect(await whileHeld(lockImageRightsExclusive, lockImageRightsShared)).toBe('waits')
    expect(await whileHeld(lockImageRightsExclusive, lockImageRightsExclusive)).toBe('waits')
  },
)

test('an importer cannot name partners that there are not', async () => {
  const { slug } = await showing()
  const draft = { slug, canonicalUrl: `https://dateline.example/${slug}`, language: 'en', headline: 'Other' }
  const leadImage = { url, partners: ['nobody'] }
  const saving = saveArticle(
    app.database.prisma,
    { ...draft, publishedAt: new Date(), leadImage, blocks: [] },
    { now: new Date() },
  )
  await expect(saving).rejects.toMatchObject({ field: 'partners' })
})
