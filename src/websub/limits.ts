import type { PrismaClient } from '../db/client/client.ts'
import { InvalidInput } from '../errors.ts'
import { hostOf, type Intent } from './job.ts'

/** A hub sends what one stranger asks for to another one: each of these bounds what can be done with that. */
const MOST_PER_HOST = 100
const MOST_PER_PARTNER = 100
const MOST_PER_TOPIC = 10_000
const REQUESTS_PER_HOST = 20
const REQUESTS = 300
const MINUTE = 60_000

/** Counts what is asked of this gateway's hub in each minute, in all and for each host of callbacks. */
export class RequestRate {
  #minute = 0
  #counts = new Map<string, number>()

  /** Whether one more request about a callback at this host is too many. */
  isTooMuch(host: string, at: Date): boolean {
    const minute = Math.floor(at.getTime() / MINUTE)
    if (minute !== this.#minute) {
      this.#minute = minute
      this.#counts = new Map()
    }
    return this.#count('') > REQUESTS || this.#count(host) > REQUESTS_PER_HOST
  }

  #count(key: string): number {
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count
  }
}

/**
 * Whether there is room for one more subscription.
 * @throws InvalidInput saying of what there are too many
 */
export async function assertRoom(
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
  if (atHost >= MOST_PER_HOST) throw tooMany(`${host} has ${MOST_PER_HOST}`)
  const ofTopic = await prisma.webSubSubscription.count({ where: { ...others, topic } })
  if (ofTopic >= MOST_PER_TOPIC) throw tooMany(`this feed has ${MOST_PER_TOPIC}`)
  if (partnerId === null) return
  const ofPartner = await prisma.webSubSubscription.count({ where: { ...others, partnerId } })
  if (ofPartner >= MOST_PER_PARTNER) throw tooMany(`this partner has ${MOST_PER_PARTNER}`)
}

function tooMany(what: string): InvalidInput {
  return new InvalidInput('hub.callback', `There are too many subscriptions: ${what}. Let one end first.`)
}
