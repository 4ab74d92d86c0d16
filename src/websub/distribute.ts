import { createHmac } from 'node:crypto'
import type { PrismaClient, WebSubSubscription } from '../db/client/client.ts'
import { handOver } from '../newsfeed/hand-over.ts'
import type { RenderedFeed } from '../newsfeed/render-feed.ts'
import { isInForce } from '../partner/terms.ts'
import { servedAudience } from '../push/audience.ts'
import type { Answer, Dial } from '../push/dial.ts'
import type { Audience } from '../syndication/audience.ts'
import { digestOf } from './digest.ts'
import type { RenderFeed } from './feed.ts'

export interface DistributeDeps {
  prisma: PrismaClient
  now: () => Date
  dial: Dial
  render: RenderFeed
}

/** What came of it: nothing was to be sent, it arrived, the subscription has ended, or it is to be tried again. */
export type Distributed = 'nothing' | 'arrived' | 'ended' | { failed: Answer | null }

/**
 * Sends a subscriber its feed as it stands now, unless that is what it was last sent (WebSub, 7). Partners that
 * are suspended or whose licence is not in force are sent nothing.
 */
export async function distribute(
  subscriptionId: string,
  signal: AbortSignal,
  deps: DistributeDeps,
): Promise<Distributed> {
  const { prisma, now, dial } = deps
  const subscription = await prisma.webSubSubscription.findUnique({ where: { id: subscriptionId } })
  if (!subscription || subscription.leaseUntil <= now()) return 'nothing'
  const feed = await handedFeed(subscription, deps)
  if (!feed?.links) return 'nothing'
  const digest = digestOf(feed)
  const headers = {
    'content-type': feed.type,
    link: `<${feed.links.hub}>; rel="hub", <${feed.links.self}>; rel="self"`,
    ...signature(subscription, feed.body),
  }
  try {
    const answer = await dial({
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
    if (answer.status < 200 || answer.status >= 300) return { failed: answer }
  } catch {
    signal.throwIfAborted()
    return { failed: null }
  }
  await prisma.webSubSubscription.updateMany({ where: { id: subscription.id }, data: { sentDigest: digest } })
  return 'arrived'
}

/**
 * The feed as it stands now, when it is not what was last sent. For a partner it is in the ledger before this
 * returns, and nothing in it has changed in between.
 */
async function handedFeed(
  { topic, partnerId, sentDigest }: WebSubSubscription,
  deps: DistributeDeps,
): Promise<RenderedFeed | null> {
  for (;;) {
    const audience = await audienceFor(partnerId, deps)
    const feed = audience && (await rendered(topic, audience, deps))
    if (!feed || digestOf(feed) === sentDigest) return null
    if (audience.kind !== 'partner' || (await handOver(feed, audience.id, deps, 'WEBSUB'))) return feed
  }
}

/** The feed of a topic for an audience; null when there is none any more. */
export function rendered(topic: string, audience: Audience, { render }: Pick<DistributeDeps, 'render'>) {
  const { pathname, search } = new URL(topic)
  return render(pathname + search, audience)
}

/** Whose version of a feed is sent; null when nothing is. */
export async function audienceFor(
  partnerId: string | null,
  { prisma, now }: Pick<DistributeDeps, 'prisma' | 'now'>,
): Promise<Audience | null> {
  if (partnerId === null) return { kind: 'public' }
  const audience = await servedAudience(partnerId, prisma)
  return audience && isInForce(audience.terms, now()) ? audience : null
}

/** WebSub, 7.1; of the algorithms that it names the one that every subscriber knows and none has broken. */
function signature({ secret }: WebSubSubscription, body: Buffer): Record<string, string> {
  if (secret === null) return {}
  return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}
