import { operationText } from '../../src/graphql/operations.ts'
import type { TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'

const fields = {
  PublishArticle: 'publishArticle',
  UpdateArticle: 'updateArticle',
  CorrectArticle: 'correctArticle',
  WithholdArticle: 'withholdArticle',
  ReleaseArticle: 'releaseArticle',
  CancelArticle: 'cancelArticle',
  EmbargoArticle: 'embargoArticle',
  SetCommenting: 'setCommenting',
  SetImageRights: 'setImageRights',
} as const

export type Order = keyof typeof fields

/** An editor at work: sends orders over HTTP and returns what came of each. */
export interface Desk {
  token: string
  /** The subject under which the editor's versions are kept. */
  subject: string
  order(name: Order, input: object): Promise<Json>
  /** The story as editors read it. */
  read(id: string): Promise<Json>
}

export async function openDesk(app: TestApp, name = 'Editor'): Promise<Desk> {
  const token = await app.token('editor', { name })
  const { sub } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
  return {
    token,
    subject: sub,
    order: (order, input) => orderAs(app, token, order, input),
    read: async (id) => (await app.ask(operationText('ArticleToEdit'), { id }, token)).article,
  }
}

/** The same for whoever has that token, or none. */
export async function orderAs(
  app: TestApp,
  token: string | undefined,
  name: Order,
  input: object,
): Promise<Json> {
  return (await app.ask(operationText(name), { input }, token))[fields[name]]
}

/** The kinds of a story's changes, in order. */
export async function changesOf(app: TestApp, articleId: string): Promise<string[]> {
  const { prisma } = app.database
  const changes = await prisma.articleChange.findMany({ where: { articleId }, orderBy: { position: 'asc' } })
  return changes.map(({ kind, version }) => `${version} ${kind}`)
}

/** Everything the database has of a story, to see that nothing was written. */
export function everythingOf(app: TestApp, id: string) {
  return app.database.prisma.article.findUniqueOrThrow({
    where: { id },
    include: {
      leadImage: { include: { image: true } },
      blocks: {
        orderBy: { position: 'asc' },
        include: { image: { include: { image: true } }, quotation: true, embed: true },
      },
      entities: true,
      revisions: { orderBy: { version: 'asc' } },
      corrections: true,
      changes: { orderBy: { position: 'asc' } },
    },
  })
}
