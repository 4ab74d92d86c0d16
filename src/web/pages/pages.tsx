import { renderEntity } from './entity.tsx'
import { renderFront } from './front.tsx'
import { renderMessage } from './message.tsx'
import { renderSearch } from './search.tsx'
import { renderSignIn } from './sign-in.tsx'
import { renderStory } from './story.tsx'
import { renderTopic } from './topic.tsx'
import { wordsOf } from './words.ts'

/** The reader's pages: each function renders one to HTML. */
export const pages = {
  wordsOf,
  story: renderStory,
  front: renderFront,
  topic: renderTopic,
  entity: renderEntity,
  search: renderSearch,
  message: renderMessage,
  signIn: renderSignIn,
}

export type Pages = typeof pages
