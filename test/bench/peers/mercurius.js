import fastify from 'fastify'
import mercurius from 'mercurius'
import { resolvers, typeDefs } from './schema.js'

const app = fastify({ logger: false })
const { __resolveType: resolveType } = resolvers.Block
app.register(mercurius, {
  schema: typeDefs,
  resolvers: { Query: resolvers.Query, Block: { resolveType } },
  // A document is compiled when it is sent a second time.
  jit: 1,
})
await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`listens on http://127.0.0.1:${app.server.address().port}/graphql`)
