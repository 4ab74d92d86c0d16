import { describe, expect, test } from 'vitest'
import { bodyDigestOf } from '../../src/comments/body.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { addArticle, approve } from '../support/newsroom.ts'
import { metric, type Subscriber, subscribed, subscribeMany } from './crowd.ts'

const feed = operationText('CommentFeed')
const EXECUTIONS = 'dateline_feed_executions_total'
const READS = 'dateline_feed_reads_total'
const NEVER = 3_600_000

/** A subscription that selects so much of an approved comment. */
function selecting(fields: string): string {
  return `subscription ($articleId: ID!) {
    commentFeed(articleId: $articleId) { ... on CommentApproved { comment { ${fields} } } }
  }`
}

/** Comments by one reader, approved in as few decisions as can be. */
async function publish({ database: { prisma } }: Pick<TestApp, 'database'>, articleId: string, count = 1) {
  const at = new Date()
  const { id: readerId } = await prisma.reader.create({
    data: { subject: `subject-${crypto.randomUUID()}`, displayName: 'Reader', createdAt: at },
  })
  const comments = await prisma.comment.createManyAndReturn({
    data: each(count, (n) => ({
      articleId,
      readerId,
      body: `comment ${n}`,
      bodyDigest: bodyDigestOf(`comment ${n}`),
      submittedAt: at,
    })),
  })
  for (let i = 0; i < count; i += 100) {
    const some = comments.slice(i, i + 100)
    await approve(
      prisma,
      some.map(({ id }) => id),
    )
  }
  return comments
}

/** What some work adds to a number at /metrics. */
async function costs(app: TestApp, name: string, work: () => Promise<unknown>): Promise<number> {
  const before = await metric(app, name)
  await work()
  return (await metric(app, name)) - before
}

function each<T>(count: number, item: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => item(index))
}

describe('an event', () => {
  test('is executed once for a thousand identical subscribers, who get the same bytes', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    const wish = { query: feed, variables: { articleId: article.id } }
    const crowd = (
      await Promise.all(
        // Ids of their own, of many lengths.
        each(100, (n) =>
          subscribeMany(
            app,
            each(10, () => wish),
            { idOf: (i) => `${'x'.repeat(n)}-"é"-${i}` },
          ),
        ),
      )
    ).flat()
    await subscribed(app, 1_000)
    expect(app.services.commentFeeds.size).toEqual({ feeds: 1, groups: 1, subscriptions: 1_000 })

    const executions = await costs(app, EXECUTIONS, async () => {
      await publish(app, article.key, 3)
      await Promise.all(crowd.map((subscriber) => subscriber.until(3)))
    })
    expect(executions).toBe(3)
    const [first] = crowd as [Subscriber]
    for (const { payloads } of crowd) expect(payloads).toEqual(first.payloads)
    expect(first.payloads.map((text) => JSON.parse(text).data.commentFeed.__typename)).toEqual(
      each(3, () => 'CommentApproved'),
    )
  })

  test('is executed once for each distinct selection', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    const variables = { articleId: article.id }
    const selections = each(10, (n) => selecting(`body a${n}: id`))
    const crowd = await subscribeMany(
      app,
      each(50, (i) => ({ query: selections[i % 10] as string, variables })),
    )
    await subscribed(app, 50)
    const executions = await costs(app, EXECUTIONS, async () => {
      await publish(app, article.key)
      await Promise.all(crowd.map((subscriber) => subscriber.until(1)))
    })
    expect(executions).toBe(10)
    for (const [i, subscriber] of crowd.entries()) {
      const { data } = await subscriber.next()
      expect(Object.keys(data.commentFeed.comment)).toEqual(['body', `a${i % 10}`])
    }
  })

  test('is shared by documents that differ in white space, commas and comments only', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    const variables = { articleId: article.id }
    const query = selecting('id body')
    const others = [query.replaceAll(/\s+/g, ' '), query.replaceAll(/\n/g, ',\n\t'), `# Mine\n${query}`]
    const crowd = await subscribeMany(
      app,
      [query, ...others].map((query) => ({ query, variables })),
    )
    await subscribed(app, 4)
    await expect.poll(() => app.services.commentFeeds.size.groups).toBe(1)
    await publish(app, article.key)
    for (const subscriber of crowd) expect((await subscriber.next()).data.commentFeed.comment.id).toBeTruthy()
  })

  test('is executed for each set of variables, of which the cursor is none', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    await publish(app, article.key, 2)
    const { article: page } = await app.ask(`{ article(slug: "${article.slug}") { feedCursor } }`)
    const query = `subscription ($articleId: ID!, $after: String, $short: Boolean = false) {
      commentFeed(articleId: $articleId, after: $after) {
        ... on CommentApproved { cursor comment { id body @skip(if: $short) } }
      }
    }`
    const variables = { articleId: article.id }
    const crowd = await subscribeMany(app, [
      { query, variables },
      { query, variables: { ...variables, after: page.feedCursor } },
      { query, variables: { after: page.feedCursor, ...variables } },
      { query, variables: { ...variables, short: true } },
      { query, variables: { ...variables, short: true, after: page.feedCursor } },
    ])
    await subscribed(app, 5)
    await expect.poll(() => app.services.commentFeeds.size.groups).toBe(2)
    const executions = await costs(app, EXECUTIONS, async () => {
      await publish(app, article.key)
      await Promise.all(crowd.map((subscriber) => subscriber.until(1)))
    })
    expect(executions).toBe(2)
    const fields = crowd.map(({ payloads: [payload] }) =>
      Object.keys(JSON.parse(payload as string).data.commentFeed.comment),
    )
    expect(fields).toEqual([['id', 'body'], ['id', 'body'], ['id', 'body'], ['id'], ['id']])
  })

  test('goes over websockets and as server-sent events from one execution, in the same bytes', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    const variables = { articleId: article.id }
    const [socket] = (await subscribeMany(app, [{ query: feed, variables }])) as [Subscriber]
    const stream = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: feed, variables }),
    })
    await subscribed(app, 2)
    await expect.poll(() => app.services.commentFeeds.size.groups).toBe(1)
    const executions = await costs(app, EXECUTIONS, async () => {
      await publish(app, article.key)
      await socket.until(1)
    })
    expect(executions).toBe(1)
    let text = ''
    for await (const piece of (stream.body as ReadableStream).pipeThrough(new TextDecoderStream() as never)) {
      text += piece
      if (text.includes('data: ') && text.endsWith('\n\n')) break
    }
    expect(/^data: (.*)$/m.exec(text)?.[1]).toBe(socket.payloads[0])
  })
})

describe('who asks', () => {
  test('gets the truth about themselves, which nobody else is told', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    const wish = { query: selecting('body viewerIsAuthor'), variables: { articleId: article.id } }
    const author = await app.token('reader', { name: 'Author' })
    const other = await app.token('reader', { name: 'Other' })
    const crowd = (
      await Promise.all(
        [author, author, other, undefined, undefined].map((token) => subscribeMany(app, [wish], { token })),
      )
    ).flat()
    await subscribed(app, 5)
    const input = { articleId: article.id, body: 'Mine' }
    await app.ask(operationText('SubmitComment'), { input }, author)
    const executions = await costs(app, EXECUTIONS, async () => {
      const [comment] = await app.database.prisma.comment.findMany()
      await approve(app.database.prisma, [comment!.id])
      await Promise.all(crowd.map((subscriber) => subscriber.until(1)))
    })
    const answers = await Promise.all(crowd.map((subscriber) => subscriber.next()))
    expect(answers.map(({ data }) => data.commentFeed.comment.viewerIsAuthor)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
    expect(executions).toBe(3)
  })

  test('gets what their role may see: what moderators see reaches nobody else', async () => {
    await using app = await freshApp()
    const article = await addArticle(app.database.prisma)
    const wish = {
      query: selecting('body reader { subject } decisions { moderatorName }'),
      variables: { articleId: article.id },
    }
    const tokens = [await app.token('moderator'), await app.token('reader'), undefined]
    const crowd = (
      await Promise.all(tokens.map((token) => subscribeMany(app, [wish, wish], { token })))
    ).flat()
    await subscribed(app, 6)
    const executions = await costs(app, EXECUTIONS, async () => {
      await publish(app, article.key)
      await Promise.all(crowd.map((subscriber) => subscriber.until(1)))
    })
    expect(executions).toBe(2)
    const [moderator, , ...others] = crowd as [Subscriber, Subscriber, ...Subscriber[]]
    expect((await moderator.next()).data.commentFeed.comment).toMatchObject({
      reader: { subject: expect.stringMatching(/^subject-/) },
      decisions: [{ moderatorName: 'Moderator' }],
    })
    for (const { payloads } of others) {
      expect(payloads.join()).not.toMatch(/subject-|moderatorName/)
      expect(payloads.join()).toContain('NOT_SIGNED_IN')
    }
  })
})

const patient = { timeout: 120_000 }

describe('the database', () => {
  test('is read a handful of times for a thousand hints', async () => {
    await using app = await freshApp({ pollMs: NEVER })
    const { prisma } = app.database
    const article = await addArticle(prisma)
    const [window] = (await subscribeMany(app, [{ query: feed, variables: { articleId: article.id } }])) as [
      Subscriber,
    ]
    await subscribed(app, 1)
    const reads = await costs(app, READS, async () => {
      await prisma.$queryRaw`
        SELECT count(pg_notify('dateline_feed', json_build_object('articleId', ${article.key}::text, 'position', n)::text))
        FROM generate_series(1, 1000) n`
      await publish(app, article.key)
      await window.until(1)
    })
    expect(reads).toBeLessThan(10)
  })

  test('is read once per window for two thousand cursors that return', patient, async () => {
    await using database = await freshDatabase()
    const article = await addArticle(database.prisma)
    await publish({ database }, article.key, 220)
    // A gateway that has seen nothing of it yet.
    await using app = await freshApp({ database, pollMs: NEVER })
    // From 180 to 219, which stand in two windows.
    const positionOf = (n: number) => 180 + (n % 40)
    const cursorOf = (n: number) => app.services.commentFeeds.cursorAt(article.key, positionOf(n))
    const began = performance.now()
    const reads = await costs(app, READS, async () => {
      const crowd = await Promise.all(
        each(40, (n) =>
          subscribeMany(
            app,
            each(50, (i) => ({
              query: feed,
              variables: { articleId: article.id, after: cursorOf(n + i) },
            })),
          ),
        ),
      )
      await Promise.all(
        crowd.map((some, n) =>
          Promise.all(some.map((subscriber, i) => subscriber.until(220 - positionOf(n + i)))),
        ),
      )
    })
    const ms = performance.now() - began
    // Where the feed ends is looked up every 50 ms while somebody comes, and each of two windows is kept for 1 s.
    expect(reads).toBeLessThanOrEqual(2 + ms / 50 + 2 * (1 + ms / 1_000))
  })

  test(
    'may tell of many more events at once than are kept in memory: each comes once, in order',
    patient,
    async () => {
      await using database = await freshDatabase()
      const deaf = { ...database, listen: async () => async () => {} }
      await using app = await freshApp({ database: deaf, pollMs: NEVER })
      const article = await addArticle(database.prisma)
      const crowd = await subscribeMany(
        app,
        each(20, (n) => ({ query: selecting(`body a${n % 2}: id`), variables: { articleId: article.id } })),
      )
      await subscribed(app, 20)
      const comments = await publish({ database }, article.key, 600)
      await app.services.commentFeeds.pollAll()
      for (const subscriber of crowd) {
        const payloads = await subscriber.until(600)
        expect(payloads.map((text) => JSON.parse(text).data.commentFeed.comment.body)).toEqual(
          comments.map(({ body }) => body),
        )
      }
    },
  )
})
