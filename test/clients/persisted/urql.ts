import { Client, cacheExchange, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'

/** Sends the hash of a query by GET. The whole query is sent only if the gateway does not know the hash. */
export function createUrqlClient(url: string): Client {
  return new Client({
    url,
    exchanges: [cacheExchange, persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
  })
}
