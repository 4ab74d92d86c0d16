import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { findPrograms, startCluster, startStandby } from '../bench/support/cluster.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle, approve, globalId, reject } from '../support/newsroom.ts'
import { openProxy } from '../support/proxy.ts'
import { connect, listen } from '../support/socket.ts'
import { addPending, fillFeed } from './fill.ts'

const hasServer = await findPrograms().then(
  () => true,
  () => false,
)
const feed = operationText('CommentFeed')

function watch(app: TestApp, articleId: string, after: string | null) {
  return listen<Json>(connect(app.wsUrl), feed, { articleId, after })
}

const next = async (window: ReturnType<typeof watch>) => ((await window.take(1)) as Json[])[0].commentFeed

/** A primary with a standby, and an address that leads to whichever serves. */
async function startPair(started: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-failover-'))
  started.defer(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  const primary = started.use(await startCluster(folder))
  const link = started.use(await openProxy(primary.port))
  const standby = started.use(await startStandby(folder, primary))
  const url = primary.url.replace(`:${primary.port}/`, `:${link.port}/`)
  return {
    url,
    standby,
    /** The primary is lost with everything that the standby has not received. */
    async failOver() {
      link.cut()
      await primary.stopImmediate()
      await standby.promote()
      link.redirect(standby.port)
      link.mend()
    },
  }
}

describe.skipIf(!hasServer)('a standby that missed commits is promoted under running gateways', () => {
  test('and every reader gets FeedReset, then every new approval, and no earlier cursor is honoured', async () => {
    await using started = new AsyncDisposableStack()
    const pair = await startPair(started)
    const database = started.use(await openDisposable(pair.url))
    await migrate(database)
    const [first, second] = [
      started.use(await freshApp({ database, pollMs: 60_000 })),
      started.use(await freshApp({ database: started.use(await openDisposable(pair.url)), pollMs: 60_000 })),
    ]
    const { key, id } = await addArticle(database.prisma)
    await fillFeed(database.prisma, key, 5)
    await pair.standby.caughtUp()
    await pair.standby.detach()

    const windows = [first, second].map((app) => watch(app, id, null))
    for (const app of [first, second])
      while (app.services.commentFeeds.size.subscriptions < 1) await new Promise(setImmediate)
    const missed = await fillFeed(database.prisma, key, 4)
    for (const window of windows) expect(await window.take(4)).toHaveLength(4)
    const lostCursor = first.services.commentFeeds.cursorAt(key, 8)

    await pair.failOver()
    const resets = await Promise.all(windows.map(next))
    for (const reset of resets) {
      expect(reset).toMatchObject({ __typename: 'FeedReset', reason: 'OTHER_HISTORY' })
      expect(reset.cursor).toBe(second.services.commentFeeds.cursorAt(key, 5))
    }
    const after = await fillFeed(database.prisma, key, 9)
    for (const window of windows) {
      const events = (await window.take(9)) as Json[]
      expect(events.map(({ commentFeed }) => commentFeed.comment.id)).toEqual(
        after.map((comment) => globalId('Comment', comment)),
      )
    }
    // The feed has grown past the position of the lost cursor.
    const back = watch(second, id, lostCursor)
    expect(await next(back)).toMatchObject({ __typename: 'FeedReset', reason: 'OTHER_HISTORY' })
    const { article } = await second.ask(
      'query ($id: ID!) { article(id: $id) { comments(first: 50) { edges { node { id } } } } }',
      { id },
    )
    const shown = article.comments.edges.map(({ node }: Json) => node.id)
    expect(shown).toHaveLength(14)
    for (const comment of missed) expect(shown).not.toContain(globalId('Comment', comment))
  })
})

/** What an older copy of the files leaves of a story's feed. */
async function rewind(app: TestApp, key: string, position: number): Promise<void> {
  await app.database.prisma.$executeRawUnsafe(`DO $$ BEGIN
    ALTER TABLE "FeedEntry" DISABLE TRIGGER USER;
    DELETE FROM "FeedEntry" WHERE "articleId" = '${key}' AND "position" > ${position};
    ALTER TABLE "FeedEntry" ENABLE TRIGGER USER;
    ALTER TABLE "Article" DISABLE TRIGGER USER;
    UPDATE "Article" SET "feedPosition" = ${position} WHERE "id" = '${key}';
    ALTER TABLE "Article" ENABLE TRIGGER USER;
  END $$`)
}

describe('a database that is taken back under running gateways without any sign of it', () => {
  test('is found by a feed that has become shorter, and every gateway and every cursor starts a new history', async () => {
    await using app = await freshApp({ pollMs: 50 })
    await using other = await freshApp({ database: app.database, pollMs: 50 })
    const { prisma } = app.database
    const [story, quiet] = [await addArticle(prisma), await addArticle(prisma)]
    await fillFeed(prisma, story.key, 6)
    await fillFeed(prisma, quiet.key, 2)
    const before = app.services.commentFeeds.cursorAt(quiet.key, 1)
    await using window = watch(app, story.id, app.services.commentFeeds.cursorAt(story.key, 0))
    expect(await window.take(6)).toHaveLength(6)
    await rewind(app, story.key, 4)
    const reset = await next(window)
    expect(reset).toMatchObject({
      reason: 'OTHER_HISTORY',
      cursor: app.services.commentFeeds.cursorAt(story.key, 4),
    })
    await using elsewhere = watch(other, quiet.id, before)
    expect(await next(elsewhere)).toMatchObject({ reason: 'OTHER_HISTORY' })
  })
})

describe('an operator who gives a restored database a new epoch', () => {
  test('need not restart gateways: readers who keep up and readers who catch up are reset once, and go on', async () => {
    await using app = await freshApp({ pollMs: 50 })
    const { prisma } = app.database
    const { key, id } = await addArticle(prisma)
    const [gone, kept] = (await fillFeed(prisma, key, 300)) as [string, string]
    await using live = watch(app, id, app.services.commentFeeds.cursorAt(key, 299))
    await live.take(1)
    await using late = watch(app, id, app.services.commentFeeds.cursorAt(key, 0))
    await late.take(1)
    await prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
    const seen = [await next(live)]
    expect(seen).toMatchObject([
      { reason: 'OTHER_HISTORY', cursor: app.services.commentFeeds.cursorAt(key, 300) },
    ])
    let event = await next(late)
    while (event.__typename !== 'FeedReset') event = await next(late)
    expect(event).toMatchObject({ reason: 'OTHER_HISTORY' })

    await reject(prisma, [gone])
    const [fresh] = await addPending(prisma, key, 1)
    await approve(prisma, [fresh as string])
    for (const window of [live, late]) {
      expect(await next(window)).toMatchObject({ commentId: globalId('Comment', gone) })
      expect(await next(window)).toMatchObject({ comment: { id: globalId('Comment', fresh as string) } })
    }
    expect(kept).toBeDefined()
    expect(app.services.commentFeeds.size).toMatchObject({ groups: 1, subscriptions: 2 })
  })

  test('ends feeds, caches and change cursors of the old history alike', async () => {
    await using app = await freshApp({ pollMs: 50, changePollMs: 50 })
    const { prisma } = app.database
    await addArticle(prisma, { headline: 'Before the restore' })
    const url = app.url.replace('/graphql', '/feeds/rss.xml')
    expect(await (await fetch(url)).text()).toContain('Before the restore')
    // As after a restore: what was rendered is gone, and the sequence has not grown.
    await prisma.article.updateMany({ data: { headline: 'After the restore' } })
    await prisma.$executeRaw`UPDATE "FeedEpoch" SET epoch = gen_random_uuid()`
    expect(await (await fetch(url)).text()).toContain('After the restore')
  })
})

async function openDisposable(url: string) {
  const database = await openDatabase({ url, dataDir: '' })
  return { ...database, [Symbol.asyncDispose]: () => database.close() }
}
