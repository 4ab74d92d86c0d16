import { encodeGlobalID } from '@pothos/plugin-relay'
import type { SyndicatedStory } from './story.ts'

/** A story as plain JSON. */
export function storyJson(story: SyndicatedStory) {
  return { ...story, id: storyId(story.id) }
}

/** The id by which clients know a story. */
export function storyId(key: string): string {
  return encodeGlobalID('Article', key)
}
