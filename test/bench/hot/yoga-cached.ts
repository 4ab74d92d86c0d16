import { createInMemoryCache, useResponseCache } from '@graphql-yoga/plugin-response-cache'
import { serveYoga } from '../cold/yoga.ts'

// GraphQL Yoga with its response cache: in memory, one for all clients, without an end to the life of an entry.

serveYoga({
  loading: 'join',
  prepared: true,
  plugins: [useResponseCache({ session: () => null, cache: createInMemoryCache() })],
})
