import { expect, test } from 'vitest'
import { ArticlePageDocument, SubmitCommentDocument } from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { createApolloClient, watchByApollo } from './apollo-client.ts'
import { openSocket } from './live-socket.ts'
import { credentialsFor, type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('Apollo Client reads, comments, and watches through cuts', () => watchesThroughCuts(open))

test('Apollo Client reads what an expected failure says through the interface of all failures', async () => {
  await using app = await freshApp()
  const article = await addArticle(app.database.prisma)
  const client = open({ url: app.url, wsUrl: app.wsUrl })
  expect(await client.submit(article.id, 'Who am I?')).toMatchObject({
    __typename: 'NotSignedIn',
    code: 'NOT_SIGNED_IN',
  })
  await client.close()
})

/** Apollo Client as its documentation sets it up: subscriptions over a websocket, all else over HTTP. */
function open(door: Door): NewsClient {
  const credentials = async () => credentialsFor(door)
  const socket = openSocket(door.wsUrl, credentials)
  const client = createApolloClient(door.url, socket, credentials)
  return {
    async page(slug) {
      const { data } = await client.query({ query: ArticlePageDocument, variables: { slug } })
      return data?.article ?? null
    },
    async submit(articleId, body) {
      const variables = { input: { articleId, body } }
      const { data } = await client.mutate({ mutation: SubmitCommentDocument, variables })
      if (!data) throw new Error('no answer')
      return data.submitComment
    },
    watch: (articleId, after, onEvent) => watchByApollo(client, articleId, after, onEvent),
    async close() {
      client.stop()
      await socket.dispose()
    },
  }
}
