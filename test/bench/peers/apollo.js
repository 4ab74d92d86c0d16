import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { resolvers, typeDefs } from './schema.js'

const server = new ApolloServer({ typeDefs, resolvers, introspection: false, csrfPrevention: false })
const { url } = await startStandaloneServer(server, { listen: { port: 0, host: '127.0.0.1' } })
// It answers at every path.
console.log(`listens on http://127.0.0.1:${new URL(url).port}/graphql`)
