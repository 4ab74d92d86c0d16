import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { print } from 'graphql'
import { expect, test } from 'vitest'
import { ArticlePageDocument, CommentFeedDocument, SubmitCommentDocument } from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { hasChromium, openBrowser } from '../support/browser.ts'
import { failing } from '../support/held.ts'
import type { Json } from '../support/json.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { watchByEventSource } from './event-source.ts'
import {
  credentialsFor,
  type Door,
  type FeedEvent,
  Journal,
  type NewsClient,
  watchesThroughCuts,
} from './scenario.ts'

// EventSource waits about three seconds before each new attempt.
const patience = { timeout: 90_000 }
const query = print(CommentFeedDocument)

test("Node's EventSource watches through cuts", patience, () =>
  watchesThroughCuts((door) => ({
    ...byFetch(door),
    watch: (articleId, after, onEvent) =>
      watchByEventSource(door.url, query, { articleId, after }, (event) => onEvent(event as FeedEvent)),
    close: async () => {},
  })),
)

test.skipIf(!hasChromium)("Chromium's EventSource watches through cuts", patience, () =>
  watchesThroughCuts(async (door) => {
    const browser = await openBrowser(door.url)
    const page = await browser.open(new URL('/health/live', door.url).href)
    return {
      ...byFetch(door),
      watch(articleId, after, onEvent) {
        const variables = JSON.stringify({ articleId, after })
        const call = [JSON.stringify(door.url), JSON.stringify(query), variables, 'onFeedEvent'].join(', ')
        page
          .exposeFunction('onFeedEvent', onEvent)
          .then(() => page.evaluate(`void (window.stopWatching = (${watchByEventSource})(${call}))`))
          .catch((error: unknown) => browser.complaints.push(String(error)))
        return () => page.evaluate('window.stopWatching()')
      },
      async close() {
        await browser[Symbol.asyncDispose]()
      },
    }
  }),
)

test('an EventSource that was turned away comes again', patience, async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const { id } = await addComment(prisma, article.key, { body: 'after all' })
  await approve(prisma, [id])
  await using front = await openFront(app.url)
  const variables = { articleId: article.id, after: app.services.commentFeeds.cursorAt(article.key, 0) }
  const seen = new Journal()
  const stop = watchByEventSource(front.url, query, variables, (event) => seen.add(event as FeedEvent))
  await seen.reach(['after all'])
  expect(front.answers).toEqual([503, 307])
  stop()
})

test('an EventSource comes again while the database is away, and misses nothing', patience, async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const { id } = await addComment(prisma, article.key, { body: 'meanwhile' })
  const variables = { articleId: article.id, after: app.services.commentFeeds.cursorAt(article.key, 0) }
  const seen = new Journal()
  const outage = failing(prisma.article)
  const stop = watchByEventSource(app.url, query, variables, (event) => seen.add(event as FeedEvent))
  await outage.noticed
  outage.mend()
  await approve(prisma, [id])
  await seen.reach(['meanwhile'])
  stop()
})

/** A load balancer that finds no gateway at first, and then sends everybody to one. */
async function openFront(gateway: string) {
  const answers: number[] = []
  const server = createServer(({ url = '' }, response) => {
    const status = answers.length === 0 ? 503 : 307
    answers.push(status)
    response.writeHead(status, { location: new URL(url, gateway).href }).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** What a page does besides watching: it asks, by ordinary requests. */
function byFetch(door: Door): Pick<NewsClient, 'page' | 'submit'> {
  const ask = async (document: Parameters<typeof print>[0], variables: object) => {
    const headers = { 'content-type': 'application/json', ...credentialsFor(door) }
    const body = JSON.stringify({ query: print(document), variables })
    const { data } = (await (await fetch(door.url, { method: 'POST', headers, body })).json()) as Json
    return data
  }
  return {
    page: async (slug) => (await ask(ArticlePageDocument, { slug })).article,
    submit: async (articleId, body) =>
      (await ask(SubmitCommentDocument, { input: { articleId, body } })).submitComment,
  }
}
