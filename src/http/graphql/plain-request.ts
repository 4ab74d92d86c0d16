import type { IncomingMessage } from 'node:http'
import { readText } from '../../net/read-body.ts'
import { isObject } from './bad-request.ts'
import type { RequestedDocuments } from './requested-documents.ts'
import type { Yoga } from './server-context.ts'
import { paramsOfSearch } from './url-params.ts'

/** The largest body of a request, in bytes. */
export const MAX_BODY_BYTES = 100 * 1024

export type Params = Parameters<Yoga['getResultForParams']>[0]['params']

/**
 * Whether a request is ordinary: a GET request, or a JSON post whose length is known and allowed. Event streams, which a
 * client resumes with Last-Event-ID, are not.
 */
export function isPlainRequest({ method, headers }: IncomingMessage): boolean {
  if (headers['last-event-id'] !== undefined || headers['content-encoding'] !== undefined) return false
  const length = headers['content-length']
  if (method === 'GET') return length === undefined && headers['transfer-encoding'] === undefined
  return (
    method === 'POST' &&
    isJson(headers['content-type']) &&
    // Node has refused a length that is not a number.
    Number(length) >= 1 &&
    Number(length) <= MAX_BODY_BYTES
  )
}

function isJson(type = ''): boolean {
  return type === 'application/json' || type.startsWith('application/json;')
}

/**
 * Gives the text of an ordinary request to a callback: its body, or the query of its URL. Does not call it if the client
 * disconnects before.
 */
export function withText(request: IncomingMessage, use: (text: string) => void): void {
  if (request.method === 'POST') {
    readText(request, Number(request.headers['content-length']), use)
  } else {
    const { url = '' } = request
    const start = url.indexOf('?')
    use(start < 0 ? '' : url.slice(start + 1))
  }
}

/** The parameters in the text of a request; null if Yoga must refuse it or send an event stream. */
export function paramsOf(
  { method }: IncomingMessage,
  text: string,
  documents: RequestedDocuments,
): Params | null {
  try {
    const params: unknown = method === 'GET' ? paramsInQuery(text) : JSON.parse(text)
    return isObject(params) && !documents.textFor(params)?.includes('subscription') ? params : null
  } catch {
    return null
  }
}

function paramsInQuery(text: string): object | null {
  const search = new URLSearchParams(text)
  return search.keys().every((name) => PARAMETERS.has(name)) ? paramsOfSearch(search) : null
}

const PARAMETERS: ReadonlySet<string> = new Set([
  'query',
  'operationName',
  'variables',
  'extensions',
  'documentId',
  'doc_id',
])

/**
 * The media type of the response, the first that a client accepts; null unless the client accepts nothing but JSON and
 * wildcards.
 */
export function acceptedMediaType(accept = '*/*'): string | null {
  if (accept === '*/*' || accept === 'application/json') return 'application/json'
  const types = accept.replace(/\s/g, '').toLowerCase().split(',').map(jsonTypeOf)
  return types.every((type) => type !== null) ? (types[0] ?? null) : null
}

/** The media type of a response to one entry of Accept; as in Yoga, weights are ignored. */
function jsonTypeOf(entry: string): string | null {
  const [type = '', ...parameters] = entry.split(';')
  const isReadable = parameters.every((each) => !each.startsWith('charset=') || each === 'charset=utf-8')
  return isReadable ? (JSON_TYPES.get(type) ?? null) : null
}

const JSON_TYPES: ReadonlyMap<string, string> = new Map([
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/*', 'application/json'],
  ['*/*', 'application/json'],
])
