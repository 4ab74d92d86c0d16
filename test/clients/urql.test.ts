import { test } from 'vitest'
import { ArticlePageDocument, SubmitCommentDocument } from '../../schema/documents.ts'
import { openSocket } from './live-socket.ts'
import { credentialsFor, type Door, type NewsClient, watchesThroughCuts } from './scenario.ts'
import { createUrqlClient, watchByUrql } from './urql-client.ts'

test('urql reads, comments, and watches through cuts', () => watchesThroughCuts(open))

/** urql as its documentation sets it up: subscriptions over a websocket, all else by fetch. */
function open(door: Door): NewsClient {
  const socket = openSocket(door.wsUrl, async () => credentialsFor(door))
  const client = createUrqlClient(door.url, socket, () => credentialsFor(door))
  return {
    async page(slug) {
      const { data } = await client.query(ArticlePageDocument, { slug }).toPromise()
      return data?.article ?? null
    },
    async submit(articleId, body) {
      const { data, error } = await client
        .mutation(SubmitCommentDocument, { input: { articleId, body } })
        .toPromise()
      if (!data) throw error
      return data.submitComment
    },
    watch: (articleId, after, onEvent) => watchByUrql(client, articleId, after, onEvent),
    close: async () => socket.dispose(),
  }
}
