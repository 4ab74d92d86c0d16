import { createHmac } from 'node:crypto'
import { feedTokenOf } from '../auth/api-key.ts'
import { NotSignedIn } from '../base/errors.ts'
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

/** What came of it: nothing was to be sent, it arrived, the subscription has ended, or it is to be tried again. */
export type Distributed = 'nothing' | 'arrived' | 'ended' | Failed

export interface Failed {
  failed: OutboundResponse | null
  /** Of the feed that did not arrive. */
  digest: string
}

/**
 * Sends a subscriber its feed as it stands now, unless that is what it was last sent (WebSub, 7). Partners that
 * are suspended or whose licence is not in force are sent nothing.
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
      await recordPartnerFailure(subscription, feed, `it answered ${answer.status}`, deps)
      return { failed: answer, digest }
    }
  } catch (error) {
    signal.throwIfAborted()
    await recordPartnerFailure(
      subscription,
      feed,
      error instanceof Error ? error.message : String(error),
      deps,
    )
    return { failed: null, digest }
  }
  if (subscription.partnerId !== null) {
    const arrival = { partnerId: subscription.partnerId, via: 'WEBSUB', at: now() } as const
    await prisma.$transaction((tx) => recordArrival(tx, arrival, feed.deliveries))
  }
  await markSent(subscription.id, digest, prisma)
  return 'arrived'
}

/** From now on a subscriber is sent nothing until its feed differs from this one. */
export async function markSent(id: string, sentDigest: string, prisma: PrismaClient): Promise<void> {
  await prisma.webSubSubscription.updateMany({ where: { id }, data: { sentDigest } })
}

/** What a partner was not reached with is in the ledger as an attempt. */
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
 * The feed as it stands now, when it is not what was last sent. For a partner it is in the ledger before this
 * returns, and nothing in it has changed in between.
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

/** What a subscription is for: whose version of which feed. */
export type Subscribed = Pick<WebSubSubscription, 'topic' | 'partnerId'>

/**
 * The feed that a subscription is for, as it stands now.
 * @returns null when nothing is to be sent: the feed is gone, or its partner is not served, or its licence is not in
 *   force, or the key for which it subscribed is not good any more
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

/** For subscriptions from before partners' feeds had addresses of their own: the newest key that is good. */
async function anyFeedToken(partnerId: string, { prisma, now }: KeyDeps): Promise<string | null> {
  const key = await prisma.partnerKey.findFirst({
    where: { partnerId, kind: 'FEED', OR: [{ expiresAt: null }, { expiresAt: { gt: now() } }] },
    orderBy: { createdAt: 'desc' },
  })
  return key && feedTokenOf(key)
}

/** WebSub, 7.1; of the algorithms that it names the one that every subscriber knows and none has broken. */
function signature({ secret }: WebSubSubscription, body: Buffer): Record<string, string> {
  if (secret === null) return {}
  return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}
