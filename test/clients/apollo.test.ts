import { setTimeout as after } from 'node:timers/promises'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { expect, test } from 'vitest'
import { ArticlePageDocument, CommentFeedDocument, SubmitCommentDocument } from '../../schema/documents.ts'
import possibleTypes from '../../schema/possible-types.json' with { type: 'json' }
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { resumable } from './resumable.ts'
import { type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'

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
function open({ url, wsUrl, authorization }: Door): NewsClient {
  const socket = createClient({
    url: wsUrl,
    connectionParams: { authorization },
    retryAttempts: Number.POSITIVE_INFINITY,
    // By itself it gives up when a connection breaks off without a closing word, as mobile ones do.
    shouldRetry: () => true,
    retryWait: () => after(10),
  })
  const client = new ApolloClient({
    cache: new InMemoryCache({
      possibleTypes,
      // Events of a feed follow each other; they are not states of one thing.
      typePolicies: { Subscription: { fields: { commentFeed: { merge: false } } } },
    }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(resumable(socket)),
      new HttpLink({ uri: url, headers: authorization ? { authorization } : {} }),
    ),
  })
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
    watch(articleId, after, onEvent) {
      const variables = { articleId, after }
      const subscription = client
        .subscribe({ query: CommentFeedDocument, variables })
        .subscribe(({ data }) => data && onEvent(data.commentFeed))
      return () => subscription.unsubscribe()
    },
    async close() {
      client.stop()
      await socket.dispose()
    },
  }
}
