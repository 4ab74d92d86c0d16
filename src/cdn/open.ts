import type { Bus } from '../bus/bus.ts'
import type { CdnConfig } from '../config/cdn.ts'
import type { Database, Log } from '../db/database.ts'
import type { Backoff } from '../jobs/backoff.ts'
import { createHttpClient } from '../net/outbound-http.ts'
import { VALID_MS } from '../read-cache/change-watch.ts'
import { Purges } from './purges.ts'

/** The timeout of an attempt, in ms. */
const TIMEOUT_MS = 5_000

/** How often the database is polled, in ms: for lost hints, and for reference data, which has none. */
const POLL_MS = 500

/** When a purge is repeated, in ms: when each gateway has heard of the change. */
const REPEAT_MS = VALID_MS + 500

/** A response older than 4 s is not held anyway, so that waits are short. */
const PURGE_BACKOFF: Backoff = Object.freeze([0, 250, 500, 1_000, 2_000, 5_000, 10_000])

export interface OpenPurgesDeps {
  config: { readonly cdn: CdnConfig }
  database: Database
  log: Log
  /** Other times, for tests. */
  purges?: { backoff?: Backoff; pollMs?: number; repeatMs?: number }
}

/** Opens what sends purges; null without a purge hook. */
export async function openPurges(
  { config, database, log, purges: times }: OpenPurgesDeps,
  { bus, now }: { bus: Bus; now: () => Date },
): Promise<Purges | null> {
  const { purge } = config.cdn
  if (!purge) return null
  return Purges.open({
    config: purge,
    database,
    listen: bus.listen,
    sendRequest: createHttpClient({ allowLoopback: true, allowAnyAddress: true, timeoutMs: TIMEOUT_MS }),
    backoff: PURGE_BACKOFF,
    log,
    now,
    pollMs: POLL_MS,
    repeatMs: REPEAT_MS,
    ...times,
  })
}
