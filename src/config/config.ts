import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { type AuthConfig, readAuthentication } from './authentication.ts'
import { type CdnConfig, readCdn } from './cdn.ts'
import { isLoopback } from './loopback.ts'
import {
  addressList,
  anyText,
  count,
  countOrZero,
  delay,
  hostName,
  metricsToken,
  oneOf,
  onOrOff,
  originList,
  portNumber,
  postgresAddress,
  publicAddress,
  redisAddress,
} from './parse.ts'
import { type Environment, misspellings, settingReader } from './settings.ts'
import { readSignIn, type SignInConfig } from './sign-in.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

export interface Config {
  /** 0 for any free port; see `atPort`. */
  readonly port: number
  readonly host: string
  /** The URL at which clients reach the gateway, absolute, without a trailing slash. */
  readonly publicUrl: string
  /** The name of the outlet, as in its feeds. */
  readonly outlet: string
  /** Allowed browser origins besides our own; `*` for all. */
  readonly origins: '*' | readonly string[]
  /** Proxies whose X-Forwarded-For header is trusted: addresses or CIDR ranges. */
  readonly trustedProxies: readonly string[]
  /** Concurrent websockets: in this process, and per address that is not this machine's. */
  readonly maxSockets: number
  readonly maxSocketsPerAddress: number
  /** Whether GraphiQL is served to browsers at /graphql. */
  readonly graphiql: boolean
  /** Whether the reader's pages are served: the front page, stories, topics, people, organisations and search. */
  readonly pages: boolean
  /** Which documents anonymous clients and readers may send: any, or only those that are persisted. */
  readonly documents: 'any' | 'known'
  /** A file or folder with manifests of persisted documents, an absolute path; null for none. */
  readonly persistedDocuments: string | null
  /** Who may read /metrics on the main port: everybody, the bearer of a token, or nobody. */
  readonly metrics:
    | { readonly access: 'open' | 'closed' }
    | { readonly access: 'token'; readonly token: string }
  /** An additional port that serves /metrics to everybody; null for none. */
  readonly metricsPort: number | null
  /** How long the gateway keeps serving during a shutdown, with 503 on /health/ready, in ms. */
  readonly drainDelayMs: number
  /** The most comments of one reader. */
  readonly submissionsPerMinute: number
  readonly submissionsPerHour: number
  /** The most rejected tokens and keys from one address. */
  readonly failedSignInsPerMinute: number
  /** Memory for responses of public queries, in MiB; 0 for none. */
  readonly readCacheMb: number
  /** What a CDN may hold, and how it is notified of changes. */
  readonly cdn: CdnConfig
  /** A PostgreSQL server; null for the embedded database. Contains a password: never print it. */
  readonly databaseUrl: string | null
  /** The same database by an address that supports LISTEN; null for the same address. Contains a password. */
  readonly databaseListenUrl: string | null
  /** The most connections to the server, shared by all requests. */
  readonly databasePool: number
  /** Redis for hints between gateways; null for the database's NOTIFY. Contains a password: never print it. */
  readonly redisUrl: string | null
  /** An absolute path. */
  readonly dataDir: string
  /** Whether to load the sample newsroom; undefined for the default of the database. */
  readonly sample: boolean | undefined
  readonly auth: AuthConfig
  /** How people sign in at the desk in the browser; null if that is not set up. */
  readonly signIn: SignInConfig | null
  readonly logLevel: (typeof logLevels)[number]
  /** Whether this is development: not `NODE_ENV=production`, and reachable from this machine only. */
  readonly development: boolean
  /** One warning for each variable that looks like a misspelt setting. */
  readonly warnings: readonly string[]
}

/**
 * Reads the settings from environment variables into a frozen object. An empty variable counts as unset.
 *
 * @throws SetupError naming the first setting that is wrong or missing, and how to correct it
 */
export function loadConfig(env: Environment): Config {
  const read = settingReader(env)
  const production = read('NODE_ENV', oneOf('production', 'development', 'test')) === 'production'
  const host = read('HOST', hostName) ?? '127.0.0.1'
  const port = read('PORT', portNumber) ?? 4000
  const publicUrl = read('PUBLIC_URL', publicAddress)
  const persistedDocuments = read('PERSISTED_DOCUMENTS', anyText)
  const trustedProxies = read('TRUSTED_PROXIES', addressList) ?? Object.freeze([])
  // A proxy on this machine makes a loopback address reachable from outside.
  const behindProxy = trustedProxies.length > 0 || (publicUrl && !isLoopback(new URL(publicUrl).hostname))
  const development = !production && isLoopback(host) && !behindProxy
  const auth = readAuthentication(env, development)
  const readCacheMb = read('READ_CACHE_MB', countOrZero) ?? 64
  return Object.freeze({
    port,
    host,
    publicUrl: publicUrl ?? ownAddress(host, port),
    outlet: read('OUTLET', anyText) ?? 'Dateline',
    origins: read('ORIGINS', originList) ?? Object.freeze([]),
    trustedProxies,
    maxSockets: read('MAX_SOCKETS', count) ?? 20_000,
    maxSocketsPerAddress: read('MAX_SOCKETS_PER_ADDRESS', count) ?? 500,
    graphiql: read('GRAPHIQL', onOrOff) ?? !production,
    pages: read('PAGES', onOrOff) ?? !production,
    documents: read('DOCUMENTS', oneOf('any', 'known')) ?? 'any',
    persistedDocuments: persistedDocuments === undefined ? null : resolve(persistedDocuments),
    metrics: Object.freeze(metricsAccess(read('METRICS_TOKEN', metricsToken), production)),
    metricsPort: read('METRICS_PORT', portNumber) ?? null,
    drainDelayMs: read('DRAIN_DELAY', delay) ?? (production ? 5_000 : 0),
    submissionsPerMinute: read('SUBMISSIONS_PER_MINUTE', count) ?? 10,
    submissionsPerHour: read('SUBMISSIONS_PER_HOUR', count) ?? 100,
    failedSignInsPerMinute: read('FAILED_SIGN_INS_PER_MINUTE', count) ?? 20,
    readCacheMb,
    cdn: Object.freeze(readCdn(env, readCacheMb)),
    databaseUrl: read('DATABASE_URL', postgresAddress) ?? null,
    databaseListenUrl: read('DATABASE_LISTEN_URL', postgresAddress) ?? null,
    databasePool: read('DATABASE_POOL', count) ?? 10,
    redisUrl: read('REDIS_URL', redisAddress) ?? null,
    dataDir: resolve(read('DATA_DIR', anyText) ?? '.data'),
    sample: read('SAMPLE', onOrOff),
    auth: Object.freeze(auth),
    signIn: Object.freeze(readSignIn(env, auth)),
    logLevel: read('LOG_LEVEL', oneOf(...logLevels)) ?? 'info',
    development,
    warnings: Object.freeze(misspellings(env)),
  })
}

/** The configuration of the listening server, with its actual port and URL. */
export function atPort(config: Config, port: number): Config {
  const followed = config.publicUrl === ownAddress(config.host, config.port)
  return Object.freeze({
    ...config,
    port,
    publicUrl: followed ? ownAddress(config.host, port) : config.publicUrl,
  })
}

/** Whether pages of this origin may read responses; `origin` is the request header. */
export function isAllowedOrigin(config: Config, origin: string): boolean {
  if (config.origins === '*' || config.origins.includes(origin)) return true
  if (!URL.canParse(origin)) return false
  const url = new URL(origin)
  return url.origin === new URL(config.publicUrl).origin || (config.development && isLoopback(url.hostname))
}

function metricsAccess(token: string | undefined, production: boolean): Config['metrics'] {
  if (token !== undefined) return { access: 'token', token }
  return { access: production ? 'closed' : 'open' }
}

/**
 * The URL of a server on host and port, as seen from this machine. The unspecified address becomes localhost.
 */
export function ownAddress(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`
}
