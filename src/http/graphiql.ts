import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeGlobalID } from '@pothos/plugin-relay'
import { visibleArticles } from '../articles/visible.ts'
import { signToken } from '../auth/sign.ts'
import { anonymous } from '../auth/viewer.ts'
import { Lazy } from '../base/coalesce.ts'
import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/loopback.ts'
import type { Services } from '../graphql/context.ts'
import { acceptedEncoding } from './accept-encoding.ts'
import { type Newsroom, renderPage, type Tokens } from './graphiql-page.ts'
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
      const { name } = await asset.get()
      const page = renderPage(name, await newsroom(), tokens, config.development)
      respondHtml(response, page, { 'cache-control': 'no-store' })
    },
    async asset({ headers }, response, path) {
      const { name, type, encodings } = await asset.get()
      const encoding = acceptedEncoding(headers['accept-encoding'], encodings.keys())
      if (path !== `/graphiql/${name}` || !encoding) {
        const status = encoding ? 404 : 406
        return respond(response, status, { headers: { 'cache-control': 'no-store' } })
      }
      const body = encodings.get(encoding) as Buffer
      respond(response, 200, {
        type,
        body,
        headers: {
          'content-length': body.length,
          ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
          vary: 'accept-encoding',
          'cache-control': 'public, max-age=31536000, immutable',
        },
      })
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

function isLoopbackHost({ headers: { host } }: IncomingMessage): boolean {
  const address = `http://${host}`
  return host !== undefined && URL.canParse(address) && isLoopback(new URL(address).hostname)
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
