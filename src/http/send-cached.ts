import type { IncomingMessage, ServerResponse } from 'node:http'
import { LruCache } from '../base/lru-cache.ts'
import { hasTag } from '../net/entity-tag.ts'
import {
  type CachedResponse,
  ENCODINGS,
  type Encoding,
  type ResponseForm,
} from '../read-cache/cached-response.ts'
import { acceptedEncoding } from './accept-encoding.ts'
import { type CdnPolicy, cdnAgeOf, cdnHeaders } from './cdn-headers.ts'
import { NO_SNIFFING } from './respond.ts'
import { isUsual, sendWhole, wholeResponse } from './whole-response.ts'

/** The headers that depend on who may keep a response. */
export interface CachePolicy {
  /** The name of the policy. */
  name: string
  vary: string
  cacheControl: string
  /** What a CDN may hold; null for nothing. */
  cdn?: CdnPolicy | null
}

/**
 * Sends a kept response, compressed if the client accepts it, or 304 if the client has it already.
 * @param own the headers of this request
 * @param isNew whether it was just made: then it is not compressed first
 */
export function sendCached(
  kept: CachedResponse,
  request: IncomingMessage,
  response: ServerResponse,
  policy: CachePolicy,
  own?: Readonly<Record<string, string>>,
  isNew = false,
): void {
  const accepted = kept.isCompressed ? encodingFor(request.headers['accept-encoding']) : null
  const sending = { kept, request, response, policy, own }
  const encoded = accepted && kept.known(accepted)
  if (!accepted || encoded || isNew) {
    send(sending, encoded ? accepted : null, encoded ?? kept.body)
    return
  }
  kept
    .encode(accepted)
    .then(
      (body) => send(sending, accepted, body),
      () => send(sending, null, kept.body),
    )
    .catch(() => response.destroy())
}

interface Sending {
  kept: CachedResponse
  request: IncomingMessage
  response: ServerResponse
  policy: CachePolicy
  own: Readonly<Record<string, string>> | undefined
}

function send(
  { kept, request, response, policy, own }: Sending,
  encoding: Encoding | null,
  body: Buffer,
): void {
  // A post is not cached by its URL (RFC 9110, 9.3.3).
  const isPost = request.method === 'POST'
  const tags = isPost ? undefined : request.headers['if-none-match']
  const isUnchanged = tags !== undefined && hasTag(tags, kept.tag, encoding)
  const age = policy.cdn && !isPost ? cdnAgeOf(kept, policy.cdn) : null
  const form = kept.form(formKey(policy, { isUnchanged, isPost, encoding, age }), () =>
    headOf(kept, policy, { encoding, isPost, age, length: isUnchanged ? null : body.length }),
  )
  const status = isUnchanged ? 304 : 200
  const whole = own || isUnchanged || !isUsual(request, response) ? null : wholeOf(form, response, body)
  if (whole) {
    sendWhole(response, status, whole)
  } else {
    response.writeHead(status, own ? withOwn(form.head, own) : form.head)
    response.end(isUnchanged ? undefined : body)
  }
}

function wholeOf(form: ResponseForm, response: ServerResponse, body: Buffer): Buffer | null {
  const second = Math.floor(Date.now() / 1_000)
  return form.whole(second, () => wholeResponse(response, { status: 200, head: form.head, body }, second))
}

/** A number for each form of a response. */
function formKey(
  { name }: CachePolicy,
  { isUnchanged, isPost, encoding, age }: Omit<Form, 'length'> & { isUnchanged: boolean },
): number {
  let policy = policies.get(name)
  if (policy === undefined) {
    policy = policies.size
    policies.set(name, policy)
  }
  const coded = encoding === null ? 0 : 1 + ENCODINGS.indexOf(encoding)
  const flags = (isUnchanged ? 1 : 0) + (isPost ? 2 : 0) + 4 * coded
  return flags + 16 * (policy + MAX_POLICIES * (age === null ? 0 : age + 1))
}

/** The names of the policies, which are fewer than this. */
const policies = new Map<string, number>()
const MAX_POLICIES = 16

/** What the headers of a kept response depend on, besides the response. */
interface Form {
  encoding: Encoding | null
  isPost: boolean
  /** How long a CDN may hold it, in s; null if it may not. */
  age: number | null
  /** The length of the body; null for none. */
  length: number | null
}

/** Names and values in turn, as Node takes them: it checks and copies an object for each response. */
function headOf(
  kept: CachedResponse,
  { vary, cacheControl }: CachePolicy,
  { encoding, isPost, age, length }: Form,
): string[] {
  const { tag, type, headers } = kept
  const suffix = encoding ? `-${encoding}` : ''
  const content = length === null ? [] : ['content-type', type, 'content-length', String(length)]
  const encoded = encoding && length !== null ? ['content-encoding', encoding] : []
  const control =
    age === null ? ['cache-control', cacheControl] : Object.entries(cdnHeaders(kept, age)).flat()
  const caching = isPost ? [] : [...control, 'etag', `"${tag}${suffix}"`]
  return [...NO_SNIFFING, 'vary', vary, ...caching, ...content, ...encoded, ...Object.entries(headers).flat()]
}

function withOwn(head: readonly string[], own: Readonly<Record<string, string>>): string[] {
  const { vary, ...others } = Object.fromEntries(
    Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const merged = [...head, ...Object.entries(others).flat()]
  const at = merged.indexOf('vary') + 1
  const known = merged[at]?.toLowerCase().split(', ') ?? []
  if (vary && !known.includes(vary.toLowerCase())) merged[at] = `${merged[at]}, ${vary}`
  return merged
}

/** Headers of Accept-Encoding that were read before: clients send few different ones. */
const known = new LruCache<string, { encoding: Encoding | null }>(100)

/** The longest header that is remembered, in characters. */
const MAX_REMEMBERED_LENGTH = 200

function encodingFor(header: string | undefined): Encoding | null {
  if (header === undefined) return null
  const found = known.get(header)
  if (found) return found.encoding
  const encoding = acceptedEncoding(header, ENCODINGS)
  if (header.length <= MAX_REMEMBERED_LENGTH) known.set(header, { encoding })
  return encoding
}
