import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { KeyKind } from '../db/client/client.ts'

/** How a key of each kind begins, so that people, and programs that look for leaked secrets, know it. */
const START: Readonly<Record<KeyKind, string>> = { FULL: 'dlk', FEED: 'dlf' }

const KEY = /^(dl[kf]_[0-9a-f]{8})_[\w-]{43}$/

/** A key as it is made: the text is shown once, the rest is kept. */
export interface NewKey {
  kind: KeyKind
  /** The whole key: 32 random bytes behind the prefix. */
  text: string
  /** The part by which it is found; it is no secret. */
  prefix: string
  /** SHA-256 of the whole key, in hexadecimal. The key is random, so nothing slower is needed. */
  hash: string
}

/** What can be said of a key without the database. */
export type ParsedKey = Omit<NewKey, 'text'>

/** Makes a key that nobody can guess. */
export function makeKey(kind: KeyKind): NewKey {
  const prefix = `${START[kind]}_${randomBytes(4).toString('hex')}`
  const text = `${prefix}_${randomBytes(32).toString('base64url')}`
  return { kind, text, prefix, hash: hash('sha256', text) }
}

/** Takes a key apart; null for a text that is none. */
export function parseKey(text: string): ParsedKey | null {
  const prefix = KEY.exec(text)?.[1]
  if (!prefix) return null
  return { kind: prefix.startsWith(START.FULL) ? 'FULL' : 'FEED', prefix, hash: hash('sha256', text) }
}

/** Whether a text begins as keys do, so that it is meant for one. */
export function looksLikeKey(text: string): boolean {
  return /^dl[kf]_/.test(text)
}

/** Compares two hashes in a time that does not tell where they differ. */
export function isSameHash(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/**
 * What stands for a key in the addresses of its partner's feeds. It reads feeds and nothing else, nobody finds the
 * key from it, and it ends with the key.
 */
export function feedTokenOf({ prefix, hash: secret }: Pick<NewKey, 'prefix' | 'hash'>): string {
  return `${prefix.slice(2).replace('_', '')}${createHmac('sha256', secret).update('feeds').digest('base64url')}`
}

/** The prefix of the key that a feed token stands for; null for a text that is none. */
export function prefixOfFeedToken(token: string): string | null {
  const [, kind, id] = FEED_TOKEN.exec(token) ?? []
  return kind && id ? `dl${kind}_${id}` : null
}

const FEED_TOKEN = /^([kf])([0-9a-f]{8})[\w-]{43}$/
