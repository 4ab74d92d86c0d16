import type { Client } from 'graphql-ws'
import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  type GraphQLTaggedNode,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
  type SubscribeFunction,
} from 'relay-runtime'
import type { CommentFeedSubscription } from '../../schema/documents.ts'
import type { Credentials } from './live-socket.ts'
import type { FeedEvent } from './screen.ts'

export function createRelayEnvironment(url: string, socket: Client, credentials: Credentials): Environment {
  const ask: FetchFunction = async ({ text: query }, variables) => {
    const headers = { 'content-type': 'application/json', ...(await credentials()) }
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return response.json() as Promise<GraphQLResponse>
  }
  const watch: SubscribeFunction = ({ text, name }, variables) =>
    Observable.create((sink) =>
      socket.subscribe(
        { query: text ?? '', operationName: name, variables },
        {
          next: (result) => sink.next(result as GraphQLResponse),
          error: (error) => sink.error(error instanceof Error ? error : new Error(JSON.stringify(error))),
          complete: () => sink.complete(),
        },
      ),
    )
  return new Environment({
    network: Network.create(ask, watch),
    store: new Store(new RecordSource()),
    // Each event needs its own id in the store; otherwise it would overwrite the previous one.
    getDataID: (record) => record.id ?? record.cursor,
  })
}

export function watchByRelay(
  environment: Environment,
  subscription: GraphQLTaggedNode,
  variables: { articleId: string; after: string },
  onEvent: (event: FeedEvent) => void,
): () => void {
  const watching = requestSubscription<{ variables: typeof variables; response: CommentFeedSubscription }>(
    environment,
    { subscription, variables, onNext: (data) => data && onEvent(data.commentFeed) },
  )
  return () => watching.dispose()
}
