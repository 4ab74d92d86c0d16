import { pages, textOf } from '../cold/documents.ts'
import type { Answer, HttpClient } from '../support/http-client.ts'
import type { ServerKind } from './servers.ts'

// The measured requests.

export interface Request {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

export interface Case {
  name: string
  /** Whether only the gateway has what is requested. */
  isFeed: boolean
  /** Whether the client has the response already: If-None-Match with its ETag. */
  isConditional: boolean
  request(kind: ServerKind, slug: string): Request
}

const JSON_ONLY = { accept: 'application/json' }
const RSS = '/feeds/rss.xml'

export const cases: readonly Case[] = [
  {
    name: 'GraphQL, POST',
    isFeed: false,
    isConditional: false,
    request: (kind, slug) => ({
      method: 'POST',
      path: '/graphql',
      headers: { ...JSON_ONLY, 'content-type': 'application/json' },
      body: JSON.stringify({ query: documentOf(kind), variables: { slug } }),
    }),
  },
  { name: 'GraphQL, GET', isFeed: false, isConditional: false, request: getDocument },
  { name: 'GraphQL, GET, 304', isFeed: false, isConditional: true, request: getDocument },
  { name: 'feed', isFeed: true, isConditional: false, request: getFeed },
  { name: 'feed, 304', isFeed: true, isConditional: true, request: getFeed },
]

/**
 * The request of a case as a server must get it: with its ETag where the client has the response already. Null if
 * the server gives no ETag.
 */
export async function requestOf(
  one: Case,
  kind: ServerKind,
  slug: string,
  client: HttpClient,
): Promise<Request | null> {
  const request = one.request(kind, slug)
  if (!one.isConditional) return request
  const { etag } = (await sendWith(client, request)).headers
  if (!etag) return null
  return { ...request, headers: { ...request.headers, 'if-none-match': etag } }
}

export function sendWith(client: HttpClient, { method, path, headers, body = '' }: Request): Promise<Answer> {
  return client.send(method, path, body, headers)
}

function getDocument(kind: ServerKind, slug: string): Request {
  const parameters = new URLSearchParams({ query: documentOf(kind), variables: JSON.stringify({ slug }) })
  return { method: 'GET', path: `/graphql?${parameters}`, headers: JSON_ONLY }
}

function getFeed(): Request {
  return { method: 'GET', path: RSS, headers: {} }
}

/** The article page, as the servers of the cold benchmark are asked for it. */
function documentOf({ dialect }: ServerKind): string {
  const page = pages.find(({ name }) => name === 'article page')
  return textOf(page?.documents[dialect] as string, false)
}
