import { createHmac } from 'node:crypto'
import { feedTokenOf } from '../auth/api-key.ts'
import { NotSignedIn } from '../base/errors.ts'
import { messageOf } from '../base/message-of.ts'
import type { PrismaClient, WebSubSubscription } from '../db/client/client.ts'
import { recordDelivery } from '../feeds/record-delivery.ts'
import type { RenderedFeed } from '../feeds/render-feed.ts'
import type { Audience } from '../licensing/audience.ts'
import { type KeyDeps, partnerWithFeedToken } from '../licensing/authenticate.ts'
import { feedTokenIn, withFeedToken } from '../licensing/feed-path.ts'
import { servedAudience } from '../licensing/push-audience.ts'
import { isInForce } from '../licensing/terms.ts'
import type { OutboundResponse, SendRequest } from '../net/outbound-http.ts'
import { recordArrival, recordFailure } from '../syndication/ledger.ts'
import { digestOf } from './digest.ts'
import { feedPathOf, type RenderFeed } from './feed.ts'

export interface DistributeDeps {
  prisma: PrismaClient
  now: () => Date
  sendRequest: SendRequest
  render: RenderFeed
  publicUrl: () => string
}

/** The result: nothing to send, delivered, subscription ended, or failed and to be retried. */
export type Distributed = 'nothing' | 'arrived' | 'ended' | Failed

export interface Failed {
  failed: OutboundResponse | null
  /** The digest of the feed that failed. */
  digest: string
}

/**
 * Sends a subscriber the current feed, unless it is the one last sent (WebSub, 7). Nothing is sent to suspended
 * partners or without a licence in force.
 */
export async function distribute(
  subscriptionId: string,
  signal: AbortSignal,
  deps: DistributeDeps,
): Promise<Distributed> {
  const { prisma, now, sendRequest } = deps
  const subscription = await prisma.webSubSubscription.findUnique({ where: { id: subscriptionId } })
  if (!subscription || subscription.leaseUntil <= now()) return 'nothing'
  const feed = await changedFeed(subscription, deps)
  if (!feed?.links) return 'nothing'
  const digest = digestOf(feed)
  const headers = {
    'content-type': feed.type,
    link: `<${feed.links.hub}>; rel="hub", <${feed.links.self}>; rel="self"`,
    ...signature(subscription, feed.body),
  }
  try {
    const answer = await sendRequest({
      method: 'POST',
      url: subscription.callback,
      headers,
      body: feed.body,
      signal,
    })
    if (answer.status === 410) {
      await prisma.webSubSubscription.deleteMany({ where: { id: subscription.id } })
      return 'ended'
    }
    if (answer.status < 200 || answer.status >= 300) {
      await recordPartnerFailure(subscription, feed, `the receiver answered ${answer.status}`, deps)
      return { failed: answer, digest }
    }
  } catch (error) {
    signal.throwIfAborted()
    await recordPartnerFailure(subscription, feed, messageOf(error), deps)
    return { failed: null, digest }
  }
  if (subscription.partnerId !== null) {
    const arrival = { partnerId: subscription.partnerId, via: 'WEBSUB', at: now() } as const
    await prisma.$transaction((tx) => recordArrival(tx, arrival, feed.deliveries))
  }
  await markSent(subscription.id, digest, prisma)
  return 'arrived'
}

/** Marks a feed as sent: the subscriber gets nothing until the feed differs. */
export async function markSent(id: string, sentDigest: string, prisma: PrismaClient): Promise<void> {
  await prisma.webSubSubscription.updateMany({ where: { id }, data: { sentDigest } })
}

/** Records a failed attempt in the ledger. */
async function recordPartnerFailure(
  { partnerId }: WebSubSubscription,
  { deliveries }: RenderedFeed,
  reason: string,
  { prisma, now }: DistributeDeps,
): Promise<void> {
  if (partnerId !== null)
    await recordFailure(prisma, { partnerId, via: 'WEBSUB', at: now(), reason }, deliveries)
}

/**
 * The current feed if it differs from the one last sent. For a partner the delivery is in the ledger before
 * this returns, and nothing has changed since it was rendered.
 */
async function changedFeed(
  { topic, partnerId, sentDigest }: WebSubSubscription,
  deps: DistributeDeps,
): Promise<RenderedFeed | null> {
  for (;;) {
    const found = await feedOf({ topic, partnerId }, deps)
    if (!found || digestOf(found.feed) === sentDigest) return null
    const { feed, audience } = found
    if (audience.kind !== 'partner' || (await recordDelivery(feed, audience.id, deps, 'WEBSUB'))) return feed
  }
}

/** The feed and the partner of a subscription. */
export type Subscribed = Pick<WebSubSubscription, 'topic' | 'partnerId'>

/**
 * The current feed of a subscription.
 * @returns null if nothing is to be sent: the feed does not exist, the partner is suspended, its licence is not
 *   in force, or its key is no longer valid
 */
export async function feedOf(
  { topic, partnerId }: Subscribed,
  deps: Pick<DistributeDeps, 'prisma' | 'now' | 'render' | 'publicUrl'>,
): Promise<{ feed: RenderedFeed; audience: Audience } | null> {
  const { prisma, now, render, publicUrl } = deps
  const path = feedPathOf(topic, publicUrl())
  if (partnerId === null) {
    const feed = await render(path, { kind: 'public' })
    return feed && { feed, audience: { kind: 'public' } }
  }
  const audience = await servedAudience(partnerId, prisma)
  const token = feedTokenIn(path) ?? (await anyFeedToken(partnerId, deps))
  if (!audience || token === null || !isInForce(audience.terms, now())) return null
  if (!(await isTokenOf(partnerId, token, deps))) return null
  const feed = await render(withFeedToken(path, token), audience)
  return feed && { feed, audience }
}

async function isTokenOf(partnerId: string, token: string, deps: KeyDeps): Promise<boolean> {
  try {
    return (await partnerWithFeedToken(token, deps)).partnerId === partnerId
  } catch (error) {
    if (error instanceof NotSignedIn) return false
    throw error
  }
}

/** For old subscriptions without a token in the URL: the newest valid feed key. */
async function anyFeedToken(partnerId: string, { prisma, now }: KeyDeps): Promise<string | null> {
  const key = await prisma.partnerKey.findFirst({
    where: { partnerId, kind: 'FEED', OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] },
    orderBy: { createdAt: 'desc' },
  })
  return key && feedTokenOf(key)
}

/** The signature (WebSub, 7.1) with SHA-256, which is widely supported and secure. */
function signature({ secret }: WebSubSubscription, body: Buffer): Record<string, string> {
  if (secret === null) return {}
  return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}
