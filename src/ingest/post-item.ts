import type { EmbedDraft } from '../articles/draft.ts'
import { absolute } from './addresses.ts'
import { readDate } from './dates.ts'
import { attribute, type PageElement } from './dom.ts'
import { MAX_POST_CHARACTERS } from './page-limits.ts'
import { plain } from './text.ts'
import { labelTextOf, textOf } from './text-of.ts'

/** Of the names of a provider, an author and an account. */
const MAX_NAME_CHARACTERS = 120

/** A post that is marked up as schema.org SocialMediaPosting, as on the pages of this gateway. */
export function readPostItem(item: PageElement): EmbedDraft | undefined {
  const property = (name: string) => item.querySelector(`[itemprop="${name}"]`)
  const url = absolute(attribute(property('url'), 'href'))
  const provider = plain(attribute(property('publisher'), 'content') ?? '').slice(0, MAX_NAME_CHARACTERS)
  if (!url || !provider) return undefined
  const label = (name: string) => {
    const element = property(name)
    return element ? labelTextOf(element, MAX_NAME_CHARACTERS).slice(0, MAX_NAME_CHARACTERS) : ''
  }
  const words = property('text')
  const text = words ? plain(textOf(words, MAX_POST_CHARACTERS).slice(0, MAX_POST_CHARACTERS)) : ''
  const postedAt = readDate(attribute(property('datePublished'), 'datetime'))
  const authorName = label('author')
  const handle = label('alternateName')
  return {
    provider,
    url: url.href,
    ...(authorName !== '' && { authorName }),
    ...(handle !== '' && { handle }),
    ...(text !== '' && { text }),
    ...(postedAt && { postedAt }),
  }
}
