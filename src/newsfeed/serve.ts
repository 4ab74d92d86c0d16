import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Verify } from '../auth/verify.ts'
import { DomainError, NotFound } from '../errors.ts'
import { type ErrorLog, httpFailure } from '../http/errors.ts'
import { type Admitted, admitRequest } from '../partner/admit.ts'
import { quotaHeaders } from '../partner/quota.ts'
import { recordDeliveries } from '../syndication/ledger.ts'
import { accepts } from './accept.ts'
import { readFeedAddress } from './address.ts'
import { isUnchanged, lastModifiedOf } from './conditional.ts'
import { indexPage } from './index-page.ts'
import { type NewsfeedDeps, type RenderedFeed, renderFeed } from './render-feed.ts'

export interface FeedDoorDeps extends NewsfeedDeps {
  verify: Verify
  log: ErrorLog
}

/** Answers whatever is asked for under /feeds/. */
export type FeedDoor = (request: IncomingMessage, response: ServerResponse) => Promise<void>

export function createFeedDoor(deps: FeedDoorDeps): FeedDoor {
  return async (request, response) => {
    try {
      await serve(request, response, deps)
    } catch (error) {
      fail(error, response, deps.log)
    }
  }
}

async function serve(request: IncomingMessage, response: ServerResponse, deps: FeedDoorDeps): Promise<void> {
  const { method, headers, url = '' } = request
  if (method !== 'GET' && method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD')
    return say(response, 405, 'Feeds are read with GET or HEAD.')
  }
  if (/^\/feeds\/?(?:\?|$)/.test(url)) return sendIndex(request, response, deps.outlet)
  if (!readFeedAddress(url))
    return say(response, 404, 'There is no such feed. /feeds/ lists those there are.')
  const { prisma, now } = deps.services
  const admitted = await admitRequest({ headers, url, verify: deps.verify, prisma, now, feedKeys: true })
  const found = await renderFeed({ path: url, audience: admitted.audience, deps })
  if (!found) throw new NotFound('such feed')
  setHeaders(response, found, admitted)
  if (!accepts(headers.accept, found.type)) {
    return say(response, 406, `This is ${found.type}, which the Accept header of the request does not take.`)
  }
  const lastModified = lastModifiedOf(found.modified, now())
  if (lastModified) response.setHeader('last-modified', lastModified.toUTCString())
  response.setHeader('etag', found.etag)
  if (isUnchanged(headers, { etag: found.etag, lastModified })) {
    response.writeHead(304).end()
    return
  }
  response.setHeader('content-type', found.type)
  response.setHeader('content-length', found.body.length)
  if (method === 'HEAD') {
    response.writeHead(200).end()
    return
  }
  await writeDown(found, admitted, deps)
  response.writeHead(200).end(found.body)
}

/** Before anything is sent: see `recordDeliveries`. A 304 hands nothing over that the partner was not given before. */
async function writeDown(
  { handed }: RenderedFeed,
  { audience }: Admitted,
  { services }: FeedDoorDeps,
): Promise<void> {
  if (audience.kind !== 'partner') return
  const { prisma, now } = services
  await prisma.$transaction((tx) =>
    recordDeliveries(tx, { partnerId: audience.id, via: 'FEED', at: now() }, handed),
  )
}

function setHeaders(response: ServerResponse, { links }: RenderedFeed, { audience, quota }: Admitted): void {
  response.setHeader('vary', 'authorization')
  if (audience.kind === 'partner') response.setHeader('cache-control', 'private, no-cache')
  else {
    response.setHeader('cache-control', 'public, max-age=0, must-revalidate')
    response.setHeader('access-control-allow-origin', '*')
  }
  if (quota) for (const [name, value] of Object.entries(quotaHeaders(quota))) response.setHeader(name, value)
  if (links) response.setHeader('link', `<${links.hub}>; rel="hub", <${links.self}>; rel="self"`)
}

function sendIndex({ method }: IncomingMessage, response: ServerResponse, outlet: string): void {
  const page = indexPage(outlet)
  response.setHeader('content-security-policy', "default-src 'none'")
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(method === 'HEAD' ? '' : page)
}

function fail(error: unknown, response: ServerResponse, log: ErrorLog): void {
  if (!(error instanceof DomainError)) log.error({ err: error }, 'a feed could not be sent')
  if (response.headersSent) {
    response.destroy()
  } else if (error instanceof DomainError) {
    const { status, headers } = httpFailure(error)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    say(response, status, error.message)
  } else say(response, 500, 'Unexpected error.')
}

/** Whoever is told that something is wrong must not be told so from a cache. */
function say(response: ServerResponse, status: number, text: string): void {
  response.setHeader('cache-control', 'no-store')
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`)
}
