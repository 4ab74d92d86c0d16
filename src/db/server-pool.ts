import pg from 'pg'
import { prepareArrayRows } from './array-rows.ts'
import type { Route } from './pooler.ts'
import {
  clientFor,
  NO_LIMITS,
  type SessionLimits,
  type SettingsScope,
  setSession,
  settingsOf,
} from './session.ts'

// How pools of connections to a PostgreSQL server are set up, directly or through a pooler.

prepareArrayRows()

/**
 * A pool with one connection that is never idle is one session; the schema engine's adapter requires a pool.
 */
export function sessionPool(url: string, by: SettingsScope): pg.Pool {
  return new pg.Pool({ ...poolConfig(url, by, NO_LIMITS), max: 1, idleTimeoutMillis: 0 })
}

export function settingsScope({ kind }: Route): SettingsScope {
  return kind === 'direct' ? 'connection' : kind
}

export function poolConfig(url: string, by: SettingsScope, limits: SessionLimits): pg.PoolConfig {
  const isDirect = by === 'connection'
  return {
    connectionString: isDirect ? withSettings(url, limits) : withoutOptions(url),
    application_name: 'dateline',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    Client: clientFor(by, limits),
    onConnect: async (client) => {
      if (by === 'session') await client.query(setSession(limits))
    },
  }
}

/**
 * Adds the session settings to the address.
 * - UTC: Prisma's adapter reads and writes times without their offset, which is correct in UTC only.
 * - No JIT, unless the address sets it: our statements take milliseconds, and one with many conditions is
 * compiled for seconds each time. With Debian's defaults a page of topics took 2.1 s instead of 0.01 s
 * (100,000 stories).
 * - Limits against abandoned statements that hold a connection, unless the address sets others.
 */
function withSettings(url: string, limits: SessionLimits): string {
  const address = new URL(url)
  const own = address.searchParams.get('options')
  const limited = settingsOf(limits).map((setting) => `-c ${setting.replaceAll(' ', '')}`)
  address.searchParams.set(
    'options',
    ['-c jit=off', ...limited, own, '-c TimeZone=UTC'].filter(Boolean).join(' '),
  )
  return address.href
}

/** Poolers refuse parameters that they do not know. */
function withoutOptions(url: string): string {
  const address = new URL(url)
  address.searchParams.delete('options')
  return address.href
}
