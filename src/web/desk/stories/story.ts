import type { StoryDetailsQuery, StoryRowFragment } from '../../../../schema/documents.ts'

/** A story as the list shows it. */
export type StoryRow = StoryRowFragment

/** A story with its corrections and versions. */
export type Story = NonNullable<StoryDetailsQuery['article']>

/** Whether readers see a story, and if not, why. */
export type StoryState = 'PUBLIC' | 'EMBARGOED' | 'WITHHELD' | 'CANCELED'

export const STATES: readonly StoryState[] = ['PUBLIC', 'EMBARGOED', 'WITHHELD', 'CANCELED']

export const STATE_KINDS = {
  PUBLIC: 'good',
  EMBARGOED: 'waiting',
  WITHHELD: 'bad',
  CANCELED: 'bad',
} as const satisfies Record<StoryState, string>

export function stateOf({ status, publishedAt, embargoedUntil }: StoryRow): StoryState {
  if (status !== 'USABLE') return status
  const now = Date.now()
  const isDue = Date.parse(publishedAt) <= now && Date.parse(embargoedUntil ?? publishedAt) <= now
  return isDue ? 'PUBLIC' : 'EMBARGOED'
}

/** When a story becomes public. */
export function dueAt({ publishedAt, embargoedUntil }: StoryRow): string {
  return embargoedUntil && embargoedUntil > publishedAt ? embargoedUntil : publishedAt
}

/** The path of a story at the desk. */
export function storyPath(slug: string, part?: 'versions' | 'correct'): string {
  return `/stories/${encodeURIComponent(slug)}${part ? `/${part}` : ''}`
}
