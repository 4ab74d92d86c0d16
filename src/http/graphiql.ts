import { renderGraphiQL as renderPage } from '@graphql-yoga/render-graphiql'
import { encodeGlobalID } from '@pothos/plugin-relay'
import type { GraphiQLOptions } from 'graphql-yoga'
import { visibleArticles } from '../article/visible.ts'
import { signToken } from '../auth/sign.ts'
import { anonymous } from '../auth/viewer.ts'
import type { Config } from '../config.ts'
import type { Services } from '../graphql/context.ts'
import { operationText } from './operations.ts'

/** How long the tokens in the tabs are good, in seconds: tabs outlive a day's work. */
const TOKEN_TTL = 30 * 24 * 3600

/**
 * GraphiQL with a tab for each thing to try, filled in for the story with the most comments. In development
 * the tabs carry tokens made with the development key.
 */
export function graphiql(config: Config, services: Services) {
  return async (): Promise<Page> => {
    const { epoch } = await services.prisma.feedEpoch.findUniqueOrThrow({ where: { id: 1 } })
    return {
      title: 'Dateline',
      subscriptionsProtocol: 'WS',
      shouldPersistHeaders: config.development,
      defaultTabs: await tabs(config, services),
      newsroom: epoch,
    }
  }
}

interface Page extends GraphiQLOptions {
  /** Tells this newsroom from others that were served at the same address before. */
  newsroom?: string
}

/** The page, everything it needs in it. */
export function renderGraphiQL({ newsroom = '', ...options }: Page): string {
  const variables = options.defaultTabs?.[0]?.variables ?? ''
  const preparation = `<script>(${prepareTabs})(${JSON.stringify(newsroom)}, ${JSON.stringify(variables)})</script>`
  return renderPage(options).replace('<div id="root"></div>', (root) => STILL_TABS + root + preparation)
}

/**
 * GraphiQL moves each tab into its place when it appears, and may leave a remainder of the movement behind:
 * when the mouse goes down the tab jumps away under it, and the click goes nowhere.
 */
const STILL_TABS = '<style>.graphiql-tab { transform: none !important }</style>'

/**
 * Runs in the browser, ahead of GraphiQL. A browser remembers the tabs of an address; after the newsroom
 * there was made anew, their ids and tokens would be good for nothing. And GraphiQL shows the variables of
 * its first tab only when it finds them stored.
 */
const prepareTabs = `function (newsroom, variables) {
  if (localStorage.getItem('dateline:newsroom') === newsroom) return
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith('graphiql:')) localStorage.removeItem(key)
  }
  localStorage.setItem('graphiql:variables', variables)
  localStorage.setItem('dateline:newsroom', newsroom)
}`

async function tabs(config: Config, { prisma, now }: Services) {
  const article = await prisma.article.findFirst({
    where: { ...visibleArticles({ viewer: anonymous, now }), commentingOpen: true },
    orderBy: [{ commentCount: 'desc' }, { publishedAt: 'desc' }],
    select: { id: true, slug: true },
  })
  const articleId = article ? encodeGlobalID('Article', article.id) : ''
  const reader = await authorization(config, 'reader')
  const moderator = await authorization(config, 'moderator')
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

async function authorization(config: Config, role: 'reader' | 'moderator') {
  const { auth, dataDir } = config
  if (auth.kind !== 'development') return { authorization: `Bearer <a ${role}'s token>` }
  return { authorization: `Bearer ${await signToken({ auth, dataDir, role, ttlSeconds: TOKEN_TTL })}` }
}
