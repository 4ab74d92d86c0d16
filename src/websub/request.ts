import { hasMisnamedKey } from '../auth/api-key.ts'
import type { Clients } from '../auth/clients.ts'
import type { Viewer } from '../auth/viewer.ts'
import { InvalidInput } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { partnerWithFeedToken, partnerWithKey } from '../licensing/authenticate.ts'
import { feedTokenIn, withFeedToken } from '../licensing/feed-path.ts'
import { assertAllowedAddress, ForbiddenAddress } from '../net/outbound-http.ts'
import { feedPathOf } from './feed.ts'
import type { Intent } from './job.ts'

/** The bounds and default of leases, in seconds. */
const DAY_SECONDS = 86_400
export const LEASE_SECONDS = Object.freeze({
  shortest: 3_600,
  usual: 10 * DAY_SECONDS,
  longest: 30 * DAY_SECONDS,
})

const MAX_URL_CHARACTERS = 2_000

/** Topic and callback are one unique key, which a PostgreSQL index limits to 2,704 bytes. */
const MAX_STORED_URL_CHARACTERS = 1_200

/** The exclusive maximum of secret bytes (WebSub, 5.1). */
const SECRET_BYTES_LIMIT = 200

export interface RequestDeps {
  prisma: PrismaClient
  now: () => Date
  publicUrl: () => string
  allowLoopback: boolean
  clients: Pick<Clients, 'signIns'>
  /** The network of the client. */
  network: string
}

/**
 * Parses a subscription request (WebSub, 5.1).
 *
 * @param form the fields of the request
 * @throws InvalidInput with a message for developers; NotSignedIn for an invalid key; RateLimited after too
 *   many of them
 */
export async function readIntent(form: URLSearchParams, deps: RequestDeps): Promise<Intent> {
  const mode = one(form, 'hub.mode')
  if (mode !== 'subscribe' && mode !== 'unsubscribe') {
    throw new InvalidInput('hub.mode', 'hub.mode must be "subscribe" or "unsubscribe".')
  }
  const secret = form.has('hub.secret') ? one(form, 'hub.secret') : null
  if (secret !== null && (secret === '' || Buffer.byteLength(secret) >= SECRET_BYTES_LIMIT)) {
    throw new InvalidInput(
      'hub.secret',
      `hub.secret must have at least 1 and fewer than ${SECRET_BYTES_LIMIT} bytes.`,
    )
  }
  const callback = readCallback(one(form, 'hub.callback'), deps.allowLoopback)
  const asked = one(form, 'hub.topic')
  const { topic, viewer } = await readTopic(asked, deps)
  return {
    mode,
    asked,
    topic,
    callback,
    partnerId: viewer?.partnerId ?? null,
    leaseSeconds: readLease(form.get('hub.lease_seconds')),
    secret,
  }
}

function one(form: URLSearchParams, name: string): string {
  const [value, ...more] = form.getAll(name)
  if (value === undefined || more.length > 0) throw new InvalidInput(name, `Send ${name} exactly once.`)
  if (value.length > MAX_URL_CHARACTERS)
    throw new InvalidInput(name, `${name} is too long. Use a shorter value.`)
  if (value.includes('\0') || !value.isWellFormed())
    throw new InvalidInput(name, `${name} contains invalid characters. Remove them.`)
  return value
}

function readCallback(text: string, allowLoopback: boolean): string {
  const name = 'hub.callback'
  if (!URL.canParse(text)) throw new InvalidInput(name, `${name} must be an absolute http or https URL.`)
  const url = new URL(text)
  try {
    assertAllowedAddress(url, allowLoopback)
  } catch (error) {
    if (error instanceof ForbiddenAddress) throw new InvalidInput(name, `${name}: ${error.message}.`)
    throw error
  }
  url.hash = ''
  return kept(name, url)
}

/**
 * Parses the topic, which must be one of our feeds. A key in the URL is replaced by the feed token, so that the
 * links lead to the partner's own feeds.
 */
async function readTopic(text: string, deps: RequestDeps): Promise<{ topic: string; viewer: Viewer | null }> {
  const name = 'hub.topic'
  const { clients, network } = deps
  const publicUrl = deps.publicUrl()
  const feeds = `${publicUrl}/feeds/`
  if (!text.startsWith(feeds) || !URL.canParse(text)) {
    throw new InvalidInput(name, `${name} must be the URL of a feed under ${feeds}`)
  }
  const url = new URL(text)
  const [key, ...more] = url.searchParams.getAll('key')
  const token = feedTokenIn(feedPathOf(url.href, publicUrl))
  if (more.length > 0 || (key !== undefined && token !== null)) {
    throw new InvalidInput(name, `${name} has more than one key. Send one.`)
  }
  if (hasMisnamedKey(url.searchParams)) {
    throw new InvalidInput(name, `${name}: send the key in the query parameter "key", in lower case.`)
  }
  url.searchParams.delete('key')
  url.hash = ''
  if (token !== null) {
    const viewer = await clients.signIns.guard(network, token, () => partnerWithFeedToken(token, deps))
    return { topic: kept(name, url), viewer }
  }
  if (key === undefined) return { topic: kept(name, url), viewer: null }
  const viewer = await clients.signIns.guard(network, key, () => partnerWithKey(key, 'FEED', deps))
  const own = withFeedToken(feedPathOf(url.href, publicUrl), viewer.feedToken as string)
  return { topic: kept(name, new URL(publicUrl + own)), viewer }
}

/** The URL as stored; percent-encoding makes up to nine characters of one. */
function kept(name: string, { href }: URL): string {
  if (href.length > MAX_STORED_URL_CHARACTERS)
    throw new InvalidInput(name, `${name} is too long. Use a shorter value.`)
  return href
}

/** The lease, limited to our bounds. */
function readLease(text: string | null): number {
  if (text === null || text === '') return LEASE_SECONDS.usual
  const seconds = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(seconds))
    throw new InvalidInput('hub.lease_seconds', 'hub.lease_seconds must be a whole number.')
  return Math.min(LEASE_SECONDS.longest, Math.max(LEASE_SECONDS.shortest, seconds))
}
