import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyKind } from '../db/client/client.ts'

/** The prefix of each kind of key, by which people and secret scanners recognise it. */
const KIND_PREFIXES: Readonly<Record<KeyKind, string>> = { FULL: 'dlk', FEED: 'dlf' }

const KEY_PATTERN = /^(dl[kf]_[0-9a-f]{8})_[\w-]{43}$/

/** A new key. The text is shown once; the other fields are stored. */
export interface NewKey {
  kind: KeyKind
  /** The whole key: the prefix and 32 random bytes. */
  text: string
  /** The part by which the key is looked up. Not secret. */
  prefix: string
  /** SHA-256 of the whole key, in hexadecimal. Keys are random, so a slow hash is not needed. */
  hash: string
}

/** The parts of a key that are known without the database. */
export type ParsedKey = Omit<NewKey, 'text'>

/** Creates a random key. */
export function makeKey(kind: KeyKind): NewKey {
  const prefix = `${KIND_PREFIXES[kind]}_${randomBytes(4).toString('hex')}`
  const text = `${prefix}_${randomBytes(32).toString('base64url')}`
  return { kind, text, prefix, hash: hash('sha256', text) }
}

/** Parses a key; null for any other text. */
export function parseKey(text: string): ParsedKey | null {
  const prefix = KEY_PATTERN.exec(text)?.[1]
  if (!prefix) return null
  return { kind: prefix.startsWith(KIND_PREFIXES.FULL) ? 'FULL' : 'FEED', prefix, hash: hash('sha256', text) }
}

/** Whether a text starts like a key. */
export function looksLikeKey(text: string): boolean {
  return /^dl[kf]_/.test(text)
}

/** Whether a query has a key under another name than "key", such as "Key" or "apikey", by which nothing reads it. */
export function hasMisnamedKey(query: URLSearchParams): boolean {
  return [...query].some(
    ([name, value]) => name !== 'key' && (name.trim().toLowerCase() === 'key' || /^\s*dl[kf]_/i.test(value)),
  )
}

/** Compares two hashes in constant time. */
export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/**
 * The token that replaces a key in feed URLs. It can only read feeds, the key can't be derived from it, and
 * it expires with the key.
 */
export function feedTokenOf({ prefix, hash: secret }: Pick<NewKey, 'prefix' | 'hash'>): string {
  return `${prefix.slice(2).replace('_', '')}${createHmac('sha256', secret).update('feeds').digest('base64url')}`
}

/** The prefix of the key of a feed token; null for any other text. */
export function prefixOfFeedToken(token: string): string | null {
  const [, kind, id] = FEED_TOKEN_PATTERN.exec(token) ?? []
  return kind && id ? `dl${kind}_${id}` : null
}

const FEED_TOKEN_PATTERN = /^([kf])([0-9a-f]{8})[\w-]{43}$/
