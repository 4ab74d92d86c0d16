import { SetupError } from '../base/errors.ts'
import { InvalidSetting, type Parse } from './parse.ts'

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
  'PAGES',
  'DOCUMENTS',
  'PERSISTED_DOCUMENTS',
  'METRICS_TOKEN',
  'METRICS_PORT',
  'DRAIN_DELAY',
  'SUBMISSIONS_PER_MINUTE',
  'SUBMISSIONS_PER_HOUR',
  'FAILED_SIGN_INS_PER_MINUTE',
  'READ_CACHE_MB',
  'CDN_MAX_AGE',
  'CDN_PURGE_URL',
  'CDN_PURGE_SECRET',
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
  'OIDC_CLIENT_ID',
  'OIDC_ISSUER',
  'OIDC_SCOPE',
  'OIDC_RESOURCE',
  'LOG_LEVEL',
  'NODE_ENV',
] as const

export type SettingName = (typeof settingNames)[number]

export type Environment = Readonly<Record<string, string | undefined>>

/**
 * Returns a function that reads one setting; undefined if it is unset. An empty variable counts as unset.
 * @throws SetupError naming the setting, and how to correct it
 */
export function settingReader(env: Environment) {
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

/** One warning for each variable that looks like a misspelt setting. */
export function misspellings(env: Environment): string[] {
  return Object.entries(MISNAMED_SETTINGS)
    .filter(([wrong, right]) => env[wrong] && !env[right])
    .map(([wrong, right]) => `${wrong} is set but is not a setting; did you mean ${right}?`)
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
