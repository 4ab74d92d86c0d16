import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { signedFetch } from './api.ts'
import { settings } from './settings.ts'

/** An answer with errors, or none: see `code`. */
export class PostError extends Error {
  /** The code of the API, or NETWORK if there was no answer. */
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * Sends a document without the cache. With `keepalive`, the browser sends it even if the page is closed meanwhile.
 * @throws PostError
 */
export async function post<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { keepalive = false } = {},
): Promise<Data> {
  const { documentId } = document as { documentId?: string }
  const answer = await send(JSON.stringify({ documentId, variables }), keepalive)
  const [error] = answer.errors ?? []
  if (error) throw new PostError(error.extensions?.code ?? 'UNKNOWN', error.message)
  return answer.data as Data
}

interface Answer {
  data?: unknown
  errors?: { message: string; extensions?: { code?: string } }[]
}

async function send(body: string, keepalive: boolean): Promise<Answer> {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' }
  try {
    const response = await signedFetch(`${settings.base}/graphql`, {
      method: 'POST',
      headers,
      body,
      keepalive,
    })
    return (await response.json()) as Answer
  } catch (error) {
    throw new PostError('NETWORK', String(error))
  }
}
