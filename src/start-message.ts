import { visibleArticles } from './articles/visible.ts'
import { signToken } from './auth/sign.ts'
import { anonymous } from './auth/viewer.ts'
import { type Config, ownAddress } from './config/config.ts'
import type { Services } from './graphql/context.ts'

/** The lifetime of the printed tokens, in seconds. */
const TOKEN_TTL_SECONDS = 24 * 3600

/** What to print at the start: a short introduction in development, one line otherwise. */
export async function startMessage(config: Config, services: Services): Promise<string> {
  const { publicUrl, auth, dataDir } = config
  const graphql = `${publicUrl}/graphql`
  const socket = `${ownAddress(config.host, config.port)}/graphql`
  const listening = `Dateline listens on ${socket}`
  const lines = socket === graphql ? listening : `${listening}\nClients use ${graphql}`
  if (auth.kind !== 'development') return lines
  const slug = await newestSlug(services)
  const token = (role: 'reader' | 'moderator') =>
    signToken({ auth, dataDir, role, ttlSeconds: TOKEN_TTL_SECONDS })
  return `
  ${lines.replace('\n', '\n  ')}

  Try     ${graphql}
          in a browser: tabs for an article, its live comments, submission and moderation

  Or      curl -s ${graphql} -H 'content-type: application/json' \\
            -d '{"query":"{ article(slug: \\"${slug}\\") { headline commentCount } }"}'

  Tokens for development, valid for a day (more: npm run token -- --help)
  reader     ${await token('reader')}
  moderator  ${await token('moderator')}

  Press Ctrl-C to stop.
`
}

async function newestSlug({ prisma, now }: Services): Promise<string> {
  const article = await prisma.article.findFirst({
    where: visibleArticles({ viewer: anonymous, now }),
    orderBy: [{ commentCount: 'desc' }, { publishedAt: 'desc' }],
    select: { slug: true },
  })
  return article?.slug ?? 'a-slug'
}
