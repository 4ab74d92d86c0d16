import type { EmbedDraft } from '../articles/draft.ts'
import { absolute } from './addresses.ts'
import { attribute, type PageElement } from './dom.ts'
import { MAX_POST_CHARACTERS } from './page-limits.ts'
import { plain } from './text.ts'
import { labelTextOf, textOf } from './text-of.ts'

/** A post that is marked up as schema.org SocialMediaPosting, as on the pages of this gateway. */
export function readPostItem(item: PageElement): EmbedDraft | undefined {
  const property = (name: string) => item.querySelector(`[itemprop="${name}"]`)
  const url = absolute(attribute(property('url'), 'href'))
  const provider = attribute(property('publisher'), 'content')
  if (!url || !provider) return undefined
  const label = (name: string) => {
    const element = property(name)
    return element ? labelTextOf(element) : ''
  }
  const words = property('text')
  const text = words ? plain(textOf(words, MAX_POST_CHARACTERS).slice(0, MAX_POST_CHARACTERS)) : ''
  const postedAt = new Date(attribute(property('datePublished'), 'datetime') ?? '')
  const authorName = label('author')
  const handle = label('alternateName')
  return {
    provider,
    url: url.href,
    ...(authorName !== '' && { authorName }),
    ...(handle !== '' && { handle }),
    ...(text !== '' && { text }),
    ...(!Number.isNaN(postedAt.getTime()) && { postedAt }),
  }
}
