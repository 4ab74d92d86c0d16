import type { IncomingMessage, ServerResponse } from 'node:http'
import { encodeGlobalID } from '@pothos/plugin-relay'
import { visibleArticles } from '../articles/visible.ts'
import { signToken } from '../auth/sign.ts'
import { anonymous } from '../auth/viewer.ts'
import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/loopback.ts'
import type { Services } from '../graphql/context.ts'
import { operationText } from '../graphql/operations.ts'
import { acceptedEncoding } from './accept-encoding.ts'
import type { Asset } from './graphiql-asset.ts'

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
  let asset: Promise<Asset> | null = null
  const readAsset = () => {
    // Nine megabytes that most gateways never need.
    asset ??= import('./graphiql-asset.ts').then(({ graphiqlAsset }) => graphiqlAsset())
    return asset
  }
  const newsroom = cachedNewsroom(services)
  return {
    async page(request, response) {
      const tokens = isLoopbackHost(request) ? await developmentTokens(config) : null
      const { name } = await readAsset()
      const page = renderPage(name, await newsroom(), tokens, config.development)
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
        .end(page)
    },
    async asset({ headers }, response, path) {
      const { name, type, encodings } = await readAsset()
      const encoding = acceptedEncoding(headers['accept-encoding'], encodings.keys())
      if (path !== `/graphiql/${name}` || !encoding) {
        const status = encoding ? 404 : 406
        return void response.writeHead(status, { 'cache-control': 'no-store' }).end()
      }
      const body = encodings.get(encoding) as Buffer
      response
        .writeHead(200, {
          'content-type': type,
          'content-length': body.length,
          ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }),
          vary: 'accept-encoding',
          'cache-control': 'public, max-age=31536000, immutable',
        })
        .end(body)
    },
  }
}

/** What the tabs are filled in with. */
interface Newsroom {
  /** Distinguishes this newsroom from earlier ones at the same address. */
  epoch: string
  articleId: string
  slug: string
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

function renderPage(
  asset: string,
  newsroom: Newsroom,
  tokens: Tokens | null,
  shouldPersistHeaders: boolean,
): string {
  const defaultTabs = tabsFor(newsroom, tokens)
  const options = { title: 'Dateline', subscriptionsProtocol: 'WS', shouldPersistHeaders, defaultTabs }
  const known = [
    newsroom.epoch,
    defaultTabs[0]?.variables ?? '',
    tokens ? [tokens.reader, tokens.moderator] : [],
  ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>Dateline</title>
    ${TAB_STYLE}
  </head>
  <body class="no-focus-outline">
    <noscript>GraphiQL needs JavaScript.</noscript>
    <div id="root"></div>
    <script>
      (${prepareTabs})(${known.map(scriptJson).join(', ')})
      function startGraphiQL(GraphiQL) {
        GraphiQL.renderYogaGraphiQL(document.querySelector('#root'), ${scriptJson(options)})
      }
    </script>
    <script src="graphiql/${asset}"></script>
  </body>
</html>
`
}

/** JSON that can't end the script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c')
}

/**
 * GraphiQL animates each tab into place and may not reset the transform: on mouse down the tab would move
 * away and the click would be lost.
 */
const TAB_STYLE = '<style>.graphiql-tab { transform: none !important }</style>'

/**
 * Runs in the browser before GraphiQL. Browsers store the tabs per address. When the newsroom was created
 * again, their ids and tokens are invalid, so they are removed. Tabs that stay get new tokens in place of
 * expired ones. GraphiQL shows the variables of its first tab only when they are stored.
 */
const prepareTabs = `function (newsroom, variables, tokens) {
  const before = JSON.parse(localStorage.getItem('dateline:tokens') ?? '[]')
  if (tokens.length > 0) localStorage.setItem('dateline:tokens', JSON.stringify(tokens))
  const keys = Object.keys(localStorage).filter((key) => key.startsWith('graphiql:'))
  if (localStorage.getItem('dateline:newsroom') === newsroom) {
    for (const key of keys) {
      const renewed = tokens.reduce(
        (text, token, i) => (before[i] ? text.replaceAll(before[i], token) : text),
        localStorage.getItem(key),
      )
      localStorage.setItem(key, renewed)
    }
    return
  }
  for (const key of keys) localStorage.removeItem(key)
  localStorage.setItem('graphiql:variables', variables)
  localStorage.setItem('dateline:newsroom', newsroom)
}`

function tabsFor({ articleId, slug }: Newsroom, tokens: Tokens | null) {
  const reader = { authorization: `Bearer ${tokens?.reader ?? "<a reader's token>"}` }
  const moderator = { authorization: `Bearer ${tokens?.moderator ?? "<a moderator's token>"}` }
  return [
    tab(operationText('ArticlePage'), { slug }),
    tab(operationText('CommentFeed'), { articleId }),
    tab(operationText('SubmitComment'), { input: { articleId, body: 'Written in GraphiQL' } }, reader),
    tab(operationText('ModerationQueue'), {}, moderator),
    tab(operationText('ApproveComments'), { ids: [] }, moderator),
  ]
}

function tab(query: string, variables: object, headers?: object) {
  return {
    query,
    variables: JSON.stringify(variables, null, 2),
    headers: headers ? JSON.stringify(headers, null, 2) : undefined,
  }
}

interface Tokens {
  reader: string
  moderator: string
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
