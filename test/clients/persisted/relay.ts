import {
  Environment,
  type FetchFunction,
  type GraphQLResponse,
  Network,
  RecordSource,
  Store,
} from 'relay-runtime'

/** Sends the ids that relay-compiler has written; `persistConfig` of its configuration names the file with the texts. */
export function createRelayEnvironment(url: string): Environment {
  const ask: FetchFunction = async ({ id, text }, variables) => {
    const document = id ? { doc_id: id } : { query: text }
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...document, variables }),
    })
    return (await response.json()) as GraphQLResponse
  }
  return new Environment({ network: Network.create(ask), store: new Store(new RecordSource()) })
}
