import { decodeGlobalID } from '@pothos/plugin-relay'
import { expect } from 'vitest'
import type {
  ArticlePageQuery,
  CommentFeedSubscription,
  SubmitCommentMutation,
} from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { member } from '../support/member.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { openProxy } from '../support/proxy.ts'

export type FeedEvent = CommentFeedSubscription['commentFeed']

/** A client as a page of a newspaper uses it. */
export interface NewsClient {
  page(slug: string): Promise<ArticlePageQuery['article']>
  submit(articleId: string, body: string): Promise<SubmitCommentMutation['submitComment']>
  /** Watches the feed, and goes on by itself after its connection was cut. Returns what stops it. */
  watch(articleId: string, after: string, onEvent: (event: FeedEvent) => void): () => void
  close(): Promise<void>
}

export interface Door {
  url: string
  wsUrl: string
  /** A reader's `Authorization`; without it the client is anonymous. */
  authorization?: string
}

/** What a client signs in with, as headers. */
export function credentialsFor({ authorization }: Door): Record<string, string> {
  return authorization ? { authorization } : {}
}

/**
 * Lets a client load a page, hand in a comment and watch the feed while its connection is cut twice, and
 * expects it to see everything that happened, once and in order.
 */
export async function watchesThroughCuts(
  open: (door: Door) => NewsClient | Promise<NewsClient>,
): Promise<void> {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  await using proxy = await openProxy(app.config.port)
  const url = `http://127.0.0.1:${proxy.port}/graphql`
  const authorization = `Bearer ${await app.token('reader', { name: 'Reader' })}`
  const client = await open({ url, wsUrl: url.replace('http', 'ws'), authorization })
  await using opened = new AsyncDisposableStack()
  opened.defer(() => client.close())
  const comment = (body: string) => addComment(prisma, article.key, { body, by: body })

  const first = await comment('before the page')
  await approve(prisma, [first.id])
  const page = await client.page(article.slug)
  expect(page?.comments.edges.map(({ node }) => node.body)).toEqual(['before the page'])

  const handedIn = await client.submit(article.id, 'by the client')
  const { comment: pending } = member('SubmitCommentPayload', handedIn)
  expect(pending.status).toBe('PENDING')
  await approve(prisma, [decodeGlobalID(pending.id).id])

  const seen = new Journal()
  opened.defer(client.watch(article.id, page?.feedCursor ?? '', (event) => seen.add(event)))
  await seen.reach(['by the client'])

  const away = [await comment('while away, 1'), await comment('while away, 2')] as const
  const retried = proxy.knocked()
  proxy.cut()
  await approve(prisma, [away[0].id])
  await reject(prisma, [first.id])
  await approve(prisma, [away[1].id])
  // The client has noticed the cut, and tried again in vain.
  await retried
  proxy.mend()
  await seen.reach(['while away, 1', `gone: ${globalId('Comment', first.id)}`, 'while away, 2'])

  const live = await comment('live again')
  await approve(prisma, [live.id])
  await seen.reach(['live again'])

  // Nothing happened meanwhile: nothing may be repeated either.
  const again = proxy.knocked()
  proxy.cut()
  await again
  proxy.mend()
  const last = await comment('after the second cut')
  await approve(prisma, [last.id])
  await seen.reach(['after the second cut'])
}

/** What a client saw, as short texts, checked from where the last check ended. */
export class Journal {
  readonly #events: string[] = []
  #read = 0
  #news = Promise.withResolvers<void>()

  add(event: FeedEvent): void {
    this.#events.push(told(event))
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }

  /** Waits for as many events as are expected next, and compares them. */
  async reach(expected: string[]): Promise<void> {
    while (this.#events.length < this.#read + expected.length) await this.#news.promise
    expect(this.#events.slice(this.#read)).toEqual(expected)
    this.#read += expected.length
  }
}

function told(event: FeedEvent): string {
  if (event.__typename === 'CommentApproved') return event.comment.body
  if (event.__typename === 'CommentRetracted') return `gone: ${event.commentId}`
  return `reset: ${event.reason}`
}
