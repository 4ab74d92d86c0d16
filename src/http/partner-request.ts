import { looksLikeKey } from '../auth/api-key.ts'
import type { SignInLimit } from '../auth/sign-in-limit.ts'
import type { Verify } from '../auth/verify.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, NotSignedIn, TemporarilyUnavailable } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { type ChargeRule, chargeOperation } from '../graphql/operation-charge.ts'
import type { Audience } from '../licensing/audience.ts'
import { partnerWithFeedToken, partnerWithKey } from '../licensing/authenticate.ts'
import { feedTokenIn } from '../licensing/feed-path.ts'
import { audienceForRemovals, audienceOf } from '../licensing/partner-audience.ts'
import { type Charge, charge } from '../licensing/quota.ts'

export interface RequestToAuthenticate {
  /** The request's headers, as Node has them. */
  headers: { authorization?: string | undefined }
  /** The path with what stands behind it, as Node has it in `request.url`. */
  url: string
  verify: Verify
  /** Counts failed sign-ins for the client's address. */
  signIns: SignInLimit
  /** The client's address, or its /64 for IPv6. */
  network: string
  prisma: PrismaClient
  now: () => Date
  /** Whether a key for feeds is taken from the address; it is so under /feeds/ only, whatever is said here. */
  feedKeys: boolean
  /** How the request counts against a partner's quotas; always unless told otherwise. */
  rule?: ChargeRule
  /** Whether it is about what a partner must remove: that is not counted, and goes on while it is suspended. */
  concernsRemovals?: boolean
}

export interface AuthenticatedRequest {
  viewer: Viewer
  audience: Audience
  /** What a partner was charged; null for others, and for what never counts. */
  charge: Charge | null
}

/**
 * Finds out who sends a plain HTTP request (a feed, REST), and as which audience it is to be answered. A
 * partner's request is taken from its quotas here, and nowhere else.
 *
 * @throws NotSignedIn, RateLimited, Forbidden, QuotaExceeded, TemporarilyUnavailable
 */
export async function authenticateRequest(request: RequestToAuthenticate): Promise<AuthenticatedRequest> {
  const { prisma, now } = request
  const viewer = await viewerOf(request)
  try {
    if (request.concernsRemovals && viewer.partnerId !== undefined) {
      return { viewer, audience: await audienceForRemovals(viewer.partnerId, prisma), charge: null }
    }
    const audience = await audienceOf(viewer, prisma)
    const take = () => charge(prisma, (audience as { id: string }).id, now())
    const charged = audience.kind === 'partner' ? await chargeOperation(request.rule ?? 'always', take) : null
    return { viewer, audience, charge: charged }
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new TemporarilyUnavailable('The gateway can not answer just now. Try again shortly.', {
      cause: error,
    })
  }
}

async function viewerOf(request: RequestToAuthenticate): Promise<Viewer> {
  const { headers, url, verify, signIns, network, prisma, now, feedKeys } = request
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2)
  const keys = new URLSearchParams(query).getAll('key')
  const takesKeys = feedKeys && path.startsWith('/feeds/')
  const token = takesKeys ? feedTokenIn(path) : null
  // A reader that follows a link sends along whatever it sent before: what the address says goes first.
  if (token !== null) return signIns.guard(network, token, () => partnerWithFeedToken(token, { prisma, now }))
  if (!takesKeys) {
    if (keys.some(looksLikeKey)) throw new NotSignedIn(IN_THE_HEADER)
    return verify(headers.authorization, network)
  }
  const [key, ...more] = keys
  if (key === undefined) return verify(headers.authorization, network)
  if (more.length > 0 || headers.authorization !== undefined) {
    throw new NotSignedIn('Give one key, in the address or in the header.')
  }
  return signIns.guard(network, key, () => partnerWithKey(key, 'FEED', { prisma, now }))
}

const IN_THE_HEADER = 'A key does not belong into this address: send it as "Authorization: Bearer …".'
