import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { type Desk, everythingOf, openDesk } from './desk.ts'

const noon = new Date('2026-06-01T12:00:00Z')
const ahead = '2026-06-02T12:00:00.000Z'
let app: TestApp
let desk: Desk
let organisation: string
let count = 0

beforeAll(async () => {
  app = await freshApp({ now: () => noon })
  desk = await openDesk(app)
  const { prisma } = app.database
  organisation = await saveOrganisation(prisma, { slug: 'bureau', name: 'Example Bureau' })
  await savePerson(prisma, { slug: 'speaker', name: 'Example Speaker' })
  await prisma.topic.create({ data: { slug: 'known', label: 'Known' } })
})
afterAll(() => app.close())

const keyOf = (id: string) => Buffer.from(id, 'base64').toString().split(':')[1] as string

function publish(more: object = {}) {
  count += 1
  return desk.order('PublishArticle', {
    slug: `order-${count}`,
    url: `https://outlet.example/order-${count}`,
    language: 'en',
    headline: 'A story',
    blocks: [{ paragraph: { text: 'Words.' } }],
    ...more,
  })
}

/** The blocks of an article with one quotation by this speaker. */
const spoken = (speaker: object) => ({ blocks: [{ quotation: { text: 'Words', speaker } }] })

const published = async (more?: object) => everythingOf(app, keyOf((await publish(more)).article.id))

describe('what partners are told of a story that goes', () => {
  const told = async (key: string) => {
    const row = await app.database.prisma.withdrawal.findUnique({ where: { articleId: key } })
    return row && { reason: row.reason, advisory: row.advisory, at: row.at }
  }

  test.each(['WithholdArticle', 'CancelArticle'] as const)(
    'by %s is kept, trimmed, and may be said anew',
    async (order) => {
      const { id, key } = await addArticle(app.database.prisma)
      const first = { id, version: 1, publicReason: ' Wrong. ', advisory: ' ' }
      expect(await desk.order(order, first)).toMatchObject({ changed: true, version: 2 })
      expect(await told(key)).toEqual({ reason: 'Wrong.', advisory: null, at: noon })
      // The same editor's order from before, sent again, says nothing new.
      expect(await desk.order(order, { id, version: 1, publicReason: 'Old.' })).toMatchObject({
        changed: false,
      })
      expect(await told(key)).toMatchObject({ reason: 'Wrong.' })
      const anew = { id, version: 2, publicReason: 'x'.repeat(1_000), advisory: 'Remove it.' }
      expect(await desk.order(order, anew)).toMatchObject({ changed: false, version: 2 })
      expect(await told(key)).toEqual({ reason: 'x'.repeat(1_000), advisory: 'Remove it.', at: noon })
      for (const [field, text] of [
        ['publicReason', 'x'.repeat(1_001)],
        ['advisory', 'x'.repeat(1_001)],
        ['advisory', 'a\u0007'],
      ] as const) {
        expect(await desk.order(order, { id, version: 2, [field]: text })).toMatchObject({ field })
      }
      expect(await told(key)).toMatchObject({ advisory: 'Remove it.' })
    },
  )

  test('is taken back when it is released, which needs no reason', async () => {
    const { id, key } = await addArticle(app.database.prisma)
    await desk.order('WithholdArticle', { id, version: 1, publicReason: 'Wrong.' })
    for (const more of [{ publicReason: '' }, { advisory: '' }]) {
      const input = { id, version: 2, ...more }
      const { errors } = await app.post(operationText('ReleaseArticle'), { input }, desk.token)
      expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }])
    }
    expect(await told(key)).toMatchObject({ reason: 'Wrong.' })
    await desk.order('ReleaseArticle', { id, version: 2 })
    expect(await told(key)).toBeNull()
  })
})

describe('a story is published', () => {
  test('now, for everybody and open to comments, unless it says otherwise', async () => {
    expect(await published()).toMatchObject({
      ...{ status: 'USABLE', publishedAt: noon, updatedAt: noon, embargoedUntil: null, dueAt: null },
      ...{ commentingOpen: true, commentingClosesAt: null },
    })
    const commenting = { open: true, closesAt: ahead }
    expect(await published({ embargoedUntil: ahead, commenting })).toMatchObject({
      ...{ embargoedUntil: new Date(ahead), dueAt: new Date(ahead), commentingClosesAt: new Date(ahead) },
    })
    expect(await published({ publishedAt: ahead, commenting: { open: false } })).toMatchObject({
      ...{ publishedAt: new Date(ahead), dueAt: new Date(ahead), commentingOpen: false },
    })
  })

  test('with pictures of this gateway by their path, and others by their address', async () => {
    const { publicUrl } = app.config
    const urls = [`${publicUrl}/a.jpg`, `${publicUrl}?a`, '/b.jpg']
    const { blocks } = await published({ blocks: urls.map((url) => ({ image: { url } })) })
    expect(blocks.map(({ image }) => image?.image.url)).toEqual(['/a.jpg', urls[1], '/b.jpg'])
  })

  test('with headings of level 2 to 6, and quotations by whom it names', async () => {
    const headings = [2, 3, 4, 5, 6].map((level) => ({ heading: { text: 'Head', level } }))
    const bureau = globalId('Organisation', organisation)
    const quotation = {
      text: 'We',
      direct: false,
      speaker: { organisation: bureau },
      via: { text: 'a wire', organisation: bureau },
    }
    const { blocks } = await published({ blocks: [...headings, { quotation }] })
    expect(blocks.map(({ level }) => level)).toEqual([2, 3, 4, 5, 6, null])
    expect(blocks.at(-1)?.quotation).toMatchObject({
      ...{ direct: false, via: 'a wire' },
      ...{ speakerId: organisation, viaOrganisationId: organisation },
    })
  })

  test.each<[string, string, object]>([
    ['a heading of level 7', 'blocks', { blocks: [{ heading: { text: 'Low', level: 7 } }] }],
    ['a topic whose slug is none', 'topic.slug', { topic: { slug: 'No slug', name: 'X' } }],
    ['a topic whose name is blank', 'topic.name', { topic: { slug: 'unknown', name: ' ' } }],
    ['an address that is too long', 'url', { url: `https://outlet.example/${'x'.repeat(2_000)}` }],
    ['an organisation that there is not', 'organisations', { organisations: [{ organisation: 'nobody' }] }],
    [
      'an organisation by the id of none',
      'organisations',
      { organisations: [{ organisation: globalId('Organisation', '01900000-0000-7000-8000-000000000000') }] },
    ],
    ['a speaker that there is not', 'blocks', spoken({ person: 'nobody' })],
    [
      'a speaker by the id of none',
      'blocks',
      spoken({ organisation: globalId('Organisation', '01900000-0000-7000-8000-000000000000') }),
    ],
    [
      'a source that there is not',
      'blocks',
      { blocks: [{ quotation: { text: 'Words', via: { text: 'a wire', organisation: 'nobody' } } }] },
    ],
  ])('not with %s', async (_what, field, broken) => {
    expect(await publish(broken)).toMatchObject({ __typename: 'InvalidInput', field })
  })
})

describe('an update', () => {
  test('takes away what it says null of, and files under a topic that is known by its slug alone', async () => {
    const furniture = {
      ...{ kicker: 'K', standfirst: 'S', byline: 'B', dateline: { text: 'D' }, leadImage: { url: '/a.jpg' } },
      ...{ people: [{ person: 'speaker', namedIn: 'BYLINE' }], organisations: [{ organisation: 'bureau' }] },
      topic: { slug: 'known' },
    }
    const { article } = await publish(furniture)
    const { draft } = await desk.read(article.id)
    expect(draft).toMatchObject({ ...furniture, topic: { slug: 'known', name: 'Known' } })
    const nothing = Object.fromEntries(Object.keys(furniture).map((name) => [name, null]))
    const outcome = await desk.order('UpdateArticle', { id: article.id, version: 1, changes: nothing })
    expect(outcome).toMatchObject({ changed: true, version: 2 })
    const after = await desk.read(article.id)
    expect(after.draft).toEqual({ ...draft, ...nothing })
    expect(await everythingOf(app, keyOf(article.id))).toMatchObject({
      ...{
        kicker: null,
        standfirst: null,
        byline: null,
        datelineText: null,
        leadImage: null,
        topicId: null,
        entities: [],
      },
    })
  })

  test.each(['language', 'headline', 'publishedAt', 'blocks'])('can not take away the %s', async (field) => {
    const { id } = await addArticle(app.database.prisma)
    const outcome = await desk.order('UpdateArticle', { id, version: 1, changes: { [field]: null } })
    expect(outcome).toMatchObject({ __typename: 'InvalidInput', field })
  })
})
