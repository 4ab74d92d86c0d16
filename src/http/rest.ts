import type { IncomingMessage } from 'node:http'
import type { Clients } from '../auth/clients.ts'
import { notAllowed } from '../auth/refusal.ts'
import type { Verify } from '../auth/verify.ts'
import { hasRole, type Viewer } from '../auth/viewer.ts'
import { Forbidden, InvalidInput, NotFound } from '../base/errors.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { DEFAULT_PAGE_SIZE } from '../graphql/limits.ts'
import type { ChargeRule } from '../graphql/operation-charge.ts'
import type { Audience } from '../licensing/audience.ts'
import { quotaHeaders } from '../licensing/quota.ts'
import type { RateLimit } from '../rate-limits/limit.ts'
import { acknowledge } from '../syndication/acknowledge.ts'
import { ArticleCache } from '../syndication/article-cache.ts'
import { articleJson, changeJson, changePageText } from '../syndication/article-json.ts'
import type { ChangeDeps } from '../syndication/changes.ts'
import { readChargedChanges } from '../syndication/charged-changes.ts'
import { licensedArticle } from '../syndication/load-licensed-article.ts'
import { countRemovalRequest } from '../syndication/removal-limit.ts'
import { readRemovalPage } from '../syndication/removals.ts'
import { respondWithError } from './error-response.ts'
import type { ErrorLog } from './errors.ts'
import { type AuthenticatedRequest, authenticateRequest } from './partner-request.ts'
import { readJson } from './read-json.ts'
import { respondJson } from './respond.ts'
import { createRouter, type Handler, type Route } from './router.ts'

interface RestServices extends ChangeDeps {
  /** Limits how often partners may read removals and acknowledge. */
  removalRequests: RateLimit
}

export interface RestDeps {
  services: RestServices
  verify: Verify
  clients: Clients
  log: ErrorLog
}

/** An authenticated request. */
interface RestRequest extends Pick<AuthenticatedRequest, 'charge'> {
  request: IncomingMessage
  url: URL
  viewer: Viewer
  audience: Audience
  /** Shared by all requests of the gateway. */
  articles: ArticleCache
}

/** @returns the response, or its JSON text */
type Resource = (request: RestRequest, services: RestServices) => Promise<object | Buffer>

/** The resources under /syndication/: the same as in GraphQL. */
const RESOURCES: Readonly<Record<string, Resource>> = {
  'GET changes': async ({ url, audience, charge, articles }, services) => {
    const after = url.searchParams.get('after')
    const first = numberIn(url.searchParams.get('first'))
    const { prisma, bus, now, publicUrl } = services
    const deps = { prisma, bus, now, publicUrl, articles }
    const page = await readChargedChanges({ audience, via: 'REST', after, first }, charge, deps)
    const { cursor, more, removalsOnly, retryAfter } = page
    return changePageText(page.changes, { cursor, more, removalsOnly, retryAfter })
  },
  'GET articles': readArticle,
  // The path of version 0.2.0.
  'GET stories': readArticle,
  'GET removals': async ({ url, viewer }, services) => {
    if (viewer.partnerId === undefined)
      throw new Forbidden('Only partners can read removals. Send a partner key.')
    await countRemovalRequest(viewer.partnerId, services.removalRequests)
    const after = url.searchParams.get('after')
    const first = numberIn(url.searchParams.get('first'))
    const request = { partnerId: viewer.partnerId, via: 'REST', after, first } as const
    const page = await readRemovalPage(request, services)
    return { removals: page.changes.map(changeJson), cursor: page.cursor, more: page.more }
  },
  'POST acknowledge': async ({ request, viewer }, services) => {
    if (viewer.partnerId === undefined)
      throw new Forbidden('Only partners can acknowledge changes. Send a partner key.')
    await countRemovalRequest(viewer.partnerId, services.removalRequests)
    const { cursor } = await readJson(request)
    if (typeof cursor !== 'string')
      throw new InvalidInput('cursor', 'Send a JSON object with a "cursor" string.')
    return acknowledge({ partnerId: viewer.partnerId, cursor }, services)
  },
}

async function readArticle({ url, audience, charge }: RestRequest, services: RestServices): Promise<object> {
  const articleId = rowIdOf('Article', decoded(url.pathname.split('/')[3] ?? ''))
  const article = await licensedArticle({ articleId, audience, via: 'REST', charge }, services)
  if (!article) throw new NotFound('article')
  return articleJson(article)
}

/** How resources are charged to a partner's quotas, where not always. */
const CHARGE_RULES: Readonly<Record<string, ChargeRule>> = {
  'GET changes': 'unless-removals',
  'GET articles': 'unless-removals',
  'GET stories': 'unless-removals',
}

/** Routes that are never charged, and that suspended partners may use. */
const REMOVAL_ROUTES: ReadonlySet<string> = new Set(['GET removals', 'POST acknowledge'])

/** Handles all requests under /syndication/. */
export function serveRest(deps: RestDeps): Handler {
  const articles = new ArticleCache()
  const routes = Object.keys(RESOURCES).map((key): Route => {
    const [method = '', name] = key.split(' ')
    const paths = [`/syndication/${name}`, `/syndication/${name}/*`]
    return { paths, methods: [method], handle: resourceHandler(key, deps, articles) }
  })
  return createRouter(routes, NOT_FOUND)
}

const NOT_FOUND =
  'This path does not exist. Use /syndication/changes, /syndication/removals, /syndication/articles/ID or /syndication/acknowledge.'

/** @param key the resource's key in RESOURCES */
function resourceHandler(
  key: string,
  { services, verify, clients, log }: RestDeps,
  articles: ArticleCache,
): Handler {
  const resource = RESOURCES[key] as Resource
  return async (request, response, path) => {
    try {
      const target = request.url ?? path
      const { viewer, audience, charge } = await authenticateRequest({
        prisma: services.prisma,
        now: services.now,
        verify,
        signIns: clients.signIns,
        network: clients.networkOf(request),
        headers: request.headers,
        url: target,
        feedKeys: false,
        rule: CHARGE_RULES[key],
        // All resources read it.
        withoutTerms: true,
        concernsRemovals: REMOVAL_ROUTES.has(key),
      })
      if (viewer.role !== 'partner' && !hasRole(viewer, 'editor')) throw notAllowed(viewer)
      const url = new URL(target, services.publicUrl)
      const body = await resource({ request, url, viewer, audience, charge, articles }, services)
      respondJson(response, 200, body, charge ? quotaHeaders(charge) : {})
    } catch (error) {
      // The rest of an unread body would be parsed as the next request.
      if (!request.complete) response.setHeader('connection', 'close')
      respondWithError(response, error, log)
    }
  }
}

function numberIn(text: string | null): number {
  if (text === null) return DEFAULT_PAGE_SIZE
  if (!/^\d{1,6}$/.test(text)) throw new InvalidInput('first', '"first" must be a whole number.')
  return Number(text)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new NotFound('article')
  }
}
