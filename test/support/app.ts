import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import pino from 'pino'
import { type App, type AppDeps, startApp } from '../../src/app.ts'
import { signToken } from '../../src/auth/sign.ts'
import type { Role } from '../../src/auth/viewer.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { Database } from '../../src/db/database.ts'
import type { SocketLimits } from '../../src/http/limits.ts'
import { freshDatabase } from './database.ts'
import type { Json } from './json.ts'
import { unhurried } from './unhurried.ts'

export interface TestApp extends App, AsyncDisposable {
  database: Database
  /** The address of /graphql for HTTP, and for websockets. */
  url: string
  wsUrl: string
  token(role: Role, options?: { name?: string; ttlSeconds?: number }): Promise<string>
  /** Sends an operation over HTTP; throws when the answer has errors. */
  ask<Data = Json, Variables = Json>(
    document: string | TypedDocumentNode<Data, Variables>,
    variables?: Variables,
    token?: string,
  ): Promise<Data>
  /** The same, but returns the answer whatever it is. */
  post(query: string, variables?: unknown, token?: string): Promise<Answer>
}

export interface Answer {
  status: number
  data?: Json
  errors?: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[]
}

interface Options {
  onStatement?: (sql: string, values: unknown[]) => void
  now?: () => Date
  /** A database that the test owns and shares among gateways; it is not closed with the app. */
  database?: Database
  pollMs?: number
  changePollMs?: number
  /** How often the read cache looks for changes. Without it there is no read cache: many tests write with SQL. */
  readCachePollMs?: number
  /** Other limits on connections than the usual ones. */
  limits?: Partial<SocketLimits>
  /** Another limit of automatic persisted documents, in bytes. */
  maxAutomaticBytes?: number
  /** Called for each read that is left to Prisma. */
  onReadLeft?: AppDeps['onReadLeft']
  /** Other attempts to push, and another resolver of names. */
  push?: AppDeps['push']
  /** Other times of the purges of a CDN. */
  purges?: AppDeps['purges']
  /** Where warnings go; nowhere by default. */
  log?: AppDeps['log']
  /** More settings, as in the environment. */
  env?: Record<string, string>
}

/** A whole gateway on a port of its own, over a database of its own, in this process. */
export async function freshApp(options: Options = {}): Promise<TestApp> {
  const database = options.database ?? (await freshDatabase({ onStatement: options.onStatement }))
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-app-'))
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'silent',
    ...unhurried,
    ...(options.readCachePollMs === undefined ? { READ_CACHE_MB: '0' } : {}),
    ...options.env,
  })
  const { now, pollMs, changePollMs, readCachePollMs, limits, maxAutomaticBytes, onReadLeft, push, purges } =
    options
  const log = options.log ?? pino({ level: 'silent' })
  const app = await startApp({
    config,
    database,
    log,
    now,
    pollMs,
    changePollMs,
    readCachePollMs,
    limits,
    maxAutomaticBytes,
    onReadLeft,
    push,
    purges,
  })
  const url = `http://127.0.0.1:${app.config.port}/graphql`

  const post: TestApp['post'] = async (query, variables, token) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...(token ? { authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify({ query, variables }),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  let closed = false
  const close = async (graceMs = 1_000) => {
    if (closed) return
    closed = true
    await app.close(graceMs)
    if (!options.database) await database.close()
    await rm(dataDir, { recursive: true, force: true })
  }

  return {
    ...app,
    database,
    url,
    wsUrl: url.replace('http', 'ws'),
    token: (role, { name, ttlSeconds = 3600 } = {}) =>
      signToken({ auth: app.config.auth as { kind: 'development' }, dataDir, role, name, ttlSeconds }),
    post,
    async ask(document, variables, token) {
      const text = typeof document === 'string' ? document : print(document)
      const { data, errors } = await post(text, variables, token)
      if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
      return data
    },
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}
