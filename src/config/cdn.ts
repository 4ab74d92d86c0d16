import { SetupError } from '../base/errors.ts'
import { cdnMaxAge, purgeAddress, webhookSecrets } from './parse.ts'
import { type Environment, settingReader } from './settings.ts'

export interface CdnConfig {
  /** How long a CDN may hold a public response, in s; 0 for not at all. */
  readonly maxAge: number
  /** Where changes are reported; null for nowhere. */
  readonly purge: PurgeConfig | null
}

export interface PurgeConfig {
  /** May contain a password in its query: never print it. */
  readonly url: string
  /** Each message is signed with each of them. */
  readonly secrets: readonly string[]
}

/** @throws SetupError for a setting that is missing or contradicts another one */
export function readCdn(env: Environment, readCacheMb: number): CdnConfig {
  const read = settingReader(env)
  const maxAge = read('CDN_MAX_AGE', cdnMaxAge) ?? 0
  const url = read('CDN_PURGE_URL', purgeAddress)
  const secrets = read('CDN_PURGE_SECRET', webhookSecrets)
  if (maxAge > 0 && readCacheMb === 0) {
    throw new SetupError(
      'CDN_MAX_AGE needs the read cache, which records what each response depends on: set READ_CACHE_MB above 0.',
    )
  }
  if (url && !secrets) {
    throw new SetupError(
      'CDN_PURGE_SECRET is missing: it is required with CDN_PURGE_URL, so that the receiver can check who sent a purge.',
    )
  }
  if (secrets && !url) {
    throw new SetupError('CDN_PURGE_SECRET is set without an address: set CDN_PURGE_URL too.')
  }
  if (url && maxAge === 0) {
    throw new SetupError(
      'CDN_PURGE_URL is set, but CDN_MAX_AGE is 0, so a CDN must not hold any response: set CDN_MAX_AGE to a number from 1 to 4.',
    )
  }
  return { maxAge, purge: url && secrets ? Object.freeze({ url, secrets }) : null }
}
