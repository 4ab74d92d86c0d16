import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { useServer } from 'graphql-ws/use/ws'
import { createPubSub, createSchema, createYoga } from 'graphql-yoga'
import { WebSocketServer } from 'ws'
import { serveBench } from './served.ts'

// What yoga's documentation sets up: graphql-ws over ws, and yoga's own publish and subscribe. The types are
// those of Dateline, so that the documents of Dateline's clients are valid here.

const SCHEMA = readFileSync(join(import.meta.dirname, '../../../schema/schema.graphql'), 'utf8')

const pubSub = createPubSub<{ feed: [event: object] }>()
/** What onSubscribe hands to the two functions below. */
interface Running {
  execute: (args: unknown) => never
  subscribe: (args: unknown) => never
}

const yoga = createYoga({
  schema: createSchema({
    typeDefs: SCHEMA,
    resolvers: {
      CommentFeedEvent: { __resolveType: () => 'CommentApproved' },
      Subscription: {
        commentFeed: { subscribe: () => pubSub.subscribe('feed'), resolve: (event: object) => event },
      },
    },
  }),
})
const server = createServer(yoga)
const sockets = new WebSocketServer({ server, path: '/graphql' })
useServer(
  {
    execute: (args) => (args.rootValue as Running).execute(args),
    subscribe: (args) => (args.rootValue as Running).subscribe(args),
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        params,
      })
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      }
      const errors = validate(args.schema, args.document)
      return errors.length ? errors : args
    },
  },
  sockets,
)
server.listen(0, '127.0.0.1', () => {
  serveBench((server.address() as AddressInfo).port, {
    sockets: () => sockets.clients.size,
    publish: (message) => pubSub.publish('feed', JSON.parse(message)),
  })
})
