import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeGlobalID } from '@pothos/plugin-relay'
import { visibleArticles } from '../articles/visible.ts'
import { signToken } from '../auth/sign.ts'
import { anonymous } from '../auth/viewer.ts'
import { Lazy } from '../base/coalesce.ts'
import type { Config } from '../config/config.ts'
import type { Services } from '../graphql/context.ts'
import { IMMUTABLE, sendAsset } from './asset.ts'
import { type Newsroom, renderPage, type Tokens } from './graphiql-page.ts'
import { isLoopbackHost } from './loopback-host.ts'
import { respond, respondHtml } from './respond.ts'

/** The lifetime of the tokens in the tabs, in seconds; each load of the page renews them. */
const TOKEN_TTL_SECONDS = 24 * 3600

/** How long the newsroom data of the tabs is cached, in ms. */
const NEWSROOM_TTL_MS = 10_000

type Newsrooms = Pick<Services, 'prisma' | 'now'>

export interface GraphiQLHandler {
  page(request: IncomingMessage, response: ServerResponse): Promise<void>
  asset(request: IncomingMessage, response: ServerResponse, path: string): Promise<void>
}

/**
 * Serves GraphiQL with a tab per example operation, filled in for the article with the most comments: a small
 * page, and one asset that browsers cache. In development the tabs contain tokens, but only when the page is
 * requested under a loopback name: a site that points its own name to this machine (DNS rebinding) could read
 * them.
 */
export function serveGraphiQL(config: Config, services: Newsrooms): GraphiQLHandler {
  // Nine megabytes that most gateways never need.
  const asset = new Lazy(async () => {
    const { graphiqlAsset } = await import('./graphiql-asset.ts')
    return graphiqlAsset()
  })
  const newsroom = cachedNewsroom(services)
  return {
    async page(request, response) {
      const tokens = isLoopbackHost(request) ? await developmentTokens(config) : null
      const { hash } = await asset.get()
      const page = renderPage(`${hash}.js`, await newsroom(), tokens, config.development)
      respondHtml(response, page, { 'cache-control': 'no-store' })
    },
    async asset(request, response, path) {
      const known = await asset.get()
      if (path !== `/graphiql/${known.hash}.js`) {
        return respond(response, 404, { headers: { 'cache-control': 'no-store' } })
      }
      sendAsset(known, request, response, { 'cache-control': IMMUTABLE })
    },
  }
}

/** Reads the newsroom once per `NEWSROOM_TTL_MS`. While the database is unavailable there is no article. */
function cachedNewsroom({ prisma, now }: Newsrooms): () => Promise<Newsroom> {
  let readAt = Number.NEGATIVE_INFINITY
  let newsroom: Promise<Newsroom>
  const read = async () => {
    const { epoch } = await prisma.feedEpoch.findUniqueOrThrow({ where: { id: 1 } })
    const article = await prisma.article.findFirst({
      where: { ...visibleArticles({ viewer: anonymous, now }), commentingOpen: true },
      orderBy: [{ commentCount: 'desc' }, { publishedAt: 'desc' }],
      select: { id: true, slug: true },
    })
    const articleId = article ? encodeGlobalID('Article', article.id) : ''
    return { epoch, articleId, slug: article?.slug ?? '' }
  }
  return () => {
    const at = now().getTime()
    if (Math.abs(at - readAt) >= NEWSROOM_TTL_MS) {
      readAt = at
      newsroom = read().catch(() => {
        readAt = Number.NEGATIVE_INFINITY
        return { epoch: '', articleId: '', slug: '' }
      })
    }
    return newsroom
  }
}

/**
 * Null when tokens are signed by an identity provider or with a shared secret: GraphiQL must not sign any
 * then.
 */
async function developmentTokens({ auth, dataDir }: Config): Promise<Tokens | null> {
  if (auth.kind !== 'development') return null
  const token = (role: keyof Tokens) => signToken({ auth, dataDir, role, ttlSeconds: TOKEN_TTL_SECONDS })
  return { reader: await token('reader'), moderator: await token('moderator') }
}
