import { randomUUID } from 'node:crypto'
import { bodyDigestOf } from '../../../src/comments/body.ts'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { withLossyBus } from './bus.ts'
import type { Fate } from './plan.ts'
import type { Gateway } from './reader.ts'

/** How often the gateway looks for what its lost hints would have told it, in ms. */
const POLL = 50

/**
 * How long a request's headers may take, in ms: clients, gateway and database share one thread, which a busy
 * machine lets stand still for longer than the limit of 10 s that is for others' clients.
 */
const PATIENCE = 120_000

/** One database, and on it a gateway that can be restarted, with a bus that loses hints. */
export interface World extends Gateway, AsyncDisposable {
  readonly prisma: PrismaClient
  planHints(key: string, fates: Fate[]): void
  /** Closes the gateway and starts another. */
  restart(): Promise<void>
  /** How often that happened. */
  readonly restarts: number
}

export async function createWorld(): Promise<World> {
  const base: TestDatabase = await freshDatabase()
  const bus = withLossyBus(base)
  const start = () =>
    freshApp({
      database: bus.database,
      pollMs: POLL,
      changePollMs: 3_600_000,
      limits: { headersTimeoutMs: PATIENCE },
    })
  let restarts = 0
  let running: TestApp | null = null
  let current = start().then(run)

  function run(app: TestApp): TestApp {
    running = app
    return app
  }

  return {
    prisma: base.prisma,
    planHints: bus.plan,
    takenDown: new Set(),
    current: () => current,
    runs: (app) => app === running,
    get restarts() {
      return restarts
    },
    async restart() {
      const old = await current
      if (running !== old) return
      running = null
      restarts += 1
      current = old.close().then(start).then(run)
      await current
    },
    async [Symbol.asyncDispose]() {
      await (await current).close()
      await base.close()
    },
  }
}

/** Stores a story, and comments under it that wait for a decision, by readers of their own. */
export async function addStory(
  prisma: PrismaClient,
  comments: number,
): Promise<{ key: string; comments: string[] }> {
  const at = new Date()
  const slug = `story-${randomUUID()}`
  const { id: key } = await prisma.article.create({
    data: {
      slug,
      canonicalUrl: `https://dateline.example/${slug}`,
      language: 'en',
      headline: 'A story',
      publishedAt: new Date('2026-01-01T00:00:00Z'),
      updatedAt: at,
    },
  })
  const { id: readerId } = await prisma.reader.create({
    data: { subject: slug, displayName: 'Reader', createdAt: at },
  })
  const rows = await prisma.comment.createManyAndReturn({
    data: Array.from({ length: comments }, (_, index) => {
      const body = `Comment ${index + 1}`
      return { articleId: key, readerId, body, bodyDigest: bodyDigestOf(body), submittedAt: at }
    }),
  })
  return { key, comments: rows.map(({ id }) => id) }
}
