import { setTimeout as after } from 'node:timers/promises'
import pg from 'pg'
import type { Redis } from '../support/redis.ts'

/** What carries hints between gateways, as something that can be broken. */
export interface Bus {
  /** Cuts every gateway off it; where it is a server of its own, that one stays away for so many ms. */
  restart(awayMs: number): Promise<void>
}

export function redisBus(redis: Redis): Bus {
  return {
    async restart(awayMs) {
      await redis.kill()
      await after(awayMs)
      await redis.start()
    },
  }
}

/** LISTEN/NOTIFY: the server ends the sessions that listen. While it is itself away, it has done so. */
export function notifyBus(url: string): Bus {
  return {
    async restart() {
      while (!(await endListeners(url))) await after(100)
    },
  }
}

/** Ends the sessions whose last statement was LISTEN, or the listener's heartbeat; false when there was none. */
async function endListeners(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rowCount } = await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'dateline' AND (query ILIKE 'LISTEN %' OR query = 'SELECT')`,
    )
    return (rowCount ?? 0) > 0
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}
