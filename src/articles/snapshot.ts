import { createHash } from 'node:crypto'
import { recordOf } from '../base/records.ts'
import type { Prisma } from '../db/client/client.ts'
import type { ArticleDraft } from './draft.ts'
import { fieldsWith } from './fields.ts'
import { mapImages } from './images.ts'

/**
 * The draft as JSON for a revision (sorted keys, ISO 8601 dates, nothing undefined), and the SHA-256 of that
 * JSON without `ownUrl`, which identifies equal drafts.
 */
export function revisionOf(draft: ArticleDraft): { snapshot: Prisma.InputJsonObject; fingerprint: string } {
  const { ownUrl, ...compared } = draft
  const json = JSON.stringify(compared, inKeyOrder)
  return {
    snapshot: { ...JSON.parse(json), ...(ownUrl && { ownUrl }) },
    fingerprint: createHash('sha256').update(json).digest('hex'),
  }
}

function inKeyOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Restores the draft of a revision. */
export function draftOf(snapshot: Prisma.JsonValue): ArticleDraft {
  return JSON.parse(JSON.stringify(snapshot), (key, value: unknown) => {
    if (DATE_KEYS.has(key) && typeof value === 'string') return new Date(value)
    return key === 'namedIn' && value === FORMER_NAMED_IN ? 'ARTICLE' : value
  })
}

/** The value of `namedIn` for the text of an article in revisions of version 0.2.0, which are never changed. */
const FORMER_NAMED_IN = 'STORY'

/** The keys of dates in a draft, at any depth. */
const DATE_KEYS = new Set<string>([...fieldsWith({ kind: 'date' }), 'closesAt', 'postedAt'])

/** Whether two drafts are equal. */
export function sameDraft(a: ArticleDraft, b: ArticleDraft): boolean {
  return revisionOf(a).fingerprint === revisionOf(b).fingerprint
}

/** Whether two drafts have the same content; rights, status and comment settings are ignored. */
export function sameContent(a: ArticleDraft, b: ArticleDraft): boolean {
  return sameDraft(contentOf(a), contentOf(b))
}

function contentOf(draft: ArticleDraft): ArticleDraft {
  const bare = mapImages(draft, ({ syndicatable, partners, ...image }) => image)
  return { ...bare, ...recordOf(fieldsWith({ content: false }), () => undefined) }
}
