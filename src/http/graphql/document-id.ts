import { GraphQLError } from 'graphql'
import { MAX_DOCUMENT_ID_LENGTH } from '../../graphql/limits.ts'
import { documentKey } from '../../graphql/persisted-documents.ts'
import { badRequest, isObject } from './bad-request.ts'

/** The parameters of a request that may name a document. */
export interface NamingParams {
  query?: unknown
  extensions?: unknown
  /** As in GraphQL over HTTP (appendix A). */
  documentId?: unknown
  /** As Relay sends it. */
  doc_id?: unknown
}

/** The id of a document in a request. */
export interface RequestedId {
  /** See `documentKey`. */
  key: string
  /** Whether it is in the extension of Apollo's persisted queries. */
  isApollo: boolean
}

/** Whether a request names a document, in any of the forms that `requestedId` reads. */
export function namesDocument({ documentId, doc_id, extensions }: NamingParams): boolean {
  return documentId != null || doc_id != null || apolloExtension(extensions) != null
}

/**
 * The id of a document in a request; null if it has none.
 * @throws GraphQLError for an id that is not valid, and for two different ones
 */
export function requestedId({ documentId, doc_id, extensions }: NamingParams): RequestedId | null {
  const apollo = apolloExtension(extensions)
  const ids = [documentId, doc_id, apollo == null ? null : hashIn(apollo)]
    .filter((id) => id != null)
    .map(assertId)
  const [key, ...others] = ids
  if (key === undefined) return null
  if (others.some((other) => other !== key)) throw badRequest('The request names two different documents.')
  return { key, isApollo: apollo != null }
}

/** The text of a request; null if it has none. Clients that send an id may add an empty text. */
export function textIn({ query }: NamingParams): unknown {
  return query === '' ? null : (query ?? null)
}

/**
 * The response for an id that is not known. To Apollo's form, the status is always 200, as in Apollo Server: some
 * clients read no other response. They send the text next.
 */
export function unknownDocument({ isApollo }: RequestedId): GraphQLError {
  const headers = { 'cache-control': 'no-store' }
  const http = isApollo ? { status: 200, headers } : { status: 404, headers, spec: true }
  return new GraphQLError('PersistedQueryNotFound', {
    extensions: { code: 'PERSISTED_QUERY_NOT_FOUND', http },
  })
}

function apolloExtension(extensions: unknown): unknown {
  return isObject(extensions) ? extensions.persistedQuery : null
}

function hashIn(apollo: unknown): unknown {
  if (!isObject(apollo) || apollo.version !== 1 || apollo.sha256Hash == null) {
    throw badRequest('"extensions.persistedQuery" must have "version": 1 and "sha256Hash".')
  }
  return apollo.sha256Hash
}

function assertId(id: unknown): string {
  if (typeof id !== 'string' || id === '' || id.length > MAX_DOCUMENT_ID_LENGTH) {
    throw badRequest(`The id of a document must be a string of 1 to ${MAX_DOCUMENT_ID_LENGTH} characters.`)
  }
  return documentKey(id)
}
