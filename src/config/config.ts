import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { SetupError } from '../base/errors.ts'
import {
  addressList,
  anyText,
  count,
  delay,
  hostName,
  InvalidSetting,
  isLoopback,
  jwksAddress,
  metricsToken,
  oneOf,
  onOrOff,
  originList,
  type Parse,
  portNumber,
  postgresAddress,
  publicAddress,
  redisAddress,
  sharedSecret,
} from './parse.ts'

/** Every environment variable that Dateline reads; docs/configuration.md explains each. */
export const settingNames = [
  'PORT',
  'HOST',
  'PUBLIC_URL',
  'OUTLET',
  'ORIGINS',
  'TRUSTED_PROXIES',
  'MAX_SOCKETS',
  'MAX_SOCKETS_PER_ADDRESS',
  'GRAPHIQL',
  'METRICS_TOKEN',
  'METRICS_PORT',
  'DRAIN_DELAY',
  'SUBMISSIONS_PER_MINUTE',
  'SUBMISSIONS_PER_HOUR',
  'FAILED_SIGN_INS_PER_MINUTE',
  'DATABASE_URL',
  'DATABASE_LISTEN_URL',
  'DATABASE_POOL',
  'DATA_DIR',
  'REDIS_URL',
  'SAMPLE',
  'INGEST_TIME_ZONE',
  'AUTH_JWKS_URL',
  'AUTH_SECRET',
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'LOG_LEVEL',
  'NODE_ENV',
] as const

export type SettingName = (typeof settingNames)[number]

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** How tokens are verified: by the outlet's identity provider, a shared secret, or the development key. */
export type AuthConfig =
  | { readonly kind: 'jwks'; readonly url: string; readonly issuer: string; readonly audience: string }
  | { readonly kind: 'secret'; readonly secret: string; readonly issuer: string; readonly audience: string }
  | { readonly kind: 'development' }

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
  readonly logLevel: (typeof logLevels)[number]
  /** Whether this is development: not `NODE_ENV=production`, and reachable from this machine only. */
  readonly development: boolean
  /** One warning for each variable that looks like a misspelt setting. */
  readonly warnings: readonly string[]
}

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Reads the settings from environment variables into a frozen object. An empty variable counts as unset.
 *
 * @throws SetupError naming the first setting that is wrong or missing, and how to correct it
 */
export function loadConfig(env: Environment): Config {
  const read = reader(env)
  const production = read('NODE_ENV', oneOf('production', 'development', 'test')) === 'production'
  const host = read('HOST', hostName) ?? '127.0.0.1'
  const port = read('PORT', portNumber) ?? 4000
  const publicUrl = read('PUBLIC_URL', publicAddress)
  const trustedProxies = read('TRUSTED_PROXIES', addressList) ?? Object.freeze([])
  // A proxy on this machine makes a loopback address reachable from outside.
  const behindProxy = trustedProxies.length > 0 || (publicUrl && !isLoopback(new URL(publicUrl).hostname))
  const development = !production && isLoopback(host) && !behindProxy
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
    metrics: Object.freeze(metricsAccess(read('METRICS_TOKEN', metricsToken), production)),
    metricsPort: read('METRICS_PORT', portNumber) ?? null,
    drainDelayMs: read('DRAIN_DELAY', delay) ?? (production ? 5_000 : 0),
    submissionsPerMinute: read('SUBMISSIONS_PER_MINUTE', count) ?? 10,
    submissionsPerHour: read('SUBMISSIONS_PER_HOUR', count) ?? 100,
    failedSignInsPerMinute: read('FAILED_SIGN_INS_PER_MINUTE', count) ?? 20,
    databaseUrl: read('DATABASE_URL', postgresAddress) ?? null,
    databaseListenUrl: read('DATABASE_LISTEN_URL', postgresAddress) ?? null,
    databasePool: read('DATABASE_POOL', count) ?? 10,
    redisUrl: read('REDIS_URL', redisAddress) ?? null,
    dataDir: resolve(read('DATA_DIR', anyText) ?? '.data'),
    sample: read('SAMPLE', onOrOff),
    auth: Object.freeze(authentication(env, development)),
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

function authentication(env: Environment, development: boolean): AuthConfig {
  const read = reader(env)
  const url = read('AUTH_JWKS_URL', jwksAddress)
  const secret = read('AUTH_SECRET', sharedSecret)
  const issuer = read('AUTH_ISSUER', anyText)
  const audience = read('AUTH_AUDIENCE', anyText)
  if (url && secret) {
    throw new SetupError(
      'AUTH_JWKS_URL and AUTH_SECRET are both set: keep only the one that signs your tokens.',
    )
  }
  if (url || secret) {
    const key = url ? 'AUTH_JWKS_URL' : 'AUTH_SECRET'
    if (!issuer)
      throw new SetupError(`AUTH_ISSUER is missing: ${key} needs it; set it to the "iss" of your tokens.`)
    if (!audience) {
      throw new SetupError(`AUTH_AUDIENCE is missing: ${key} needs it; set it to the "aud" of your tokens.`)
    }
    if (url) return { kind: 'jwks', url, issuer, audience }
    if (secret) return { kind: 'secret', secret, issuer, audience }
  }
  if (issuer || audience) {
    const half = issuer ? 'AUTH_ISSUER' : 'AUTH_AUDIENCE'
    throw new SetupError(`${half} is set without a key: set AUTH_JWKS_URL or AUTH_SECRET too.`)
  }
  if (!development) {
    throw new SetupError(
      'AUTH_JWKS_URL or AUTH_SECRET is missing: set one, with AUTH_ISSUER and AUTH_AUDIENCE. They are optional only in ' +
        'development (HOST and PUBLIC_URL on loopback, no TRUSTED_PROXIES, and not NODE_ENV=production).',
    )
  }
  return { kind: 'development' }
}

/**
 * The URL of a server on host and port, as seen from this machine. The unspecified address becomes localhost.
 */
export function ownAddress(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`
}

function reader(env: Environment) {
  return <T>(name: SettingName, parse: Parse<T>): T | undefined => {
    const text = env[name]
    if (text === undefined || text.trim() === '') return undefined
    try {
      return parse(text)
    } catch (error) {
      if (error instanceof InvalidSetting) throw new SetupError(`${name} ${error.message}`)
      throw error
    }
  }
}

/** Names that other programs use for the same settings. */
const MISNAMED_SETTINGS: Readonly<Record<string, SettingName>> = {
  AUTH_JWKS: 'AUTH_JWKS_URL',
  AUTH_JWKS_URI: 'AUTH_JWKS_URL',
  JWKS_URL: 'AUTH_JWKS_URL',
  JWKS_URI: 'AUTH_JWKS_URL',
  AUTH_KEY: 'AUTH_SECRET',
  JWT_SECRET: 'AUTH_SECRET',
  AUTH_ISS: 'AUTH_ISSUER',
  JWT_ISSUER: 'AUTH_ISSUER',
  AUTH_AUD: 'AUTH_AUDIENCE',
  JWT_AUDIENCE: 'AUTH_AUDIENCE',
  DATABASE: 'DATABASE_URL',
  DATABASE_URI: 'DATABASE_URL',
  DB_URL: 'DATABASE_URL',
  POSTGRES_URL: 'DATABASE_URL',
  REDIS: 'REDIS_URL',
  REDIS_URI: 'REDIS_URL',
  DATADIR: 'DATA_DIR',
  DATA_PATH: 'DATA_DIR',
  ORIGIN: 'ORIGINS',
  ALLOWED_ORIGINS: 'ORIGINS',
  CORS_ORIGINS: 'ORIGINS',
  PUBLIC_URI: 'PUBLIC_URL',
  BASE_URL: 'PUBLIC_URL',
  LOGLEVEL: 'LOG_LEVEL',
}

function misspellings(env: Environment): string[] {
  return Object.entries(MISNAMED_SETTINGS)
    .filter(([wrong, right]) => env[wrong] && !env[right])
    .map(([wrong, right]) => `${wrong} is set but is not a setting; did you mean ${right}?`)
}
