import { commitMutation, fetchQuery, type GraphQLTaggedNode } from 'relay-runtime'
import { expect, test } from 'vitest'
import type { ArticlePageQuery, SubmitCommentMutation } from '../../schema/documents.ts'
import { openSocket } from './live-socket.ts'
import { createRelayEnvironment, watchByRelay } from './relay-environment.ts'
import { operations, relayProject } from './relay-project.ts'
import { credentialsFor, type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'

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
