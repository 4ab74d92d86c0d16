import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { connect, listen } from '../support/socket.ts'
import { script } from './mirror/mirror.ts'

// What a partner is told whose quota is used up.

const CHANGES = `query ($after: String) {
  changes(first: 100, after: $after) {
    removalsOnly retryAfter
    edges { cursor node { __typename articleId } }
    pageInfo { endCursor hasNextPage }
  }
}`
const ACKNOWLEDGE = `mutation ($cursor: String!) {
  acknowledge(input: { cursor: $cursor }) { ... on AcknowledgePayload { confirmed removed } ... on Error { code } }
}`

/** A gateway whose clock the test holds, with a partner that has a story and one request left. */
async function atTheLimit(left = 0) {
  const clock = { now: new Date('2026-06-01T08:00:30Z') }
  const app = await freshApp({ now: () => clock.now, changePollMs: 50 })
  const { prisma } = app.database
  const partner = await addPartner(prisma, { quotaPerMinute: 1 + left }, () => clock.now)
  const story = await addArticle(prisma, { headline: 'Held' })
  const { cursor } = await rest(app, partner.key)
  await rest(app, partner.key, { cursor })
  const kill = () => addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  return { app, prisma, clock, partner, story, cursor, kill }
}

/** Asks for changes behind a cursor, or confirms one. */
async function rest(app: TestApp, key: string, { after, cursor }: { after?: string; cursor?: string } = {}) {
  const path = cursor ? 'acknowledge' : `changes?first=100${after ? `&after=${after}` : ''}`
  const answer = await fetch(new URL(`/syndication/${path}`, app.url), {
    method: cursor ? 'POST' : 'GET',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: cursor && JSON.stringify({ cursor }),
  })
  const body: Json = await answer.json()
  return { status: answer.status, headers: answer.headers, ...body }
}

async function counted({ app, clock }: Awaited<ReturnType<typeof atTheLimit>>): Promise<number> {
  const start = new Date(Math.floor(clock.now.getTime() / 60_000) * 60_000)
  const row = await app.database.prisma.partnerUsage.findFirst({ where: { unit: 'MINUTE', start } })
  return row?.requests ?? 0
}

test('a partner at its limit is told of a kill over REST, confirms it, and misses nothing afterwards', async () => {
  const world = await atTheLimit()
  const { prisma, clock, partner, story } = world
  await using app = world.app
  await addArticle(prisma, { headline: 'While it was at its limit' })
  await world.kill()
  const limited = await rest(app, partner.key, { after: world.cursor })
  expect(limited).toMatchObject({
    status: 200,
    changes: [{ type: 'article.removed', articleId: story.id, reason: 'CANCELED' }],
    more: false,
    removalsOnly: true,
    retryAfter: 30,
  })
  expect(limited.headers.get('retry-after')).toBe('30')
  expect(await rest(app, partner.key, { cursor: limited.cursor })).toMatchObject({ confirmed: 0, removed: 1 })
  expect(await prisma.holding.findFirst()).toMatchObject({ removedAt: clock.now })
  // Nothing is told twice behind that cursor.
  expect(await rest(app, partner.key, { after: limited.cursor })).toMatchObject({ changes: [], more: false })

  clock.now = new Date('2026-06-01T08:01:00Z')
  const full = await rest(app, partner.key, { after: limited.cursor })
  expect(full).toMatchObject({ removalsOnly: false, retryAfter: null })
  expect(full.changes).toMatchObject([
    { type: 'article.changed', article: { headline: 'While it was at its limit' } },
    { type: 'article.removed', articleId: story.id },
  ])
  expect(full.headers.get('ratelimit')).toContain('"minute";r=0')
})

test('a look that finds only removals is answered and not counted where it is the only one of its minute', async () => {
  const world = await atTheLimit()
  await using app = world.app
  await world.kill()
  world.clock.now = new Date('2026-06-01T08:05:00Z')
  const removal = { type: 'article.removed', articleId: world.story.id }
  expect(await rest(app, world.partner.key, { after: world.cursor })).toMatchObject({
    status: 200,
    changes: [removal],
    removalsOnly: false,
  })
  expect(await counted(world)).toBe(0)
  const { changes } = await app.ask(CHANGES, { after: world.cursor }, world.partner.key)
  expect(changes.edges).toMatchObject([{ node: { articleId: world.story.id } }])
  expect(await counted(world)).toBe(0)
})

test('a removal is told although its request can not be given back', async () => {
  const world = await atTheLimit()
  await using app = world.app
  await world.kill()
  world.clock.now = new Date('2026-06-01T08:05:00Z')
  await app.database.executeSql(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no refund'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON "PartnerUsage" FOR EACH ROW
      WHEN (NEW."requests" < OLD."requests") EXECUTE FUNCTION refuse()`)
  expect(await rest(app, world.partner.key, { after: world.cursor })).toMatchObject({
    status: 200,
    changes: [{ type: 'article.removed', articleId: world.story.id }],
  })
  expect(await counted(world)).toBe(1)
})

test('a story that was not applied yet is not confirmed by the cursor of removals', async () => {
  const world = await atTheLimit(1)
  const { prisma, partner } = world
  await using app = world.app
  const later = await addArticle(prisma)
  // Given, but its cursor was never stored.
  await rest(app, partner.key, { after: world.cursor })
  await world.kill()
  const limited = await rest(app, partner.key, { after: world.cursor })
  expect(limited).toMatchObject({ removalsOnly: true, changes: [{ type: 'article.removed' }] })
  expect(await rest(app, partner.key, { cursor: limited.cursor })).toMatchObject({ confirmed: 0, removed: 1 })
  const held = await prisma.holding.findFirst({ where: { articleId: later.key } })
  expect(held).toMatchObject({ confirmed: null, removalNotifiedAt: null })
})

test('in GraphQL too, and what is not about changes is refused as before', async () => {
  const world = await atTheLimit()
  const { partner, story } = world
  await using app = world.app
  await world.kill()
  const { changes } = await app.ask(CHANGES, { after: world.cursor }, partner.key)
  expect(changes).toMatchObject({
    removalsOnly: true,
    retryAfter: 30,
    edges: [{ node: { __typename: 'ArticleRemoved', articleId: story.id } }],
    pageInfo: { hasNextPage: false },
  })
  const { acknowledge } = await app.ask(ACKNOWLEDGE, { cursor: changes.pageInfo.endCursor }, partner.key)
  expect(acknowledge).toEqual({ confirmed: 0, removed: 1 })
  for (const query of [
    '{ viewerPartner { slug } }',
    `{ licensedArticle(id: "${story.id}") { headline } }`,
    `{ changes { removalsOnly } viewerPartner { slug } }`,
    `{ a: changes { removalsOnly } b: changes { removalsOnly } }`,
    `query { ...Both } fragment Both on Query { changes { removalsOnly } viewerPartner { slug } }`,
  ]) {
    const answer = await app.post(query, {}, partner.key)
    expect([query, answer.status]).toEqual([query, 429])
    expect(answer.errors).toMatchObject([{ extensions: { code: 'QUOTA_EXCEEDED' } }])
  }
})

test('a subscription at the limit tells of removals, and of everything once the quota begins anew', async () => {
  const world = await atTheLimit()
  const { prisma, clock, partner, story } = world
  await using app = world.app
  const client = connect(app.wsUrl, partner.key)
  await using told = listen(
    client,
    `subscription ($after: String) { changes(after: $after) { __typename articleId cursor } }`,
    { after: world.cursor },
  )
  const missed = await addArticle(prisma)
  await world.kill()
  expect(await told.take(1)).toMatchObject([
    { changes: { __typename: 'ArticleRemoved', articleId: story.id } },
  ])
  clock.now = new Date('2026-06-01T08:01:00Z')
  const fresh = await addArticle(prisma)
  const rest = await told.take(3)
  expect(rest.map(({ changes }: Json) => [changes.__typename, changes.articleId])).toEqual([
    ['ArticleChanged', missed.id],
    ['ArticleRemoved', story.id],
    ['ArticleChanged', fresh.id],
  ])
  expect(await counted(world)).toBe(1)
  await client.dispose()
})

test('acknowledgements and pages that have removals only never count', async () => {
  const world = await atTheLimit(50)
  const { partner } = world
  await using app = world.app
  // The page that was read, and not its acknowledgement.
  expect(await counted(world)).toBe(1)
  await world.kill()
  const page = await rest(app, partner.key, { after: world.cursor })
  expect(page.changes).toMatchObject([{ type: 'article.removed' }])
  expect(page.headers.get('ratelimit')).toContain('"minute";r=50')
  await app.ask(CHANGES, { after: world.cursor }, partner.key)
  await app.ask(ACKNOWLEDGE, { cursor: page.cursor }, partner.key)
  expect(await counted(world)).toBe(1)
  // A look that finds nothing counts.
  await rest(app, partner.key, { after: page.cursor })
  expect(await counted(world)).toBe(2)
})

test('many removals at the limit are told page by page, each once', async () => {
  const world = await atTheLimit(2)
  const { prisma, partner } = world
  await using app = world.app
  const slugs: string[] = []
  for (let i = 0; i < 5; i++) slugs.push((await addArticle(prisma)).slug)
  const { cursor } = await rest(app, partner.key, { after: world.cursor })
  await rest(app, partner.key, { after: cursor })
  for (const slug of slugs) {
    await addArticle(prisma, { slug, status: 'WITHHELD' })
    await addArticle(prisma)
  }
  const told: string[] = []
  let after: string = cursor
  for (let more = true; more; ) {
    const answer = await fetch(new URL(`/syndication/changes?first=2&after=${after}`, app.url), {
      headers: { authorization: `Bearer ${partner.key}` },
    })
    const page: Json = await answer.json()
    expect(page.removalsOnly).toBe(true)
    told.push(...page.changes.map(({ articleId }: { articleId: string }) => articleId))
    ;({ cursor: after, more } = page)
  }
  expect(told).toHaveLength(5)
  expect(new Set(told).size).toBe(5)
})

test('a cursor whose numbers are turned round, or lie ahead, is not known', async () => {
  const world = await atTheLimit(20)
  await using app = world.app
  const [, epoch] = Buffer.from(world.cursor, 'base64url').toString().split('/')
  for (const numbers of ['1/0', '1/99', '5/3', '1/1/1', '1/']) {
    const after = Buffer.from(`changes/${epoch}/${numbers}`).toString('base64url')
    expect([numbers, (await rest(app, world.partner.key, { after })).status]).toEqual([numbers, 410])
    expect([numbers, (await rest(app, world.partner.key, { cursor: after })).status]).toEqual([numbers, 410])
  }
})

test('the example mirror fits into the quota of a new partner, and removes what was killed beyond it', async () => {
  const clock = { now: new Date('2026-06-01T08:00:30Z') }
  await using app = await freshApp({ now: () => clock.now })
  const { prisma } = app.database
  const { id, key } = await addPartner(prisma, {}, () => clock.now)
  const partner = await prisma.partner.findUniqueOrThrow({ where: { id } })
  const { slug } = await addArticle(prisma)
  const folder = await mkdtemp(join(tmpdir(), 'dateline-mirror-'))
  const worker = new Worker(script, {
    argv: [new URL(app.url).origin, folder],
    env: { DATELINE_KEY: key },
    execArgv: ['--import', join(import.meta.dirname, 'mirror/waits.mjs')],
  })
  try {
    const [idle] = await once(worker, 'message')
    expect(idle).toBe(10_000)
    expect({ perDay: partner.quotaPerDay, perMinute: partner.quotaPerMinute }).toEqual({
      perDay: 20_000,
      perMinute: 60,
    })
    expect((await readdir(folder)).sort()).toEqual([expect.stringMatching(/\.json$/), 'cursor'].sort())

    await prisma.partner.update({ where: { id }, data: { quotaPerDay: 1 } })
    await addArticle(prisma, { slug, status: 'CANCELED' })
    await addArticle(prisma)
    worker.postMessage('go on')
    const [limited] = await once(worker, 'message')
    // The day ends in 16 hours; removals are looked for all the same.
    expect(limited).toBe(60_000)
    expect(await readdir(folder)).toEqual(['cursor'])
    expect(await prisma.holding.findFirst()).toMatchObject({ removedAt: clock.now })

    clock.now = new Date('2026-06-02T00:00:00Z')
    worker.postMessage('go on')
    expect(await once(worker, 'message')).toEqual([10_000])
    expect((await readdir(folder)).filter((file) => file.endsWith('.json'))).toHaveLength(1)
  } finally {
    await worker.terminate()
    await rm(folder, { recursive: true, force: true })
  }
})

test('a killed story is answered with 410 and why at the limit, and does not count', async () => {
  const world = await atTheLimit()
  const { partner, story, prisma } = world
  await using app = world.app
  const RESULT = `query ($id: ID!) { licensedArticleResult(id: $id) { __typename ... on ArticleGone { reason } } }`
  const get = async (id: string) => {
    const answer = await fetch(new URL(`/syndication/articles/${id}`, app.url), {
      headers: { authorization: `Bearer ${partner.key}` },
    })
    return [answer.status, (await answer.json()).error]
  }
  const unheld = await addArticle(prisma, { status: 'CANCELED' })
  for (const id of [story.id, unheld.id, 'QXJ0aWNsZTowMTk4YTAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMGE=']) {
    expect(await get(id)).toMatchObject([429, { code: 'QUOTA_EXCEEDED' }])
    const answer = await app.post(RESULT, { id }, partner.key)
    expect([id, answer.status, answer.errors]).toMatchObject([
      id,
      429,
      [{ extensions: { code: 'QUOTA_EXCEEDED' } }],
    ])
  }
  await world.kill()
  expect(await get(story.id)).toMatchObject([410, { code: 'ARTICLE_GONE', reason: 'CANCELED' }])
  expect(await app.ask(RESULT, { id: story.id }, partner.key)).toEqual({
    licensedArticleResult: { __typename: 'ArticleGone', reason: 'CANCELED' },
  })
  expect(await counted(world)).toBe(1)
  world.clock.now = new Date('2026-06-01T08:05:00Z')
  expect(await get(story.id)).toMatchObject([410, { code: 'ARTICLE_GONE' }])
  await app.ask(RESULT, { id: story.id }, partner.key)
  expect(await counted(world)).toBe(0)
})
