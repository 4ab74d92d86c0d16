import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clients } from '../auth/clients.ts'
import type { Verify } from '../auth/verify.ts'
import { NotFound } from '../base/errors.ts'
import { accepts } from '../feeds/accept.ts'
import { readFeedAddress } from '../feeds/address.ts'
import { isUnchanged, lastModifiedOf, type Validators } from '../feeds/conditional.ts'
import { indexPage } from '../feeds/index-page.ts'
import { isHeld, recordDelivery, throwIfGone } from '../feeds/record-delivery.ts'
import { type RenderedFeed, type RenderFeedDeps, renderFeed } from '../feeds/render-feed.ts'
import type { Audience } from '../licensing/audience.ts'
import { feedTokenIn, withFeedToken, withoutFeedToken } from '../licensing/feed-path.ts'
import { quotaHeaders } from '../licensing/quota.ts'
import { respondWithError } from './error-response.ts'
import type { ErrorLog } from './errors.ts'
import { KeptFeeds } from './kept-feeds.ts'
import { authenticateRequest } from './partner-request.ts'
import { NO_SNIFFING, redirect, respond, respondHtml, respondText } from './respond.ts'

export interface FeedHandlerDeps {
  newsfeeds: RenderFeedDeps
  /** What keeps public feeds; null if nothing is kept. */
  readCache: ConstructorParameters<typeof KeptFeeds>[0] | null
  verify: Verify
  clients: Clients
  log: ErrorLog
}

/** Handles all requests under /feeds/. */
export type FeedHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function createFeedHandler(deps: FeedHandlerDeps): FeedHandler {
  const kept = deps.readCache && new KeptFeeds(deps.readCache, { vary: VARY, cacheControl: PUBLIC })
  return async (request, response) => {
    if (kept?.answer(request, response)) return
    response.setHeader(...NO_SNIFFING)
    const filling = kept?.begin(request) ?? null
    try {
      await serve(request, response, deps, (feed, headers) =>
        kept && filling ? kept.put(request, feed, headers, filling) : {},
      )
    } catch (error) {
      respondWithError(response, error, deps.log)
    } finally {
      if (kept && filling) kept.end(filling)
    }
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { newsfeeds, verify, clients }: FeedHandlerDeps,
  keep: (feed: RenderedFeed, headers: Record<string, string>) => Record<string, string>,
): Promise<void> {
  const { method, headers, url = '' } = request
  const bare = WITHOUT_SLASH.exec(url)
  if (bare) return redirect(response, 308, `./${bare[1]}/${bare[2] ?? ''}`)
  const isIndex = /^\/feeds\/(?:\?|$)/.test(withoutFeedToken(url))
  if (!isIndex && !readFeedAddress(url))
    return refuse(response, 404, 'This feed does not exist. See /feeds/ for the list of feeds.')
  const { prisma, now } = newsfeeds.services
  const { signIns, networkOf } = clients
  const network = networkOf(request)
  const authenticated = await authenticateRequest({
    headers,
    url,
    verify,
    signIns,
    network,
    prisma,
    now,
    feedKeys: true,
  })
  if (authenticated.charge) setAll(response, quotaHeaders(authenticated.charge))
  const { audience, viewer } = authenticated
  const path = viewer.feedToken ? withFeedToken(url, viewer.feedToken) : url
  if (isIndex) return sendIndex(request, response, { outlet: newsfeeds.outlet, path, audience })
  for (;;) {
    const found = await renderFeed({ path, audience, deps: newsfeeds })
    if (!found) {
      await throwIfGone(url, audience, newsfeeds.services)
      throw new NotFound('feed')
    }
    if (!accepts(headers.accept, found.type)) {
      return refuse(
        response,
        406,
        `The feed is ${found.type}, which the Accept header does not include. Change the header.`,
      )
    }
    const validators = { etag: found.etag, lastModified: lastModifiedOf(found.modified, now()) }
    const isBare = isUnchanged(headers, validators)
    const sendsBody = !isBare && method === 'GET'
    if (audience.kind === 'partner' && (sendsBody || isBare)) {
      // A 304 counts as a delivery when the partner was asked to remove an article of this feed since.
      const isWritten = isBare && (await isHeld(found, audience.id, newsfeeds.services))
      if (!isWritten && !(await recordDelivery(found, audience.id, newsfeeds.services))) continue
    }
    const own = ownHeadersOf(found, validators, audience)
    // Within two seconds of a change, a feed has no Last-Modified date yet.
    const forCdn = audience.kind === 'public' && validators.lastModified ? keep(found, own) : {}
    setAll(response, { etag: validators.etag, ...own, ...cachingFor(audience), ...forCdn })
    return isBare ? respond(response, 304) : respond(response, 200, contentOf(found))
  }
}

/** The headers that a kept feed has too. */
function ownHeadersOf(
  { links }: RenderedFeed,
  { lastModified }: Validators,
  audience: Audience,
): Record<string, string> {
  return {
    ...(lastModified ? { 'last-modified': lastModified.toUTCString() } : {}),
    ...(links ? { link: `<${links.hub}>; rel="hub", <${links.self}>; rel="self"` } : {}),
    ...(audience.kind === 'partner' ? {} : { 'access-control-allow-origin': '*' }),
  }
}

const VARY = 'accept, accept-encoding, authorization'
const PUBLIC = 'public, max-age=0, must-revalidate'

function cachingFor(audience: Audience): Record<string, string> {
  return audience.kind === 'partner'
    ? { vary: 'authorization', 'cache-control': 'private, no-cache' }
    : { vary: VARY, 'cache-control': PUBLIC }
}

function contentOf({ type, body }: RenderedFeed) {
  return { type, body, headers: { 'content-length': body.length } }
}

function setAll(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
}

/** The list of feeds, or a partner's token, without the trailing slash. */
const WITHOUT_SLASH = /^\/(?:feeds\/p\/(?=[^/?]))?([^/?]+)(\?.*)?$/s

function sendIndex(
  { url = '' }: IncomingMessage,
  response: ServerResponse,
  { outlet, path, audience }: { outlet: string; path: string; audience: Audience },
): void {
  const token = feedTokenIn(path)
  // Links are relative because the public URL may have a path; from "/feeds/?key=…" they lead to the
  // partner's own feeds.
  const page = indexPage(outlet, token === null || feedTokenIn(url) !== null ? '' : `p/${token}/`)
  response.setHeader('content-security-policy', "default-src 'none'")
  if (audience.kind === 'partner') {
    setAll(response, { 'cache-control': 'private, no-cache', 'referrer-policy': 'no-referrer' })
  }
  response.setHeader('vary', 'authorization')
  respondHtml(response, page)
}

/** Error responses must not be cached. */
function refuse(response: ServerResponse, status: number, text: string): void {
  respondText(response, status, text, { 'cache-control': 'no-store' })
}
