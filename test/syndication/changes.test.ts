import { expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'
import { connect, listen } from '../support/socket.ts'

const CHANGES = `query ($after: String, $first: Int) {
  changes(after: $after, first: $first) {
    edges { node { __typename kind articleId version ... on ArticleChanged { article { headline leadImage { url } } }
      ... on ArticleRemoved { reason } } }
    pageInfo { endCursor hasNextPage }
  }
}`

const FOLLOW = `subscription ($after: String) {
  changes(after: $after) { __typename cursor kind articleId ... on ArticleChanged { article { headline } }
    ... on ArticleRemoved { reason } }
}`

async function read(app: TestApp, key: string, after?: string) {
  const { changes } = await app.ask(CHANGES, { after, first: 100 }, key)
  return { told: changes.edges.map(({ node }: { node: object }) => node), cursor: changes.pageInfo.endCursor }
}

test('a partner reads every change in order, and goes on from its cursor', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const one = await addArticle(prisma, { headline: 'One' })
  const two = await addArticle(prisma, { headline: 'Two' })
  const first = await read(app, key)
  expect(first.told).toMatchObject([
    { __typename: 'ArticleChanged', kind: 'PUBLISHED', articleId: one.id, article: { headline: 'One' } },
    { __typename: 'ArticleChanged', kind: 'PUBLISHED', articleId: two.id, article: { headline: 'Two' } },
  ])
  await addArticle(prisma, { slug: one.slug, headline: 'One, mended' })
  const second = await read(app, key, first.cursor)
  expect(second.told).toMatchObject([{ kind: 'UPDATED', version: 2, article: { headline: 'One, mended' } }])
  expect((await read(app, key, second.cursor)).told).toEqual([])
})

test('a story that is withdrawn is taken from those who had it, and nobody else hears of it', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const had = await addPartner(prisma)
  const late = await addPartner(prisma)
  const story = await addArticle(prisma)
  const { cursor } = await read(app, had.key)
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  expect((await read(app, had.key, cursor)).told).toMatchObject([
    { __typename: 'ArticleRemoved', kind: 'CANCELED', articleId: story.id, reason: 'CANCELED' },
  ])
  expect((await read(app, late.key)).told).toEqual([])
})

test('a licence that changes takes stories away and gives others', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const partner = await addPartner(prisma, { licence: { languages: ['en'] } })
  const english = await addArticle(prisma, { language: 'en-GB' })
  const sorani = await addArticle(prisma, { language: 'ckb' })
  const first = await read(app, partner.key)
  expect(first.told).toMatchObject([{ articleId: english.id }])
  await relicense(prisma, partner.slug, { languages: ['ckb'] })
  expect((await read(app, partner.key, first.cursor)).told).toMatchObject([
    { __typename: 'ArticleRemoved', kind: 'RIGHTS_CHANGED', articleId: english.id, reason: 'LICENCE' },
    { __typename: 'ArticleChanged', kind: 'RIGHTS_CHANGED', articleId: sorani.id },
  ])
})

test('an embargo lifts by the clock, and a licence for some days runs out by it', async () => {
  let now = new Date('2026-02-01T00:00:00Z')
  await using app = await freshApp({ now: () => now })
  const { prisma } = app.database
  const partner = await addPartner(prisma, { licence: { retentionDays: 30 } }, () => now)
  const publishedAt = new Date('2026-02-02T00:00:00Z')
  const story = await addArticle(prisma, { publishedAt, embargoedUntil: new Date('2026-02-03T00:00:00Z') })
  const before = await read(app, partner.key)
  expect(before.told).toEqual([])
  now = new Date('2026-02-03T00:00:00Z')
  const lifted = await read(app, partner.key, before.cursor)
  expect(lifted.told).toMatchObject([
    { __typename: 'ArticleChanged', kind: 'PUBLISHED', articleId: story.id },
  ])
  now = new Date('2026-03-04T00:00:00Z')
  expect((await read(app, partner.key, lifted.cursor)).told).toMatchObject([
    { __typename: 'ArticleRemoved', kind: 'RIGHTS_CHANGED', articleId: story.id, reason: 'LICENCE' },
  ])
})

test('an agency picture goes to the partner that has a right to it only', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const url = 'https://pictures.example/afp.jpg'
  await addArticle(prisma, { leadImage: { url, agency: 'AFP', credit: 'Somebody / AFP' } })
  const without = await addPartner(prisma)
  const withAfp = await addPartner(prisma, { licence: { agencies: ['afp'] } })
  expect((await read(app, without.key)).told).toMatchObject([{ article: { leadImage: null } }])
  expect((await read(app, withAfp.key)).told).toMatchObject([{ article: { leadImage: { url } } }])
})

test('the address of an agency picture is not told in words either, however it is written', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const url = 'https://pictures.example/afp.jpg?size=1'
  const written = [url, 'HTTPS://Pictures.Example/afp.jpg?size=1', '//PICTURES.EXAMPLE/afp.jpg?size=1']
  await addArticle(prisma, {
    leadImage: { url, agency: 'AFP' },
    blocks: written.map((address) => ({ kind: 'PARAGRAPH', text: `See ${address} for it.` })),
  })
  const { changes } = await app.ask(
    '{ changes { edges { node { ... on ArticleChanged { article { body { ... on LicensedParagraph { text } } } } } } } }',
    {},
    key,
  )
  const { body } = changes.edges[0].node.article
  expect(body.map(({ text }: { text: string }) => text)).toEqual([
    'See  for it.',
    'See  for it.',
    'See // for it.',
  ])
})

test('a subscription goes on where the cursor is, live, and ends when the partner leaves', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  await addArticle(prisma, { headline: 'Before' })
  const { cursor } = await read(app, key)
  await addArticle(prisma, { headline: 'Missed' })
  const client = connect(app.wsUrl, key)
  await using stream = listen(client, FOLLOW, { after: cursor })
  const missed = await stream.take(1)
  const story = await addArticle(prisma, { headline: 'Live' })
  const live = await stream.take(1)
  expect([...missed, ...live].map(({ changes }) => changes.article.headline)).toEqual(['Missed', 'Live'])
  await addArticle(prisma, { slug: story.slug, status: 'WITHHELD' })
  expect(await stream.take(1)).toMatchObject([
    { changes: { __typename: 'ArticleRemoved', kind: 'WITHHELD', reason: 'WITHHELD' } },
  ])
})

test('readers, moderators and the public are told nothing', async () => {
  await using app = await freshApp()
  await addArticle(app.database.prisma)
  for (const token of [undefined, await app.token('reader'), await app.token('moderator')]) {
    const { data, errors } = await app.post(CHANGES, {}, token)
    expect(data ?? null).toBeNull()
    expect(errors?.[0]?.extensions?.code).toMatch(/^(NOT_SIGNED_IN|FORBIDDEN)$/)
    const socket = listen(connect(app.wsUrl, token), FOLLOW)
    const { errors: refusals } = await socket
      .next()
      .catch(async () => ({ errors: [await socket.over].flat() }))
    expect(JSON.stringify(refusals)).toMatch(/NOT_SIGNED_IN|FORBIDDEN/)
  }
})

test('a cursor of another history is refused, and so is one from the future', async () => {
  await using app = await freshApp()
  await using other = await freshApp()
  const { key } = await addPartner(app.database.prisma)
  const stranger = await addPartner(other.database.prisma)
  await addArticle(other.database.prisma)
  const { cursor } = await read(other, stranger.key)
  await addArticle(app.database.prisma)
  const own = Buffer.from((await read(app, key)).cursor, 'base64url').toString()
  const future = ['7', '9999999999'].map((position) =>
    Buffer.from(own.replace(/\d+$/, position)).toString('base64url'),
  )
  const acknowledging = `mutation ($input: AcknowledgeInput!) { acknowledge(input: $input) { __typename } }`
  for (const after of [cursor, 'nonsense', ...future]) {
    const { errors } = await app.post(CHANGES, { after }, key)
    expect(errors?.[0]?.extensions?.code).toBe('UNKNOWN_CURSOR')
    const { acknowledge } = await app.ask(acknowledging, { input: { cursor: after } }, key)
    expect(acknowledge).toEqual({ __typename: 'UnknownCursor' })
  }
  expect(await app.database.prisma.holding.findFirst()).toMatchObject({ confirmed: null })
})

test('the ledger tells who has a withdrawn story, and who confirmed that it is gone', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const obedient = await addPartner(prisma)
  const silent = await addPartner(prisma)
  const story = await addArticle(prisma)
  const { cursor } = await read(app, obedient.key)
  await read(app, silent.key)
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  const { cursor: end } = await read(app, obedient.key, cursor)
  const editor = await app.token('editor')
  const recall = () =>
    app.ask(
      `query ($id: ID!) { recall(articleId: $id) { withdrawn isComplete
        holders { partner version mustStillRemove removalNotifiedAt removedAt via } } }`,
      { id: story.id },
      editor,
    )
  const before = await recall()
  expect(before.recall).toMatchObject({ withdrawn: 'CANCELED', isComplete: false })
  expect(before.recall.holders.map((holder: { mustStillRemove: boolean }) => holder.mustStillRemove)).toEqual(
    [true, true],
  )
  const { acknowledge } = await app.ask(
    `mutation ($input: AcknowledgeInput!) { acknowledge(input: $input) {
      ... on AcknowledgePayload { confirmed removed } } }`,
    { input: { cursor: end } },
    obedient.key,
  )
  expect(acknowledge).toEqual({ confirmed: 0, removed: 1 })
  const after = await recall()
  expect(after.recall.holders).toMatchObject([
    {
      partner: silent.slug,
      mustStillRemove: true,
      removalNotifiedAt: null,
      removedAt: null,
      via: ['GRAPHQL'],
    },
    { partner: obedient.slug, mustStillRemove: false },
  ])
})

test('REST gives the same', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const story = await addArticle(prisma, { headline: 'Over REST' })
  const get = (path: string, token = key) =>
    fetch(new URL(path, app.url), { headers: token ? { authorization: `Bearer ${token}` } : {} })
  const answer = await get('/syndication/changes')
  expect(answer.status).toBe(200)
  const page: Json = await answer.json()
  expect(page).toMatchObject({
    changes: [
      { type: 'article.changed', kind: 'PUBLISHED', articleId: story.id, article: { headline: 'Over REST' } },
    ],
    more: false,
  })
  const one: Json = await (await get(`/syndication/articles/${encodeURIComponent(story.id)}`)).json()
  expect(one).toMatchObject({ id: story.id, headline: 'Over REST' })
  const confirmed = await fetch(new URL('/syndication/acknowledge', app.url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ cursor: page.cursor }),
  })
  expect(await confirmed.json()).toEqual({ confirmed: 1, removed: 0 })
  expect((await get('/syndication/changes?after=nonsense')).status).toBe(410)
  expect((await get('/syndication/changes?first=0')).status).toBe(400)
  expect((await get('/syndication/articles/%zz')).status).toBe(404)
  expect((await get('/syndication/changes', '')).status).toBe(401)
  expect((await get('/syndication/nothing')).status).toBe(404)
  expect((await get('/syndication/acknowledge')).status).toBe(405)
})

test('a licence for every agency covers any that has a name', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma, { licence: { agencies: ['*'] } })
  const picture = (name: string, agency?: string) => ({
    url: `https://pictures.example/${name}.jpg`,
    agency,
  })
  await addArticle(prisma, { leadImage: picture('afp', 'AFP') })
  await addArticle(prisma, { leadImage: picture('dash', '—') })
  await addArticle(prisma, { leadImage: picture('none') })
  const { told } = await read(app, key)
  expect(told.map(({ article }: { article: { leadImage: object | null } }) => article.leadImage)).toEqual([
    { url: 'https://pictures.example/afp.jpg' },
    null,
    null,
  ])
})
