import { encodeGlobalID } from '@pothos/plugin-relay'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { DeliveryWay, PrismaClient } from '../../src/db/client/client.ts'
import { openRecalls } from '../../src/syndication/open-recalls.ts'
import { recall } from '../../src/syndication/recall.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'

// What editors are told of stories that partners have and may not keep.

const NOW = new Date()
/** Told and confirmed. */
const gone = { removalAttemptedAt: NOW, removalNotifiedAt: NOW, removedAt: NOW }
const at = (ms: number) => new Date(NOW.getTime() + ms)

let app: TestApp
let prisma: PrismaClient
let editor: string

beforeAll(async () => {
  app = await freshApp()
  prisma = app.database.prisma
  editor = await app.token('editor', { name: 'Ana' })
})

// What tests before left open is confirmed.
beforeEach(() => prisma.holding.updateMany({ data: gone }))

afterAll(() => app.close())

const deps = (now = NOW) => ({ prisma, now: () => now })
const hold = (partnerId: string, articleId: string, more: object = {}) =>
  prisma.holding.create({ data: { partnerId, articleId, version: 1, since: NOW, ...more } })
const line = (partnerId: string, articleId: string, via: DeliveryWay, more: object = {}) =>
  prisma.delivery.create({
    data: { partnerId, articleId, version: 1, kind: 'ARTICLE', via, firstAt: NOW, lastAt: NOW, ...more },
  })

describe('a recall', () => {
  test('tells who was given the story, and who still has it first', async () => {
    const story = await addArticle(prisma, { status: 'WITHHELD' })
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((letter) => partner(`ra-${letter}`)))
    for (const { id } of [c, b, a] as Named[]) await hold(id, story.key)
    await prisma.holding.updateMany({
      where: { partnerId: a?.id },
      data: { removalAttemptedAt: at(1), removalNotifiedAt: at(2), removedAt: at(3), confirmed: 1 },
    })
    const { holders, withdrawn, articleId } = await recall(story.key, deps())
    expect([articleId, withdrawn]).toEqual([story.key, 'WITHHELD'])
    expect(holders.map((holder) => holder.partner.slug)).toEqual(['ra-b', 'ra-c', 'ra-a'])
    expect(holders[2]).toMatchObject({
      partner: { slug: 'ra-a', name: 'Named ra-a' },
      version: 1,
      since: NOW,
      removalAttemptedAt: at(1),
      removalNotifiedAt: at(2),
      removedAt: at(3),
      confirmed: 1,
      mayKeep: false,
    })
    expect(holders[0]).toMatchObject({ removalAttemptedAt: null, confirmed: null, mayKeep: false })
  })

  test('tells each way by which each was given the story, the first one first, and none by which it was recalled', async () => {
    const story = await addArticle(prisma)
    const [one, two] = [await partner('rb-one'), await partner('rb-two')]
    for (const { id } of [one, two]) await hold(id, story.key)
    await line(one.id, story.key, 'REST', { firstAt: at(2) })
    await line(one.id, story.key, 'FEED', { firstAt: at(1) })
    await line(one.id, story.key, 'REST', { version: 2, firstAt: at(3) })
    await line(one.id, story.key, 'WEBHOOK', { kind: 'REMOVAL' })
    await line(two.id, story.key, 'GRAPHQL')
    const { holders } = await recall(story.key, deps())
    expect(holders.map(({ via }) => [...via].toSorted())).toEqual([['FEED', 'REST'], ['GRAPHQL']])
  })

  test.each([
    ['may be shown', {}, 0, null, true],
    ['was withheld', { status: 'WITHHELD' }, 0, 'WITHHELD', false],
    ['was killed', { status: 'CANCELED' }, 0, 'CANCELED', false],
    ['is under embargo', { embargoedUntil: at(1_000) }, 999, 'EMBARGOED', false],
    ['was under embargo', { embargoedUntil: at(1_000) }, 1_000, null, true],
    ['is still to be published', { publishedAt: at(1_000) }, 999, 'EMBARGOED', false],
  ] as const)('of a story that %s says so', async (_what, draft, ms, withdrawn, mayKeep) => {
    const story = await addArticle(prisma, draft)
    const { id } = await partner()
    await hold(id, story.key)
    const found = await recall(story.key, deps(at(ms)))
    expect([found.withdrawn, found.holders[0]?.mayKeep]).toEqual([withdrawn, mayKeep])
  })

  test('of a story that one licence does not cover any more is no withdrawal from everybody', async () => {
    const story = await addArticle(prisma)
    const { id, slug } = await partner()
    await hold(id, story.key)
    await relicense(prisma, slug, { languages: ['de'] })
    // Suspended, it may keep what its licence covers.
    await prisma.partner.update({ where: { id }, data: { suspendedAt: NOW } })
    const { withdrawn, holders } = await recall(story.key, deps())
    expect([withdrawn, holders[0]?.mayKeep]).toEqual([null, false])
    await relicense(prisma, slug, { languages: ['en'] })
    expect((await recall(story.key, deps())).holders[0]?.mayKeep).toBe(true)
  })

  test('of a story that there is not is not found', async () => {
    await expect(recall('0198a000-0000-7000-8000-00000000000a', deps())).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    // As docs/syndication.md says.
    const query = 'query ($id: ID!) { recall(articleId: $id) { isComplete } }'
    const id = encodeGlobalID('Article', '0198a000-0000-7000-8000-00000000000a')
    expect(await app.post(query, { id }, editor)).toMatchObject({
      data: null,
      errors: [{ extensions: { code: 'NOT_FOUND' } }],
    })
  })
})

describe('open recalls', () => {
  const keys = (page: Awaited<ReturnType<typeof openRecalls>>) =>
    page.recalls.map(({ recall: { articleId } }) => articleId)

  test('are those that nobody has confirmed, of stories that the holder may not keep', async () => {
    const { id } = await partner()
    const open = await addArticle(prisma, { status: 'WITHHELD' })
    const attempted = await addArticle(prisma, { status: 'CANCELED' })
    const confirmed = await addArticle(prisma, { status: 'CANCELED' })
    const kept = await addArticle(prisma)
    await addArticle(prisma, { status: 'CANCELED' })
    await hold(id, open.key)
    await hold(id, attempted.key, { removalAttemptedAt: NOW, removalNotifiedAt: NOW })
    await hold(id, confirmed.key, gone)
    await hold(id, kept.key)
    expect(keys(await openRecalls({ first: 10, after: null }, deps()))).toEqual([attempted.key, open.key])
  })

  test('come latest first, page by page, each once', async () => {
    const [one, two] = [await partner(), await partner()]
    const stories: string[] = []
    for (let i = 0; i < 5; i += 1) {
      const { key } = await addArticle(prisma, { status: 'CANCELED' })
      stories.unshift(key)
      await hold(one.id, key)
      await hold(two.id, key)
    }
    const seen: string[][] = []
    let after: string | null = null
    for (let more = true; more; ) {
      const page = await openRecalls({ first: 2, after }, deps())
      seen.push(keys(page))
      ;({ more } = page)
      after = page.recalls.at(-1)?.cursor ?? null
    }
    expect(seen).toEqual([stories.slice(0, 2), stories.slice(2, 4), stories.slice(4)])
    const exact = await openRecalls({ first: 5, after: null }, deps())
    expect([keys(exact), exact.more]).toEqual([stories, false])
  })

  test('are pages of 1 to 100, behind a cursor of theirs', async () => {
    const ask = (args: string) =>
      app.post(`{ openRecalls${args} { edges { cursor } pageInfo { hasNextPage } } }`, {}, editor)
    for (const args of ['(first: 0)', '(first: 101)', '(first: -1)', '(after: "nonsense")']) {
      const { errors } = await ask(args)
      expect([args, errors?.[0]?.extensions?.code]).toEqual([args, 'INVALID_INPUT'])
    }
    for (const args of ['', '(first: 1)', '(first: 100)']) {
      expect((await ask(args)).data.openRecalls).toEqual({ edges: [], pageInfo: { hasNextPage: false } })
    }
    const { errors } = await app.post(
      '{ openRecalls { edges { cursor } } }',
      {},
      await app.token('moderator'),
    )
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })

  test('are 20 where nobody says how many, and the page says where it begins and ends', async () => {
    const { id } = await partner()
    for (let i = 0; i < 21; i += 1) {
      await hold(id, (await addArticle(prisma, { status: 'CANCELED' })).key)
    }
    const query =
      '{ openRecalls { edges { cursor } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }'
    const { openRecalls: page } = await app.ask(query, {}, editor)
    expect(page.edges).toHaveLength(20)
    expect(page.pageInfo).toEqual({
      startCursor: page.edges[0].cursor,
      endCursor: page.edges[19].cursor,
      hasNextPage: true,
      hasPreviousPage: false,
    })
  })
})

describe('a confirmation by phone', () => {
  const CONFIRM = `mutation ($input: ConfirmRemovalInput!) { confirmRemoval(input: $input) { __typename
    ... on ConfirmRemovalPayload { recall { isComplete holders {
      partner removalAttemptedAt removalNotifiedAt removedAt confirmations { note } } } } ... on Error { code } ... on InvalidInput { field } } }`
  const confirm = async (articleId: string, slug: string, note: string) => {
    const { confirmRemoval } = await app.ask(CONFIRM, { input: { articleId, partner: slug, note } }, editor)
    return confirmRemoval.recall ?? confirmRemoval
  }

  test('has a note of 1 to 1,000 characters', async () => {
    const story = await addArticle(prisma, { status: 'CANCELED' })
    const { id, slug } = await partner()
    await hold(id, story.key)
    expect(await confirm(story.id, slug, 'x'.repeat(1_001))).toMatchObject({ field: 'note' })
    for (const blank of [' \n ', '\u3164', '\u200b\u2060', '\u{1d159}', '\ufffc', 'By \u0007']) {
      expect(await confirm(story.id, slug, blank), blank).toMatchObject({ field: 'note' })
    }
    const { holders } = await confirm(story.id, slug, ` ${'x'.repeat(1_000)} `)
    expect(holders[0].confirmations).toEqual([{ note: 'x'.repeat(1_000) }])
  })

  test('has a note without direction controls', async () => {
    const story = await addArticle(prisma, { status: 'CANCELED' })
    const { id, slug } = await partner()
    await hold(id, story.key)
    const { holders } = await confirm(story.id, slug, 'By \u202ephone\u202c')
    expect(holders[0].confirmations).toEqual([{ note: 'By phone' }])
  })

  test('of a partner that was never given the story, or of a story that there is not, is not taken', async () => {
    const story = await addArticle(prisma, { status: 'CANCELED' })
    const { slug } = await partner()
    expect(await confirm(story.id, slug, 'By phone')).toMatchObject({ code: 'NOT_FOUND' })
    expect(await confirm(story.id, 'nobody', 'By phone')).toMatchObject({ code: 'NOT_FOUND' })
    const nowhere = Buffer.from('Article:0198a000-0000-7000-8000-00000000000a').toString('base64')
    expect(await confirm(nowhere, slug, 'By phone')).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('ends the recall of that partner alone, and of two the latest is told first', async () => {
    const story = await addArticle(prisma, { status: 'CANCELED' })
    const [one, two] = [await partner(), await partner()]
    await hold(one.id, story.key, { lapsesAt: at(1) })
    await hold(two.id, story.key)
    const first = await confirm(story.id, one.slug, 'First')
    expect(first).toMatchObject({ isComplete: false })
    const of = (found: typeof first, slug: string) =>
      found.holders.find((holder: { partner: string }) => holder.partner === slug)
    const moments = of(first, one.slug)
    expect(moments).toMatchObject({
      removalAttemptedAt: expect.any(String),
      removalNotifiedAt: expect.any(String),
      removedAt: expect.any(String),
    })
    expect(of(first, two.slug)).toMatchObject({ removedAt: null, confirmations: [] })
    expect(await prisma.holding.findFirst({ where: { partnerId: one.id } })).toMatchObject({ lapsesAt: null })
    // A second call adds its note, and moves no moment.
    const second = await confirm(story.id, one.slug, 'Second')
    expect(of(second, one.slug)).toEqual({
      ...moments,
      confirmations: [{ note: 'Second' }, { note: 'First' }],
    })
    expect(await confirm(story.id, two.slug, 'Third')).toMatchObject({ isComplete: true })
  })

  test('keeps the moments at which the partner was told before', async () => {
    const story = await addArticle(prisma, { status: 'CANCELED' })
    const { id, slug } = await partner()
    await hold(id, story.key, { removalAttemptedAt: at(1), removalNotifiedAt: at(2) })
    expect((await confirm(story.id, slug, 'By phone')).holders).toMatchObject([
      { removalAttemptedAt: at(1).toISOString(), removalNotifiedAt: at(2).toISOString() },
    ])
  })
})

describe('the ledger', () => {
  const LEDGER = `query ($id: ID, $partner: String, $first: Int, $after: String) {
    ledger(articleId: $id, partner: $partner, first: $first, after: $after) {
      edges { node { partner articleId version kind via times } } pageInfo { endCursor hasNextPage } } }`

  test('is told latest first, of one story or to one partner, page by page', async () => {
    const [a, b] = [await addArticle(prisma), await addArticle(prisma)]
    const [one, two] = [await partner(), await partner()]
    await line(one.id, a.key, 'REST', { firstAt: at(1) })
    await line(one.id, b.key, 'FEED', { firstAt: at(2), times: 3 })
    await line(two.id, a.key, 'WEBHOOK', { firstAt: at(3), kind: 'REMOVAL', version: 7 })
    const read = async (variables: object) => {
      const { ledger } = await app.ask(LEDGER, variables, editor)
      return { nodes: ledger.edges.map(({ node }: { node: { via: string } }) => node), ...ledger.pageInfo }
    }
    const ways = async (variables: object) =>
      (await read(variables)).nodes.map(({ via }: { via: string }) => via)
    expect(await ways({ id: a.id })).toEqual(['WEBHOOK', 'REST'])
    expect(await ways({ partner: one.slug })).toEqual(['FEED', 'REST'])
    expect(await ways({ id: b.id, partner: two.slug })).toEqual([])
    expect((await read({ partner: two.slug })).nodes).toEqual([
      { partner: two.slug, articleId: a.id, version: 7, kind: 'REMOVAL', via: 'WEBHOOK', times: 1 },
    ])
    const first = await read({ id: a.id, first: 1 })
    expect([first.nodes.length, first.hasNextPage]).toEqual([1, true])
    const second = await read({ id: a.id, first: 1, after: first.endCursor })
    expect(second).toMatchObject({ nodes: [{ via: 'REST' }], hasNextPage: false })
  })

  test.each(['ledger { edges { cursor } }', 'recall(articleId: "x") { isComplete }'])(
    'is for editors: %s',
    async (query) => {
      const { key } = await addPartner(prisma)
      for (const token of [await app.token('moderator'), key, undefined]) {
        const { errors } = await app.post(`{ ${query} }`, {}, token)
        expect(errors?.[0]?.extensions?.code).toMatch(/^(FORBIDDEN|NOT_SIGNED_IN)$/)
      }
    },
  )
})

type Named = Awaited<ReturnType<typeof addPartner>>

function partner(slug?: string): Promise<Named> {
  return addPartner(prisma, slug ? { slug, name: `Named ${slug}` } : {}, () => NOW)
}
