import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { SetContextLink } from '@apollo/client/link/context'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { OperationTypeNode } from 'graphql'
import type { Client } from 'graphql-ws'
import { CommentFeedDocument } from '../../schema/documents.ts'
import possibleTypes from '../../schema/possible-types.json' with { type: 'json' }
import type { Credentials } from './live-socket.ts'
import type { FeedEvent } from './screen.ts'

export function createApolloClient(url: string, socket: Client, credentials: Credentials): ApolloClient {
  const withToken = new SetContextLink(async () => ({ headers: await credentials() }))
  return new ApolloClient({
    cache: new InMemoryCache({
      possibleTypes,
      // Each event is independent: do not merge it with the previous one.
      typePolicies: { Subscription: { fields: { commentFeed: { merge: false } } } },
    }),
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      new GraphQLWsLink(socket),
      withToken.concat(new HttpLink({ uri: url })),
    ),
  })
}

export function watchByApollo(
  client: ApolloClient,
  articleId: string,
  after: string,
  onEvent: (event: FeedEvent) => void,
): () => void {
  const subscription = client
    .subscribe({ query: CommentFeedDocument, variables: { articleId, after } })
    .subscribe(({ data }) => data && onEvent(data.commentFeed))
  return () => subscription.unsubscribe()
}
