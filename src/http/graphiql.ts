import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import { encodeGlobalID } from '@pothos/plugin-relay'
import type { GraphiQLOptions } from 'graphql-yoga'
import { visibleArticles } from '../article/visible.ts'
import { signToken } from '../auth/sign.ts'
import { anonymous } from '../auth/viewer.ts'
import type { Config } from '../config.ts'
import type { Services } from '../graphql/context.ts'
import { operationText } from './operations.ts'

export { renderGraphiQL }

/** How long the tokens in the tabs are good, in seconds: tabs outlive a day's work. */
const TOKEN_TTL = 30 * 24 * 3600

/**
 * GraphiQL with a tab for each thing to try, filled in for the story with the most comments. In development
 * the tabs carry tokens made with the development key.
 */
export function graphiql(config: Config, services: Services) {
  return async (): Promise<GraphiQLOptions> => ({
    title: 'Dateline',
    subscriptionsProtocol: 'WS',
    shouldPersistHeaders: config.development,
    defaultTabs: await tabs(config, services),
  })
}

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
