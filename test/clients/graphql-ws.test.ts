import { setTimeout as after } from 'node:timers/promises'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import {
  ArticlePageDocument,
  CommentFeedDocument,
  type CommentFeedSubscription,
  SubmitCommentDocument,
} from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { failing } from '../support/held.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { openProxy } from '../support/proxy.ts'
import { openSocket } from './live-socket.ts'
import { credentialsFor, type Door, Journal, type NewsClient, watchesThroughCuts } from './scenario.ts'
import { watchBySocket } from './watch-by-socket.ts'

test('graphql-ws reads, comments, and watches through cuts', () => watchesThroughCuts(open))

/** graphql-ws as it comes: one websocket for everything, retried for ever, going on from the last cursor. */
function open(door: Door): NewsClient {
  const client = openSocket(door.wsUrl, async () => credentialsFor(door))
  async function once<Data, Variables extends Record<string, unknown>>(
    document: TypedDocumentNode<Data, Variables>,
    variables: Variables,
  ): Promise<Data> {
    const { value } = await client.iterate<Data>({ query: print(document), variables }).next()
    return value.data
  }
  return {
    page: async (slug) => (await once(ArticlePageDocument, { slug })).article,
    submit: async (articleId, body) =>
      (await once(SubmitCommentDocument, { input: { articleId, body } })).submitComment,
    watch: (articleId, after, onEvent) => watchBySocket(client, articleId, after, onEvent),
    close: async () => client.dispose(),
  }
}

test('a token that runs out is replaced, and the feed goes on', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const page = await app.ask(ArticlePageDocument, { slug: article.slug })
  const comments = [
    await addComment(prisma, article.key, { body: 'by the first token' }),
    await addComment(prisma, article.key, { body: 'by the second token' }),
  ] as const

  // Clocks may differ by ten seconds: this one is good for two more.
  const tokens = [await app.token('reader', { ttlSeconds: -8 }), await app.token('reader')]
  const second = Promise.withResolvers<void>()
  const client = openSocket(app.wsUrl, async () => {
    const token = tokens.shift()
    if (tokens.length === 0) second.resolve()
    return { authorization: `Bearer ${token}` }
  })
  const seen = new Journal()
  const stop = watchBySocket(client, article.id, page.article?.feedCursor ?? '', (event) => seen.add(event))
  await approve(prisma, [comments[0].id])
  await seen.reach(['by the first token'])
  await second.promise
  await approve(prisma, [comments[1].id])
  await seen.reach(['by the second token'])
  stop()
  await client.dispose()
})

test('a feed that is asked for while the database is away begins when it is back', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const page = await app.ask(ArticlePageDocument, { slug: article.slug })
  const comment = await addComment(prisma, article.key, { body: 'after the failover' })
  const outage = failing(prisma.article)

  const client = openSocket(app.wsUrl, async () => ({}))
  const turnedAway = new Promise((resolve) => client.on('closed', resolve))
  const seen = new Journal()
  const stop = watchBySocket(client, article.id, page.article?.feedCursor ?? '', (event) => seen.add(event))
  expect(await turnedAway).toMatchObject({ code: 1013 })
  outage.mend()
  await approve(prisma, [comment.id])
  await seen.reach(['after the failover'])
  stop()
  await client.dispose()
})

test('a loop that subscribes again with its last cursor loses and repeats nothing either', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  await using proxy = await openProxy(app.config.port)
  const comments = await Promise.all(
    ['one', 'two', 'three'].map((body) => addComment(prisma, article.key, { body, by: body })),
  )
  const approveNext = () => approve(prisma, [comments.shift()?.id ?? ''])

  const seen: string[] = []
  const page = await app.ask(ArticlePageDocument, { slug: article.slug })
  await approveNext()
  for await (const event of watch(
    `ws://127.0.0.1:${proxy.port}/graphql`,
    article.id,
    page.article?.feedCursor,
  )) {
    if (event.__typename === 'CommentApproved') seen.push(event.comment.body)
    if (comments.length === 0) break
    proxy.cut()
    await approveNext()
    proxy.mend()
  }
  expect(seen).toEqual(['one', 'two', 'three'])
})

/** The feed of a story without end: whatever ends one subscription, the next goes on from the last cursor. */
async function* watch(url: string, articleId: string, after: string | undefined) {
  const client = createClient({ url, retryAttempts: 0 })
  const query = print(CommentFeedDocument)
  try {
    for (;;) {
      try {
        const events = client.iterate<CommentFeedSubscription>({ query, variables: { articleId, after } })
        for await (const { data } of events) {
          if (!data) continue
          after = data.commentFeed.cursor
          yield data.commentFeed
        }
        return
      } catch {
        await pause()
      }
    }
  } finally {
    await client.dispose()
  }
}

const pause = () => after(10)
