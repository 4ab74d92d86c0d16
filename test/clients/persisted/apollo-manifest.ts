import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { Kind } from 'graphql'
import manifest from '../../../schema/persisted-documents.json' with { type: 'json' }
import possibleTypes from '../../../schema/possible-types.json' with { type: 'json' }

const ids = new Map(manifest.operations.map(({ name, id }) => [name, id]))

/** Sends the ids of a manifest, and never a query. */
export function createApolloClient(url: string): ApolloClient {
  const persisted = new PersistedQueryLink({
    generateHash: ({ definitions }) => {
      const [operation] = definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION)
      const id = ids.get(operation?.name?.value ?? '')
      if (id === undefined) throw new Error(`${operation?.name?.value} is not in the manifest`)
      return id
    },
    retry: () => false,
    disable: () => false,
    useGETForHashedQueries: true,
  })
  return new ApolloClient({
    cache: new InMemoryCache({ possibleTypes }),
    link: ApolloLink.from([persisted, new HttpLink({ uri: url })]),
  })
}
