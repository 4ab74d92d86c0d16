import { hasMisnamedKey, looksLikeKey } from '../auth/api-key.ts'
import type { SignInLimit } from '../auth/sign-in-limit.ts'
import type { Verify } from '../auth/verify.ts'
import type { Viewer } from '../auth/viewer.ts'
import { DomainError, NotSignedIn, TemporarilyUnavailable } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { type ChargeRule, chargeOperation } from '../graphql/operation-charge.ts'
import type { Audience } from '../licensing/audience.ts'
import { partnerWithFeedToken, partnerWithKey } from '../licensing/authenticate.ts'
import { feedTokenIn } from '../licensing/feed-path.ts'
import { audienceForRemovals, audienceOf, audienceWithoutTerms } from '../licensing/partner-audience.ts'
import { type Charge, charge } from '../licensing/quota.ts'

export interface RequestToAuthenticate {
  /** The request's headers, as Node provides them. */
  headers: { authorization?: string | undefined }
  /** The path and query, as Node provides them in `request.url`. */
  url: string
  verify: Verify
  /** Counts failed sign-ins per network. */
  signIns: SignInLimit
  /** The client's address, or its /64 for IPv6. */
  network: string
  prisma: PrismaClient
  now: () => Date
  /** Whether a key in the query is accepted. It is under /feeds/ only, whatever is given here. */
  feedKeys: boolean
  /** How the request is charged to a partner's quotas. Default: always. */
  rule?: ChargeRule
  /** Whether the licence is read later, with the content; see `audienceWithoutTerms`. */
  withoutTerms?: boolean
  /** Whether it concerns removals: these are not charged, and are allowed while the partner is suspended. */
  concernsRemovals?: boolean
}

export interface AuthenticatedRequest {
  viewer: Viewer
  audience: Audience
  /** What a partner was charged; null for others, and for requests that are not charged. */
  charge: Charge | null
}

/**
 * Authenticates a plain HTTP request (a feed, REST), finds its audience, and charges it to the partner's
 * quotas.
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
    const audience = request.withoutTerms ? audienceWithoutTerms(viewer) : await audienceOf(viewer, prisma)
    const take = () => charge(prisma, (audience as { id: string }).id, now())
    const charged = audience.kind === 'partner' ? await chargeOperation(request.rule ?? 'always', take) : null
    return { viewer, audience, charge: charged }
  } catch (error) {
    if (error instanceof DomainError) throw error
    throw new TemporarilyUnavailable("The gateway can't answer at the moment. Try again in a few seconds.", {
      cause: error,
    })
  }
}

async function viewerOf(request: RequestToAuthenticate): Promise<Viewer> {
  const { headers, url, verify, signIns, network, prisma, now, feedKeys } = request
  const [path = '', query = ''] = url.split(/\?(.*)/s, 2)
  const parameters = new URLSearchParams(query)
  const keys = parameters.getAll('key')
  const takesKeys = feedKeys && path.startsWith('/feeds/')
  const token = takesKeys ? feedTokenIn(path) : null
  // A feed reader that follows a link may resend earlier credentials: the token in the path takes precedence.
  if (token !== null) return signIns.guard(network, token, () => partnerWithFeedToken(token, { prisma, now }))
  if (!takesKeys) {
    if (keys.some(looksLikeKey)) throw new NotSignedIn(IN_THE_HEADER)
    return verify(headers.authorization, network)
  }
  // Without this, a partner with a mistyped parameter would get the public feed, and notice nothing.
  if (hasMisnamedKey(parameters)) {
    throw new NotSignedIn('Send the key in the query parameter "key", in lower case.')
  }
  const [key, ...more] = keys
  if (key === undefined) return verify(headers.authorization, network)
  if (more.length > 0 || headers.authorization !== undefined) {
    throw new NotSignedIn('Send one key, either in the query or in the Authorization header.')
  }
  return signIns.guard(network, key, () => partnerWithKey(key, 'FEED', { prisma, now }))
}

const IN_THE_HEADER = 'Keys are not accepted in this URL. Send the key as "Authorization: Bearer …".'
