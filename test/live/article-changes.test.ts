import { describe, expect, test, vi } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { openStream, takeEvents } from '../support/event-stream.ts'
import { holdNext } from '../support/held.ts'
import { addArticle } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'
import { correction, edit, headline, release, watching, withhold } from './live-support.ts'

const document = operationText('ArticleChanges')
const NEVER = 3_600_000

async function open(app: TestApp, articleId: string, after?: number, token?: string) {
  const window = listen(connect(app.wsUrl, token), document, { articleId, after })
  return {
    ...window,
    async take(count: number) {
      return (await window.take(count)).map(({ articleChanges }) => articleChanges)
    },
  }
}

describe('an open page', () => {
  test('is sent each change that readers notice, in order, each once', async () => {
    await using app = await freshApp()
    const { id } = await addArticle(app.database.prisma)
    await using page = await open(app, id)
    await watching(app, 1)
    const closed = ['SetCommenting', { open: false }] as const
    await edit(app, id, 1, [headline('Second'), correction, [...closed], withhold, release, headline('Last')])
    expect(await page.take(6)).toMatchObject([
      { kind: 'UPDATED', version: 2 },
      { kind: 'CORRECTED', version: 3 },
      { kind: 'COMMENTING_CHANGED', version: 4 },
      { kind: 'REMOVED', version: 5, article: null },
      { kind: 'PUBLISHED', version: 6 },
      { kind: 'UPDATED', version: 7, article: { headline: 'Last', version: 7 } },
    ])
  })

  test('is sent nothing about changes of an article that is withheld, before it is released', async () => {
    await using app = await freshApp()
    const { id } = await addArticle(app.database.prisma)
    await using page = await open(app, id)
    await watching(app, 1)
    await edit(app, id, 1, [withhold, headline('Secret'), correction])
    expect(await page.take(1)).toMatchObject([{ kind: 'REMOVED', version: 2, article: null }])
    await edit(app, id, 4, [release])
    expect(await page.take(1)).toMatchObject([
      { kind: 'PUBLISHED', version: 5, article: { headline: 'Secret' } },
    ])
  })

  test('that shows an old version is told first, with the most important kind', async () => {
    await using app = await freshApp()
    const { id } = await addArticle(app.database.prisma)
    const version = await edit(app, id, 1, [
      correction,
      headline('Third'),
      ['SetCommenting', { open: false }],
    ])
    await using behind = await open(app, id, 1)
    await using nearly = await open(app, id, 3)
    await using current = await open(app, id, version)
    await watching(app, 3)
    expect(await behind.take(1)).toMatchObject([
      { kind: 'CORRECTED', version, article: { headline: 'Third' } },
    ])
    expect(await nearly.take(1)).toMatchObject([{ kind: 'COMMENTING_CHANGED', version }])
    await edit(app, id, version, [headline('Last')])
    for (const page of [behind, nearly, current]) {
      expect(await page.take(1)).toMatchObject([{ kind: 'UPDATED', version: version + 1 }])
    }
  })

  test('of an event stream resumes after its last event', async () => {
    await using app = await freshApp()
    const { id } = await addArticle(app.database.prisma)
    await edit(app, id, 1, [headline('Second'), correction])
    const url = `${app.url}?${new URLSearchParams({ lastEventId: '2' })}`
    await using stream = await openStream(url, document, { articleId: id, after: 1 })
    const [event] = await takeEvents(stream, 1)
    expect(event.articleChanges).toMatchObject({ kind: 'CORRECTED', version: 3 })
  })

  test('gets what everybody gets, whoever opens it', async () => {
    await using app = await freshApp()
    const { id } = await addArticle(app.database.prisma)
    await using page = await open(app, id, undefined, await app.token('editor'))
    await using other = await open(app, id)
    await watching(app, 2, 1)
    await edit(app, id, 1, [withhold])
    for (const each of [page, other])
      expect(await each.take(1)).toMatchObject([{ kind: 'REMOVED', article: null }])
  })

  test.each(['embargoed', 'withheld', 'missing'])(
    'of an article that is %s is refused, to editors too',
    async (state) => {
      await using app = await freshApp()
      const embargoedUntil = state === 'embargoed' ? new Date('2999-01-01') : undefined
      const { id } = await addArticle(app.database.prisma, { embargoedUntil })
      if (state === 'withheld') await edit(app, id, 1, [withhold])
      const missing = Buffer.from(`Article:${crypto.randomUUID()}`).toString('base64')
      await using page = await open(app, state === 'missing' ? missing : id, 1, await app.token('editor'))
      const result = await page.next()
      expect(result.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }])
      await watching(app, 0)
    },
  )
})

test('a change by another gateway is sent at the next poll if its hint was lost', async () => {
  await using database = await freshDatabase()
  await using writer = await freshApp({ database })
  const deaf = { ...database, listen: async () => async () => {} }
  await using app = await freshApp({ database: deaf, changePollMs: NEVER })
  const { id } = await addArticle(database.prisma)
  await using page = await open(app, id)
  await watching(app, 1)
  await edit(writer, id, 1, [correction, headline('Third')])
  await app.services.changes.poll()
  expect(await page.take(2)).toMatchObject([
    { kind: 'CORRECTED', version: 2 },
    { kind: 'UPDATED', version: 3 },
  ])
})

test('a change that is committed while the first page starts is sent at once', async () => {
  await using app = await freshApp({ changePollMs: NEVER })
  const { prisma } = app.database
  const { id } = await addArticle(prisma)
  const start = holdNext(prisma, (sql: TemplateStringsArray) => sql.join().includes('LEFT JOIN "Article"'))
  await using page = await open(app, id)
  await start.asked
  await edit(app, id, 1, [correction])
  await app.services.changes.poll()
  start.release()
  expect(await page.take(1)).toMatchObject([{ kind: 'CORRECTED', version: 2 }])
})

test('an article that appears while its first subscriber starts is sent at once', async () => {
  await using app = await freshApp({ changePollMs: NEVER })
  const { prisma } = app.database
  const { id, slug } = await addArticle(prisma)
  await edit(app, id, 1, [withhold])
  const start = holdNext(prisma, (sql: TemplateStringsArray) => sql.join().includes('"ChangeHead" h WHERE'))
  await using list = listen(connect(app.wsUrl), operationText('NewArticles'))
  await start.asked
  await edit(app, id, 2, [release])
  await app.services.changes.poll()
  start.release()
  expect(await list.take(1)).toMatchObject([{ newArticles: { article: { slug } } }])
})

test.each(['the first page', 'a later page'])(
  'a withdrawal is sent to %s that starts after a release that is not read yet',
  async (which) => {
    await using database = await freshDatabase()
    await using writer = await freshApp({ database })
    const deaf = { ...database, listen: async () => async () => {} }
    await using app = await freshApp({ database: deaf, changePollMs: NEVER })
    const [{ id }, other] = [await addArticle(database.prisma), await addArticle(database.prisma)]
    await using earlier = await open(app, which === 'a later page' ? id : other.id)
    await watching(app, 1)
    await edit(writer, id, 1, [withhold, release])
    await using page = await open(app, id)
    await watching(app, 2, which === 'a later page' ? 1 : 2)
    await edit(writer, id, 3, [withhold])
    await app.services.changes.poll()
    expect(await page.take(1)).toMatchObject([{ kind: 'REMOVED', version: 4, article: null }])
    await edit(writer, id, 4, [release])
    await app.services.changes.poll()
    expect(await page.take(1)).toMatchObject([{ kind: 'PUBLISHED', version: 5 }])
    if (which === 'a later page')
      expect(await earlier.take(2)).toMatchObject([
        { kind: 'REMOVED', version: 2 },
        { kind: 'PUBLISHED', version: 5 },
      ])
  },
)

test('nothing is read for pages that were closed, and the next page starts at the end', async () => {
  const statements: string[] = []
  await using app = await freshApp({ onStatement: (sql) => statements.push(sql) })
  const { id } = await addArticle(app.database.prisma)
  const page = await open(app, id)
  await watching(app, 1)
  const reads = () => statements.filter((sql) => sql.includes('"ChangeHead" h LEFT JOIN LATERAL'))
  await vi.waitUntil(() => reads().length > 0)
  await page[Symbol.asyncDispose]()
  await watching(app, 0)
  statements.length = 0
  await edit(app, id, 1, [correction])
  await app.services.changes.poll()
  expect(reads()).toEqual([])
  await using next = await open(app, id)
  await watching(app, 1)
  await edit(app, id, 2, [headline('Third')])
  expect(await next.take(1)).toMatchObject([{ kind: 'UPDATED', version: 3 }])
})

test('pages connect again when the database has another history', async () => {
  await using app = await freshApp()
  const { id } = await addArticle(app.database.prisma)
  const page = await open(app, id)
  await watching(app, 1)
  await app.database.prisma.$executeRaw`UPDATE "FeedEpoch" SET "epoch" = gen_random_uuid()`
  await app.services.commentFeeds.pollAll()
  await app.services.changes.poll()
  expect(await page.over).toMatchObject({ code: 1013 })
  await watching(app, 0)
})
