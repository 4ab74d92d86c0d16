import { InvalidInput, RateLimited } from '../base/errors.ts'
import type { PrismaClient } from '../db/client/client.ts'
import { hostOf, type Intent } from './job.ts'

/** Limits against abuse: a hub sends requests to URLs that strangers choose. */
const MAX_SUBSCRIPTIONS_PER_HOST = 100
const MAX_SUBSCRIPTIONS_PER_PARTNER = 100
const MAX_SUBSCRIPTIONS_PER_TOPIC = 10_000
const MAX_REQUESTS_PER_CLIENT = 60
const MAX_REQUESTS_PER_CLIENT_AND_HOST = 20
const MAX_REQUESTS_PER_HOST = 200
const MAX_REQUESTS = 3_000
const MINUTE_MS = 60_000

/**
 * Counts hub requests per minute: by client, and by callback host. The limit of one client is a small part of
 * the total, so that no client can block the others.
 */
export class RequestRate {
  #minute = 0
  #counts = new Map<string, number>()

  /**
   * Counts a request of a client.
   * @throws RateLimited if the limit is exceeded
   */
  count(network: string, at: Date): void {
    this.#count(`client ${network}`, MAX_REQUESTS_PER_CLIENT, at)
    this.#count('all', MAX_REQUESTS, at)
  }

  /**
   * Counts a request of a client for a callback host.
   * @throws RateLimited if the limit is exceeded
   */
  countHost(network: string, host: string, at: Date): void {
    this.#count(`client ${network} host ${host}`, MAX_REQUESTS_PER_CLIENT_AND_HOST, at)
    this.#count(`host ${host}`, MAX_REQUESTS_PER_HOST, at)
  }

  #count(key: string, most: number, at: Date): void {
    const minute = Math.floor(at.getTime() / MINUTE_MS)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#counts = new Map()
    }
    const count = (this.#counts.get(key) ?? 0) + 1
    if (count > most) throw new RateLimited('Too many requests in one minute.', secondsLeft(at))
    this.#counts.set(key, count)
  }
}

function secondsLeft(at: Date): number {
  return Math.ceil((MINUTE_MS - (at.getTime() % MINUTE_MS)) / 1_000)
}

/**
 * Checks the limits of subscriptions.
 * @throws InvalidInput with the limit that is reached
 */
export async function assertBelowLimits(
  { topic, callback, partnerId }: Intent,
  { prisma, now }: { prisma: PrismaClient; now: () => Date },
): Promise<void> {
  const others = { leaseUntil: { gt: now() }, NOT: { topic, callback } }
  const host = hostOf(callback)
  const atHost = await prisma.webSubSubscription.count({
    where: {
      ...others,
      OR: ['http', 'https'].flatMap((scheme) =>
        ['/', ':', './', '.:'].map((end) => ({ callback: { startsWith: `${scheme}://${host}${end}` } })),
      ),
    },
  })
  if (atHost >= MAX_SUBSCRIPTIONS_PER_HOST) throw tooMany(`${host} has ${MAX_SUBSCRIPTIONS_PER_HOST}`)
  const ofTopic = await prisma.webSubSubscription.count({ where: { ...others, topic } })
  if (ofTopic >= MAX_SUBSCRIPTIONS_PER_TOPIC) throw tooMany(`this feed has ${MAX_SUBSCRIPTIONS_PER_TOPIC}`)
  if (partnerId === null) return
  const ofPartner = await prisma.webSubSubscription.count({ where: { ...others, partnerId } })
  if (ofPartner >= MAX_SUBSCRIPTIONS_PER_PARTNER)
    throw tooMany(`this partner has ${MAX_SUBSCRIPTIONS_PER_PARTNER}`)
}

function tooMany(what: string): InvalidInput {
  return new InvalidInput(
    'hub.callback',
    `There are too many subscriptions: ${what}. Unsubscribe from one first.`,
  )
}
