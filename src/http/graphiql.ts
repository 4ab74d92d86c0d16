import { renderGraphiQL as renderPage } from '@graphql-yoga/render-graphiql'
import { encodeGlobalID } from '@pothos/plugin-relay'
import type { GraphiQLOptions } from 'graphql-yoga'
import { visibleArticles } from '../article/visible.ts'
import { signToken } from '../auth/sign.ts'
import { anonymous } from '../auth/viewer.ts'
import { isLoopback } from '../config/parse.ts'
import type { Config } from '../config.ts'
import type { Services } from '../graphql/context.ts'
import { operationText } from './operations.ts'

/** How long the tokens in the tabs are good, in seconds; each visit to the page renews them. */
const TOKEN_TTL = 24 * 3600

/**
 * GraphiQL with a tab for each thing to try, filled in for the story with the most comments. In development
 * the tabs carry tokens made with the development key, when the page is asked for under a loopback name: a
 * site that lets its own name lead to this machine (DNS rebinding) could read them.
 */
export function graphiql(config: Config, services: Services) {
  return async (request: Request): Promise<Page> => {
    const tokens = isAskedHere(request) ? await developmentTokens(config) : null
    const { epoch } = await services.prisma.feedEpoch.findUniqueOrThrow({ where: { id: 1 } })
    return {
      title: 'Dateline',
      subscriptionsProtocol: 'WS',
      shouldPersistHeaders: config.development,
      defaultTabs: await tabs(tokens, services),
      newsroom: epoch,
      tokens: tokens ? [tokens.reader, tokens.moderator] : [],
    }
  }
}

interface Page extends GraphiQLOptions {
  /** Tells this newsroom from others that were served at the same address before. */
  newsroom?: string
  /** What stands in the tabs, to replace the tokens of an earlier visit with. */
  tokens?: string[]
}

function isAskedHere(request: Request): boolean {
  const address = `http://${request.headers.get('host')}`
  return URL.canParse(address) && isLoopback(new URL(address).hostname)
}

/** The page, everything it needs in it. */
export function renderGraphiQL({ newsroom = '', tokens = [], ...options }: Page): string {
  const variables = options.defaultTabs?.[0]?.variables ?? ''
  const facts = [newsroom, variables, tokens].map((fact) => JSON.stringify(fact)).join(', ')
  const preparation = `<script>(${prepareTabs})(${facts})</script>`
  return renderPage(options).replace('<div id="root"></div>', (root) => STILL_TABS + root + preparation)
}

/**
 * GraphiQL moves each tab into its place when it appears, and may leave a remainder of the movement behind:
 * when the mouse goes down the tab jumps away under it, and the click goes nowhere.
 */
const STILL_TABS = '<style>.graphiql-tab { transform: none !important }</style>'

/**
 * Runs in the browser, ahead of GraphiQL. A browser remembers the tabs of an address; after the newsroom
 * there was made anew, their ids and tokens would be good for nothing. Tabs that stay get the new tokens in
 * place of those from the last visit, which expire. And GraphiQL shows the variables of its first tab only
 * when it finds them stored.
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

async function tabs(tokens: Tokens | null, { prisma, now }: Services) {
  const article = await prisma.article.findFirst({
    where: { ...visibleArticles({ viewer: anonymous, now }), commentingOpen: true },
    orderBy: [{ commentCount: 'desc' }, { publishedAt: 'desc' }],
    select: { id: true, slug: true },
  })
  const articleId = article ? encodeGlobalID('Article', article.id) : ''
  const reader = { authorization: `Bearer ${tokens?.reader ?? "<a reader's token>"}` }
  const moderator = { authorization: `Bearer ${tokens?.moderator ?? "<a moderator's token>"}` }
  return [
    tab(operationText('ArticlePage'), { slug: article?.slug ?? '' }),
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

/** Null where an identity provider or a shared secret signs them: then GraphiQL must not. */
async function developmentTokens({ auth, dataDir }: Config): Promise<Tokens | null> {
  if (auth.kind !== 'development') return null
  const token = (role: keyof Tokens) => signToken({ auth, dataDir, role, ttlSeconds: TOKEN_TTL })
  return { reader: await token('reader'), moderator: await token('moderator') }
}
