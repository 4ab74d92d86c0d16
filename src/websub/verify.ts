import { randomBytes, timingSafeEqual } from 'node:crypto'
import { DomainError } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { servedAudience } from '../licensing/push-audience.ts'
import type { SendRequest } from '../net/outbound-http.ts'
import { digestOf } from './digest.ts'
import { feedPathOf, type RenderFeed } from './feed.ts'
import type { Intent } from './job.ts'
import { assertBelowLimits } from './limits.ts'

export interface VerifyDeps {
  prisma: PrismaClient
  now: () => Date
  sendRequest: SendRequest
  render: RenderFeed
  publicUrl: () => string
}

/**
 * Verifies the intent with the callback (WebSub, 5.3) and applies it. One attempt; the subscriber may request
 * again. A request that cannot be granted is denied (5.2).
 *
 * @returns whether it was confirmed
 */
export async function verifyIntent(intent: Intent, signal: AbortSignal, deps: VerifyDeps): Promise<boolean> {
  const { prisma, now } = deps
  const { mode, topic, callback, partnerId, leaseSeconds, secret } = intent
  const known = await prisma.webSubSubscription.findUnique({ where: { topic_callback: { topic, callback } } })
  // A subscription of a partner can only be changed with its key.
  if (known?.partnerId && known.partnerId !== partnerId && known.leaseUntil > now()) return false
  if (mode === 'unsubscribe') {
    if (!known || !(await isConfirmed(intent, signal, deps))) return false
    await prisma.webSubSubscription.deleteMany({ where: { id: known.id } })
    return true
  }
  const found = await findFeed(intent, deps)
  if ('denied' in found) {
    await sendDenial(intent, found.denied, signal, deps)
    return false
  }
  if (!(await isConfirmed(intent, signal, deps))) return false
  const at = now()
  const terms = { partnerId, secret, leaseUntil: new Date(at.getTime() + leaseSeconds * 1_000) }
  // The subscriber has the current feed and gets the next changes.
  await prisma.webSubSubscription.upsert({
    where: { topic_callback: { topic, callback } },
    create: { ...terms, topic, callback, createdAt: at, sentDigest: found.digest },
    update: { ...terms, ...(known?.partnerId === partnerId ? {} : { sentDigest: found.digest }) },
  })
  return true
}

async function findFeed(
  intent: Intent,
  { prisma, now, render, publicUrl }: VerifyDeps,
): Promise<{ digest: string } | { denied: string }> {
  const { topic, partnerId } = intent
  const audience =
    partnerId === null ? ({ kind: 'public' } as const) : await servedAudience(partnerId, prisma)
  if (!audience) return { denied: 'This partner is suspended.' }
  try {
    await assertBelowLimits(intent, { prisma, now })
    const feed = await render(feedPathOf(topic, publicUrl()), audience)
    return feed?.links?.self === topic ? { digest: digestOf(feed) } : { denied: 'The feed does not exist.' }
  } catch (error) {
    if (error instanceof DomainError) return { denied: error.message }
    throw error
  }
}

async function isConfirmed(
  intent: Intent,
  signal: AbortSignal,
  { sendRequest }: VerifyDeps,
): Promise<boolean> {
  const { mode, asked, callback, leaseSeconds } = intent
  const challenge = randomBytes(32).toString('base64url')
  const lease: Record<string, string> =
    mode === 'subscribe' ? { 'hub.lease_seconds': String(leaseSeconds) } : {}
  const fields = { 'hub.mode': mode, 'hub.topic': asked, 'hub.challenge': challenge, ...lease }
  try {
    const url = withFields(callback, fields)
    const { status, body } = await sendRequest({ method: 'GET', url, read: challenge.length + 1, signal })
    return status >= 200 && status < 300 && isSame(body, challenge)
  } catch {
    signal.throwIfAborted()
    return false
  }
}

async function sendDenial(intent: Intent, reason: string, signal: AbortSignal, { sendRequest }: VerifyDeps) {
  const fields = { 'hub.mode': 'denied', 'hub.topic': intent.asked, 'hub.reason': reason }
  // One attempt; a failure is ignored.
  await sendRequest({ method: 'GET', url: withFields(intent.callback, fields), signal }).catch(() => {})
}

/** Keeps the query of the callback URL before the added fields. */
function withFields(callback: string, fields: Record<string, string>): string {
  const url = new URL(callback)
  for (const [name, value] of Object.entries(fields)) url.searchParams.append(name, value)
  return url.href
}

function isSame(text: string, expected: string): boolean {
  const [a, b] = [Buffer.from(text), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}
