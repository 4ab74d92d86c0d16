import type { Client } from 'graphql-ws'
import {
  commitMutation,
  Environment,
  type FetchFunction,
  fetchQuery,
  type GraphQLResponse,
  type GraphQLTaggedNode,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
  type SubscribeFunction,
} from 'relay-runtime'
import { expect, test } from 'vitest'
import type {
  ArticlePageQuery,
  CommentFeedSubscription,
  SubmitCommentMutation,
} from '../../schema/documents.ts'
import { type Credentials, openSocket } from './live-socket.ts'
import { operations, relayProject } from './relay-project.ts'
import { credentialsFor, type Door, type FeedEvent, type NewsClient, watchesThroughCuts } from './scenario.ts'

test('Relay reads, comments, and watches through cuts', { timeout: 60_000 }, async () => {
  await using project = await relayProject('javascript')
  for (const [name, document] of await operations()) {
    // The pages of this test are no components, each with a fragment of its own.
    await project.add(name, document.replaceAll(/\.\.\.(?=[A-Z])\w+/g, '$& @relay(mask: false)'))
  }
  expect(await project.compile()).toMatchObject({ code: 0 })
  const artifact = async (name: string): Promise<GraphQLTaggedNode> =>
    (await import(project.pathOf(name))).default
  const documents = {
    page: await artifact('ArticlePage'),
    submit: await artifact('SubmitComment'),
    feed: await artifact('CommentFeed'),
  }
  await watchesThroughCuts((door) => open(door, documents))
})

type Documents = Record<'page' | 'submit' | 'feed', GraphQLTaggedNode>

/** Relay as its documentation sets it up: subscriptions over a websocket, all else by fetch. */
function open(door: Door, documents: Documents): NewsClient {
  const credentials = async () => credentialsFor(door)
  const socket = openSocket(door.wsUrl, credentials)
  const environment = createRelayEnvironment(door.url, socket, credentials)
  return {
    async page(slug) {
      const data = await fetchQuery(environment, documents.page, { slug }).toPromise()
      return (data as ArticlePageQuery).article
    },
    submit: (articleId, body) =>
      new Promise((resolve, reject) => {
        commitMutation(environment, {
          mutation: documents.submit,
          variables: { input: { articleId, body } },
          onCompleted: (data) => resolve((data as SubmitCommentMutation).submitComment),
          onError: reject,
        })
      }),
    watch: (articleId, after, onEvent) =>
      watchByRelay(environment, documents.feed, { articleId, after }, onEvent),
    close: async () => socket.dispose(),
  }
}

// #region relay
function createRelayEnvironment(url: string, socket: Client, credentials: Credentials): Environment {
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
    // Events follow each other; without names of their own each would be written over the last.
    getDataID: (record) => record.id ?? record.cursor,
  })
}

function watchByRelay(
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
// #endregion
