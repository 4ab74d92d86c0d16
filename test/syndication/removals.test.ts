import { expect, test } from 'vitest'
import { notifyPublisher } from '../../src/bus/notify.ts'
import { suspendPartner } from '../../src/licensing/suspend.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, relicense } from '../support/partner.ts'

// Removals reach a partner before everything else, and a suspended one too.

test('a partner far behind is told of a kill on its next page, and again at its place', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const stories = []
  for (let i = 0; i < 8; i++) stories.push(await addArticle(prisma))
  const { cursor } = await read(app, 'changes?first=100', key)
  for (const { slug } of stories.slice(1)) await addArticle(prisma, { slug, headline: 'Changed' })
  const killed = stories[0] as (typeof stories)[number]
  await addArticle(prisma, { slug: killed.slug, status: 'CANCELED' })
  const first = await read(app, `changes?first=3&after=${cursor}`, key)
  expect(first.changes.map(({ type }: { type: string }) => type)).toEqual([
    'article.removed',
    'article.changed',
    'article.changed',
  ])
  expect(first.changes[0]).toMatchObject({ articleId: killed.id, reason: 'CANCELED' })
  const second = await read(app, `changes?first=3&after=${first.cursor}`, key)
  expect(second.changes.map(({ type }: { type: string }) => type)).toEqual(Array(3).fill('article.changed'))
  expect(
    [...first.changes.slice(1), ...second.changes].map(({ articleId }: { articleId: string }) => articleId),
  ).toEqual(stories.slice(1, 6).map(({ id }) => id))
  // Whoever goes on from the removal itself misses nothing of what stands before it.
  const rest = await read(app, `changes?first=100&after=${first.changes[0].cursor}`, key)
  expect(rest.changes.map(({ articleId }: { articleId: string }) => articleId)).toEqual(
    [...stories.slice(1), killed].map(({ id }) => id),
  )
})

test('a licence change is read in pages from inside its one entry, without gaps or doubles', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const partner = await addPartner(prisma, { licence: { languages: ['en'] } })
  const taken = new Set<string>()
  const added = new Set<string>()
  for (let i = 0; i < 5; i++) {
    taken.add((await addArticle(prisma, { language: 'en' })).id)
    added.add((await addArticle(prisma, { language: 'ckb' })).id)
  }
  let { cursor } = await read(app, 'changes?first=100', partner.key)
  await relicense(prisma, partner.slug, { languages: ['ckb'] })
  expect((await prisma.changeHead.findUniqueOrThrow({ where: { id: 1 } })).position).toBe(11)
  const removed: string[] = []
  const given: string[] = []
  for (let more = true; more; ) {
    const page = await read(app, `changes?first=2&after=${cursor}`, partner.key)
    for (const { type, articleId } of page.changes)
      (type === 'article.removed' ? removed : given).push(articleId)
    ;({ cursor, more } = page)
  }
  expect(given.toSorted()).toEqual([...added].toSorted())
  expect(new Set(removed)).toEqual(taken)
})

test('a suspended partner reads its removals by its key, confirms them, and is told nothing else', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { slug, key } = await addPartner(prisma)
  const story = await addArticle(prisma)
  const kept = await addArticle(prisma)
  const { cursor } = await read(app, 'changes', key)
  await suspendPartner(slug, { bus: notifyPublisher(prisma), now: () => new Date(), admin: 'test' })
  await addArticle(prisma, { slug: kept.slug, headline: 'Changed' })
  await addArticle(prisma, { slug: story.slug, status: 'CANCELED' })
  for (const path of ['changes', `articles/${kept.id}`]) {
    const { error } = await read(app, path, key)
    expect(error).toMatchObject({ code: 'FORBIDDEN' })
  }
  const { errors } = await app.post('{ viewerPartner { slug } }', {}, key)
  expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  const page = await read(app, `removals?after=${cursor}`, key)
  expect(page).toMatchObject({ removals: [{ articleId: story.id, reason: 'CANCELED' }], more: false })
  const { removals } = await app.ask('{ removals { edges { node { articleId } } } }', {}, key)
  expect(removals.edges).toEqual([{ node: { articleId: story.id } }])
  const { acknowledge } = await app.ask(
    `mutation ($input: AcknowledgeInput!) { acknowledge(input: $input) {
      ... on AcknowledgePayload { confirmed removed } } }`,
    { input: { cursor: page.cursor } },
    key,
  )
  expect(acknowledge).toEqual({ confirmed: 0, removed: 1 })
  // A place among the removals is none among the changes, which it would leave out.
  await prisma.partner.updateMany({ data: { suspendedAt: null } })
  expect((await read(app, `changes?after=${page.cursor}`, key)).error).toMatchObject({
    code: 'UNKNOWN_CURSOR',
  })
})

async function read(app: TestApp, path: string, key: string) {
  const url = new URL(`/syndication/${path}`, app.url)
  return (await fetch(url, { headers: { authorization: `Bearer ${key}` } })).json()
}
