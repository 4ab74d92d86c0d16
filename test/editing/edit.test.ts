import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ArticleDraft } from '../../src/articles/draft.ts'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { changesOf, type Desk, everythingOf, type Order, openDesk, orderAs } from './desk.ts'

const noon = new Date('2026-06-01T12:00:00Z')
let now = noon
let app: TestApp
let desk: Desk
let speaker: string
let count = 0

beforeAll(async () => {
  app = await freshApp({ now: () => now })
  desk = await openDesk(app, 'Ada')
  const { prisma } = app.database
  await saveOrganisation(prisma, { slug: 'bureau', name: 'Example Bureau' })
  speaker = await savePerson(prisma, { slug: 'speaker', name: 'Example Speaker' })
})
afterAll(() => app.close())

const PAGE = `query ($id: ID!) { article(id: $id) { version kicker headline updatedAt publishedAt topic { slug name }
  dateline { text place region } leadImage { url credit }
  body { __typename ... on Paragraph { text mentions { person { slug } } } ... on Heading { text level }
    ... on QuotationBlock { text quotation { direct roleAsPrinted via speaker { name } viaOrganisation { slug } } }
    ... on ImageBlock { image { url } } ... on EmbedBlock { embed { provider url handle postedAt } } }
  people { roleAsPrinted person { slug } } corrections { kind text version at } } }`

const page = async (id: string) => (await app.ask(PAGE, { id })).article

/** A story with something in each of its fields. */
function wholeStory() {
  count += 1
  return {
    slug: `filed-${count}`,
    url: `https://outlet.example/filed-${count}`,
    language: 'en',
    kicker: 'Region',
    headline: 'A story is filed',
    standfirst: 'By an editor',
    dateline: { text: 'ERBIL', place: 'Erbil' },
    byline: 'Staff',
    topic: { slug: 'region', name: 'Region' },
    leadImage: { url: 'https://pictures.example/lead.jpg', credit: 'Somebody / AEX', agency: 'AEX' },
    blocks: [
      { paragraph: { text: 'Example Speaker came to town.' } },
      { heading: { text: 'Later', level: 3 } },
      {
        quotation: {
          text: 'We are here',
          speaker: { person: globalId('Person', speaker) },
          roleAsPrinted: 'spokesperson',
          via: { text: 'the bureau', organisation: 'bureau' },
        },
      },
      { image: { url: `${app.config.publicUrl}/images/citadel.svg` } },
      { embed: { provider: 'X', url: 'https://x.com/a/status/1', postedAt: '2026-05-01T10:00:00Z' } },
    ],
    people: [{ person: 'speaker', rolesAsPrinted: ['spokesperson'] }],
  }
}

async function story(draft: Partial<ArticleDraft> = {}) {
  return addArticle(app.database.prisma, draft)
}

describe('a story that an editor publishes', () => {
  test('is there for readers, with everything in it, as version 1 by that editor', async () => {
    const { version, changed, article } = await desk.order('PublishArticle', wholeStory())
    expect({ version, changed }).toEqual({ version: 1, changed: true })
    const read = await page(article.id)
    expect(read).toMatchObject({
      publishedAt: noon.toISOString(),
      updatedAt: noon.toISOString(),
      kicker: 'Region',
      topic: { slug: 'region', name: 'Region' },
      dateline: { text: 'ERBIL', place: 'Erbil', region: null },
      leadImage: { credit: 'Somebody / AEX' },
      people: [{ roleAsPrinted: 'spokesperson', person: { slug: 'speaker' } }],
      corrections: [],
    })
    expect(read.body).toMatchObject([
      { text: 'Example Speaker came to town.', mentions: [{ person: { slug: 'speaker' } }] },
      { text: 'Later', level: 3 },
      {
        text: 'We are here',
        quotation: {
          direct: true,
          via: 'the bureau',
          speaker: { name: 'Example Speaker' },
          viaOrganisation: { slug: 'bureau' },
        },
      },
      { image: { url: `${app.config.publicUrl}/images/citadel.svg` } },
      { embed: { provider: 'X', handle: null, postedAt: '2026-05-01T10:00:00.000Z' } },
    ])
    const { revisions } = await desk.read(article.id)
    expect(revisions.edges).toMatchObject([{ node: { version: 1, editor: desk.subject } }])
  })

  test('and publishes again, because the answer was lost, is published once', async () => {
    const filed = wholeStory()
    const first = await desk.order('PublishArticle', filed)
    now = new Date(noon.getTime() + 60_000)
    const again = await desk.order('PublishArticle', filed)
    now = noon
    expect(again).toMatchObject({ changed: false, version: 1, article: { id: first.article.id } })
  })

  test('with the address or the slug of another story is refused', async () => {
    const filed = wholeStory()
    await desk.order('PublishArticle', filed)
    const other = await desk.order('PublishArticle', { ...filed, headline: 'Another' })
    expect(other).toMatchObject({ __typename: 'InvalidInput', field: 'url' })
    const sameSlug = { ...filed, url: 'https://outlet.example/elsewhere' }
    expect(await desk.order('PublishArticle', sameSlug)).toMatchObject({ field: 'slug' })
    const colleague = await openDesk(app, 'Bo')
    expect(await colleague.order('PublishArticle', filed)).toMatchObject({ field: 'url' })
  })

  test.each<[string, string, object]>([
    ['without a headline', 'headline', { headline: ' ' }],
    ['with a headline too long', 'headline', { headline: 'x'.repeat(501) }],
    [
      'with a control character',
      'blocks[0].paragraph.text',
      { blocks: [{ paragraph: { text: 'a\u0007' } }] },
    ],
    [
      'with a paragraph too long',
      'blocks[0].paragraph.text',
      { blocks: [{ paragraph: { text: 'x'.repeat(20_001) } }] },
    ],
    [
      'with too many blocks',
      'blocks',
      { blocks: Array.from({ length: 501 }, (_, i) => ({ paragraph: { text: `${i}` } })) },
    ],
    ['with a heading of level 1', 'blocks', { blocks: [{ heading: { text: 'Too high', level: 1 } }] }],
    ['with a picture of no address', 'leadImage', { leadImage: { url: 'javascript:alert(1)' } }],
    [
      'with a picture for a partner that there is not',
      'partners',
      { leadImage: { url: '/a.png', partners: ['nobody'] } },
    ],
    ['with a new topic that has no name', 'topic.name', { topic: { slug: 'brand-new' } }],
    ['that names somebody unknown by slug', 'people', { people: [{ person: 'nobody' }] }],
    [
      'that names somebody unknown by id',
      'people',
      { people: [{ person: globalId('Person', '01900000-0000-7000-8000-000000000000') }] },
    ],
    ['in no language', 'language', { language: 'English, please' }],
    ['at an address that is none', 'url', { url: 'not an address' }],
  ])('%s is refused, and nothing is written', async (_what, field, broken) => {
    const before = await app.database.prisma.article.count()
    const outcome = await desk.order('PublishArticle', { ...wholeStory(), ...broken })
    expect(outcome).toMatchObject({ __typename: 'InvalidInput', code: 'INVALID_INPUT', field })
    expect(await app.database.prisma.article.count()).toBe(before)
  })
})

describe('an update', () => {
  test('changes the fields that it names, and says when', async () => {
    const { article } = await desk.order('PublishArticle', wholeStory())
    const before = await page(article.id)
    now = new Date('2026-06-01T13:00:00Z')
    const changes = { headline: 'Another headline', kicker: null }
    const updated = await desk.order('UpdateArticle', { id: article.id, version: 1, changes })
    expect(updated).toMatchObject({ changed: true, version: 2 })
    expect(await page(article.id)).toEqual({
      ...before,
      ...changes,
      version: 2,
      updatedAt: now.toISOString(),
    })
    now = noon
  })

  test('with the draft that was read changes nothing, and writes nothing', async () => {
    const { article } = await desk.order('PublishArticle', wholeStory())
    const before = await everythingOf(app, keyOf(article.id))
    const { version, draft } = await desk.read(article.id)
    const outcome = await desk.order('UpdateArticle', { id: article.id, version, changes: draft })
    expect(outcome).toMatchObject({ changed: false, version: 1 })
    expect(await everythingOf(app, keyOf(article.id))).toEqual(before)
  })

  test('cannot take away what a story must have', async () => {
    const { id } = await story()
    const outcome = await desk.order('UpdateArticle', { id, version: 1, changes: { headline: null } })
    expect(outcome).toMatchObject({ __typename: 'InvalidInput', field: 'headline' })
  })

  test('is searched for by its new words and not by its old ones', async () => {
    const { id, slug } = await story({ headline: 'Zephyrine breeze' })
    await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'Boreal gale' } })
    const found = async (text: string) =>
      (
        await app.ask('query ($t: String!) { search(text: $t) { articles { edges { node { slug } } } } }', {
          t: text,
        })
      ).search.articles.edges
    expect(await found('Zephyrine')).toEqual([])
    expect(await found('Boreal')).toEqual([{ node: { slug } }])
  })
})

describe('a correction', () => {
  test('shows on the story with its words, moves its date, and is a change of its own kind', async () => {
    const { id, key } = await story()
    const input = { id, version: 1, kind: 'CORRECTION', text: 'An earlier version misspelt a name.' }
    const outcome = await desk.order('CorrectArticle', { ...input, changes: { headline: 'Spelt right' } })
    expect(outcome).toMatchObject({ changed: true, version: 2, article: { headline: 'Spelt right' } })
    const told = { kind: 'CORRECTION', text: input.text, version: 2, at: noon.toISOString() }
    expect(await page(id)).toMatchObject({ updatedAt: noon.toISOString(), corrections: [told] })
    expect(await changesOf(app, key)).toEqual(['1 PUBLISHED', '2 CORRECTED'])
  })

  test('may come without any other change, and is told once', async () => {
    const { id, key } = await story()
    const input = { id, version: 1, kind: 'CLARIFICATION', text: 'The figure is for last year.' }
    expect(await desk.order('CorrectArticle', input)).toMatchObject({ changed: true, version: 2 })
    expect(await desk.order('CorrectArticle', input)).toMatchObject({ changed: false, version: 2 })
    expect(await page(id)).toMatchObject({
      updatedAt: noon.toISOString(),
      corrections: [{ text: input.text }],
    })
    expect(await changesOf(app, key)).toEqual(['1 PUBLISHED', '2 CORRECTED'])
  })

  test('needs words', async () => {
    const { id } = await story()
    for (const text of [' ', 'x'.repeat(2_001)]) {
      const outcome = await desk.order('CorrectArticle', { id, version: 1, kind: 'UPDATE', text })
      expect(outcome).toMatchObject({ __typename: 'InvalidInput', field: 'text' })
    }
  })
})

describe('editors at once', () => {
  test('who saw the same version: one wins, the other learns of it, and nothing of theirs is written', async () => {
    const { id, key } = await story()
    const desks = await Promise.all(['Cy', 'Di', 'Ed', 'Fay'].map((name) => openDesk(app, name)))
    const outcomes = await Promise.all(
      desks.map(({ order, subject }) =>
        order('UpdateArticle', { id, version: 1, changes: { headline: `By ${subject}` } }),
      ),
    )
    expect(outcomes.map(({ __typename }) => __typename).sort()).toEqual([
      ...['EditConflict', 'EditConflict', 'EditConflict'],
      'UpdateArticlePayload',
    ])
    const winner = desks[outcomes.findIndex(({ changed }) => changed)]
    expect(await page(id)).toMatchObject({ version: 2, headline: `By ${winner?.subject}` })
    for (const lost of outcomes.filter(({ code }) => code)) {
      expect(lost).toMatchObject({ code: 'CONFLICT', version: 2 })
    }
    expect((await everythingOf(app, key)).revisions).toHaveLength(2)
  })

  test('one who comes late is told the version that there is, also for what would change nothing', async () => {
    const { id, key } = await story()
    await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'First' } })
    const before = await everythingOf(app, key)
    const late = await openDesk(app, 'Late')
    for (const headline of ['First', 'Second']) {
      expect(await late.order('UpdateArticle', { id, version: 1, changes: { headline } })).toMatchObject({
        __typename: 'EditConflict',
        version: 2,
      })
    }
    expect(
      await late.order('UpdateArticle', { id, version: 3, changes: { headline: 'First' } }),
    ).toMatchObject({
      __typename: 'EditConflict',
      version: 2,
    })
    expect(await everythingOf(app, key)).toEqual(before)
  })

  test('one who sends an edit again, because the answer was lost, has made it once', async () => {
    const { id } = await story()
    const input = { id, version: 1, changes: { headline: 'Sent twice' } }
    expect(await desk.order('UpdateArticle', input)).toMatchObject({ changed: true, version: 2 })
    expect(await desk.order('UpdateArticle', input)).toMatchObject({ changed: false, version: 2 })
    const fromOldWindow = { ...input, changes: { headline: 'Something else' } }
    expect(await desk.order('UpdateArticle', fromOldWindow)).toMatchObject({
      __typename: 'EditConflict',
      version: 2,
    })
  })
})

describe('whoever is no editor', () => {
  const everyOrder = (id: string): [Order, object][] => [
    ['PublishArticle', wholeStory()],
    ['UpdateArticle', { id, version: 1, changes: { headline: 'Mine' } }],
    ['CorrectArticle', { id, version: 1, kind: 'CORRECTION', text: 'Mine' }],
    ['WithholdArticle', { id, version: 1 }],
    ['ReleaseArticle', { id, version: 1 }],
    ['CancelArticle', { id, version: 1 }],
    ['EmbargoArticle', { id, version: 1, until: '2030-01-01T00:00:00Z' }],
    ['SetCommenting', { id, version: 1, open: false }],
    ['SetImageRights', { url: 'https://pictures.example/mine.jpg', syndicatable: true }],
  ]

  test('may change nothing, and reads neither drafts nor versions nor rights', async () => {
    const { id, key } = await story({ leadImage: { url: 'https://pictures.example/mine.jpg' } })
    const before = await everythingOf(app, key)
    const query = `query ($id: ID!) { article(id: $id) { draft revisions { edges { node { editor } } }
      leadImage { syndicatable partners } } }`
    for (const role of [undefined, 'reader', 'moderator'] as const) {
      const token = role && (await app.token(role))
      for (const [name, input] of everyOrder(id)) {
        // Moderators may open and close the comments.
        if (role === 'moderator' && name === 'SetCommenting') continue
        const code = role ? 'FORBIDDEN' : 'NOT_SIGNED_IN'
        expect([name, await orderAs(app, token, name, input)]).toEqual([
          name,
          expect.objectContaining({ code }),
        ])
      }
      expect((await app.ask(query, { id }, token)).article).toEqual({
        draft: null,
        revisions: null,
        leadImage: { syndicatable: null, partners: null },
      })
    }
    expect(await everythingOf(app, key)).toEqual(before)
  })

  test('is told what is missing: an editor finds no story that does not exist', async () => {
    const id = globalId('Article', '01900000-0000-7000-8000-000000000000')
    for (const [name, input] of everyOrder(id).slice(1, -1)) {
      expect([name, await desk.order(name, input)]).toEqual([
        name,
        expect.objectContaining({ code: 'NOT_FOUND' }),
      ])
    }
  })
})

test('every version of a story can be read again, page by page', async () => {
  const { id } = await story({ headline: 'One' })
  await desk.order('UpdateArticle', { id, version: 1, changes: { headline: 'Two' } })
  await desk.order('UpdateArticle', { id, version: 2, changes: { headline: 'Three' } })
  const query = `query ($id: ID!, $after: String) { article(id: $id) {
    revisions(first: 1, after: $after) { edges { node { version editor draft } } pageInfo { endCursor hasNextPage } } } }`
  const read: unknown[] = []
  for (let after: string | null = null, more = true; more; ) {
    const { revisions }: Json = (await app.ask(query, { id, after }, desk.token)).article
    const [{ node }] = revisions.edges
    read.push([node.version, node.editor, node.draft.headline])
    after = revisions.pageInfo.endCursor
    more = revisions.pageInfo.hasNextPage
  }
  expect(read).toEqual([
    [3, desk.subject, 'Three'],
    [2, desk.subject, 'Two'],
    [1, null, 'One'],
  ])
})

function keyOf(id: string): string {
  return Buffer.from(id, 'base64').toString().split(':')[1] as string
}
