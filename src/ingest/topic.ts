import type { TopicDraft } from '../articles/draft.ts'
import { digest, slugify } from './slug.ts'
import { plainFromHtml } from './text.ts'

/** The topic that a page names as its section; undefined for names that are no topics. */
export function topicOf(section: string | undefined): TopicDraft | undefined {
  const label = plainFromHtml(section ?? '').split(/\s*[,;>|]\s*/)[0]!
  if (label.length > 60 || !/\p{L}/u.test(label) || /^uncategori[sz]ed$/i.test(label)) return undefined
  return { slug: slugify(label) || `topic-${digest(label)}`, label }
}
