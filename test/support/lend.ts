import { openAsBlob } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { startPGlite } from '../../src/db/embedded.ts'
import { empty, type Original, originalOf, type Session } from './emptying.ts'
import { databaseUrl, type Template } from './template.ts'

// To make a database takes half a second of work, and tests ask for a thousand: each gets one that an earlier
// test of the same process has given back, emptied, where there is one. All of a process have one origin.

/** For what a test left under way in its database, in ms. */
const PATIENCE = 5_000

let original: Original | undefined

export interface LentPGlite {
  /** Good until it is given back: then nothing more can be begun on it. */
  pglite: PGlite
  giveBack(): Promise<void>
}

const idle: PGlite[] = []

/**
 * Lends a database in memory that is as an image has it.
 * @param image the path of an image of a migrated database
 */
export async function lendPGlite(image: string): Promise<LentPGlite> {
  const pglite = idle.pop() ?? (await startPGlite('memory://', await openAsBlob(image)))
  const session: Session = {
    async run(sql) {
      return (await pglite.exec(sql)).map(({ rows, affectedRows = 0 }) => ({ rows, changed: affectedRows }))
    },
  }
  original ??= await originalOf(session)
  const { lease, end } = leaseOf(pglite)
  return {
    pglite: lease,
    async giveBack() {
      if (await inTime(() => end().then(() => empty(session, original as Original)))) idle.push(pglite)
      else await pglite.close()
    },
  }
}

/** The database until somebody gives it back; listeners do not outlive that. */
function leaseOf(pglite: PGlite): { lease: PGlite; end(): Promise<void> } {
  let isOver = false
  const stops: (() => Promise<void>)[] = []
  const lease = new Proxy(pglite, {
    get(target, name) {
      const value = Reflect.get(target, name, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        if (isOver) return Promise.reject(new Error('PGlite is closed'))
        const result = value.apply(target, args)
        if (name === 'listen') void result.then((stop: () => Promise<void>) => stops.push(stop))
        return result
      }
    },
  })
  return {
    lease,
    async end() {
      isOver = true
      for (const stop of stops) await stop()
    },
  }
}

export interface LentCopy {
  url: string
  giveBack(): Promise<void>
}

const idleCopies: string[] = []
let copies = 0

/** Lends a database on a server that is as its template has it. */
export async function lendCopy(template: Template): Promise<LentCopy> {
  const copy = idleCopies.pop() ?? (await makeCopy(template))
  const url = databaseUrl(template.url, copy)
  original ??= await onServer(url, (client) => originalOf(sessionOf(client)))
  return {
    url,
    async giveBack() {
      if (await inTime(() => onServer(url, emptyCopy))) idleCopies.push(copy)
      else await dropCopy(template, copy)
    },
  }
}

async function makeCopy(template: Template): Promise<string> {
  const { url, prefix, name } = template
  const copy = `${prefix}_${process.pid}_${++copies}`
  await onServer(url, async (client) => {
    await client.query(`CREATE DATABASE ${copy} TEMPLATE ${name}`)
    await client.query(withoutWaiting(copy))
  })
  return copy
}

/** Commits do not wait for the disk: what is in a copy need not outlive the server. */
function withoutWaiting(copy: string): string {
  return `ALTER DATABASE ${copy} SET synchronous_commit = off`
}

async function dropCopy({ url }: Template, copy: string): Promise<void> {
  await onServer(url, (client) => client.query(`DROP DATABASE ${copy} WITH (FORCE)`))
}

/** Whoever is still connected, a process that was killed perhaps, writes nothing any more. */
async function emptyCopy(client: pg.Client): Promise<boolean> {
  await client.query(
    `SELECT pg_terminate_backend(pid, ${PATIENCE}) FROM pg_stat_activity
      WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  )
  const [{ name }] = (await client.query('SELECT quote_ident(current_database()) AS name')).rows
  await client.query(`ALTER DATABASE ${name} RESET ALL`)
  await client.query(withoutWaiting(name))
  return empty(sessionOf(client), original as Original)
}

function sessionOf(client: pg.Client): Session {
  return {
    async run(sql) {
      const results: pg.QueryResult | pg.QueryResult[] = await client.query(sql)
      return [results].flat().map(({ rows, rowCount }) => ({ rows, changed: rowCount ?? 0 }))
    },
  }
}

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  // What went wrong shows in the query that needed the connection.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Whether it could be done, and in time. */
function inTime(work: () => Promise<boolean>): Promise<boolean> {
  return Promise.race([work().catch(() => false), after(PATIENCE, false, { ref: false })])
}
