import { visibleArticles } from './articles/visible.ts'
import { anonymous } from './auth/viewer.ts'
import { type Config, ownAddress } from './config/config.ts'
import type { Services } from './graphql/context.ts'

/** What to print at the start: the addresses of the screens in development, one line otherwise. */
export async function startMessage(config: Config, services: Services): Promise<string> {
  const { publicUrl, auth, graphiql } = config
  const graphql = `${publicUrl}/graphql`
  const socket = `${ownAddress(config.host, config.port)}/graphql`
  const listening = `Dateline listens on ${socket}`
  const lines = socket === graphql ? listening : `${listening}\nClients use ${graphql}`
  if (auth.kind !== 'development') return lines
  const slug = await storyToShow(services)
  return `
${screens(config, slug)}

  ${lines.replace('\n', '\n  ')}
${graphiql ? '  In a browser, this address opens GraphiQL.\n' : ''}
  Try       curl -s ${graphql} -H 'content-type: application/json' \\
              -d '{"query":"{ article(slug: \\"${slug ?? 'a-slug'}\\") { headline commentCount } }"}'
  Tokens    npm run token --silent -- --role reader

  Press Ctrl-C to stop.
`
}

/** The addresses to open first. */
function screens({ publicUrl, pages }: Config, slug: string | null): string {
  const desk = `  Desk      ${publicUrl}/desk`
  if (!pages) return desk
  const story = slug === null ? [] : [`  A story   ${publicUrl}/stories/${slug}`]
  return [`  Newsroom  ${publicUrl}/`, ...story, desk].join('\n')
}

/** The story with the most comments, whose comments are open if there is one. */
async function storyToShow({ prisma, now }: Services): Promise<string | null> {
  const article = await prisma.article.findFirst({
    where: visibleArticles({ viewer: anonymous, now }),
    orderBy: [{ commentingOpen: 'desc' }, { commentCount: 'desc' }, { publishedAt: 'desc' }],
    select: { slug: true },
  })
  return article?.slug ?? null
}
