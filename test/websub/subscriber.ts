import { expect } from 'vitest'
import type { TestApp } from '../support/app.ts'
import type { Received, Reply } from '../support/receiver.ts'

// What tests of the hub have in common: a subscriber, and when the hub has nothing left to do.

/** Confirms what it is asked, as a subscriber does that has asked for it. */
export function confirming(received: Pick<Received, 'path'>): Reply {
  return { status: 200, body: fields(received)['hub.challenge'] ?? '' }
}

/** The fields in the address of what a subscriber was sent. */
export function fields({ path }: Pick<Received, 'path'>): Record<string, string> {
  return Object.fromEntries(new URL(path, 'http://x').searchParams)
}

/** The public feed that tests subscribe to. */
export function topicOf({ url }: TestApp): string {
  return url.replace('/graphql', '/feeds/atom.xml')
}

/** Asks the hub in the name of a callback. */
export function ask(app: TestApp, callback: string, more: Record<string, string> = {}): Promise<Response> {
  const form = { 'hub.mode': 'subscribe', 'hub.topic': topicOf(app), 'hub.callback': callback, ...more }
  return fetch(app.url.replace('/graphql', '/websub'), { method: 'POST', body: new URLSearchParams(form) })
}

/** Settles when there are so many subscriptions. */
export async function subscriptions({ database }: TestApp, count: number): Promise<void> {
  await expect.poll(() => database.prisma.webSubSubscription.count(), { timeout: 20_000 }).toBe(count)
}

/** Settles when nothing that the hub queued is due. */
export async function settled({ database }: TestApp): Promise<void> {
  const left = async () => {
    const { rows } = await database.executeSql(
      `SELECT count(*)::int AS left FROM pgboss.job
       WHERE "name" = 'websub' AND ("state" = 'active' OR "state" < 'active' AND "start_after" <= now())`,
    )
    return rows[0]?.left
  }
  // Twice: what a change leads to may be queued while we look.
  for (const _ of [1, 2]) await expect.poll(left, { timeout: 20_000, interval: 100 }).toBe(0)
}
