import { createHash } from 'node:crypto'
import type { Prisma } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'

/**
 * The draft as JSON for a Revision, with its keys in one order, dates in ISO 8601 and nothing
 * undefined; and the SHA-256 of that JSON in hexadecimal, by which the same draft is known again.
 */
export function revisionOf(draft: ArticleDraft): { snapshot: Prisma.InputJsonObject; fingerprint: string } {
  const json = JSON.stringify(draft, inKeyOrder)
  return { snapshot: JSON.parse(json), fingerprint: createHash('sha256').update(json).digest('hex') }
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
