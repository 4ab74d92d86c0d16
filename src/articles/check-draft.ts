import { InvalidInput } from '../base/errors.ts'
import { canonicalLanguage } from '../text/language.ts'
import type { ArticleDraft, BlockDraft, ImageDraft } from './draft.ts'
import { fieldsWith } from './fields.ts'

/**
 * Validates a draft and returns it with the language tag in canonical form.
 * @throws InvalidInput for the first invalid field
 */
export function checkDraft(draft: ArticleDraft): ArticleDraft {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(draft.slug)) {
    throw new InvalidInput(
      'slug',
      `"${draft.slug}" is not a slug: use lower-case letters, digits and hyphens.`,
    )
  }
  checkUrl('canonicalUrl', draft.canonicalUrl)
  for (const name of fieldsWith({ kind: 'text', required: true })) {
    if (draft[name].trim() === '') throw new InvalidInput(name, `A ${name} is required.`)
  }
  for (const name of fieldsWith({ kind: 'date' })) checkDate(name, draft[name])
  if (!draft.publishedAt) throw new InvalidInput('publishedAt', 'A publication date is required.')
  checkDate('commenting', draft.commenting?.closesAt)
  if (draft.leadImage) checkImage('leadImage', draft.leadImage)
  for (const [i, block] of draft.blocks.entries()) checkBlock(`blocks[${i}]`, block)
  return { ...draft, language: canonicalLanguage(draft.language) }
}

function checkBlock(field: string, block: BlockDraft): void {
  if (block.kind === 'IMAGE') checkImage(field, block.image)
  else if (block.kind === 'EMBED') {
    checkUrl(field, block.embed.url)
    checkDate(field, block.embed.postedAt)
  } else if (block.text.trim() === '')
    throw new InvalidInput(field, 'The block has no text. Add text or remove the block.')
}

function checkImage(field: string, image: ImageDraft): void {
  if (!image.url.startsWith('/')) checkUrl(field, image.url)
}

/** @throws InvalidInput unless the URL is absolute and uses http or https */
export function checkUrl(field: string, url: string): void {
  const parsed = URL.parse(url)
  if (!parsed || !/^https?:$/.test(parsed.protocol)) {
    throw new InvalidInput(field, `"${url}" is not an absolute http or https URL.`)
  }
}

function checkDate(field: string, date: Date | null | undefined): void {
  if (date && Number.isNaN(date.getTime())) throw new InvalidInput(field, `"${field}" must be a valid date.`)
}
