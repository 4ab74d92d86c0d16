import type { ImageDraft } from '../articles/draft.ts'
import { splitCaption, splitCredit } from './credit.ts'
import { isNode, type LinkedData, type LinkedNode } from './json-ld.ts'
import { plainFromHtml } from './text.ts'

/** The caption and the credit in the JSON-LD of an image. */
export function linkedCredit(data: LinkedData, image: LinkedNode): Partial<ImageDraft> {
  const { caption, credit: inCaption } = splitCaption(plainFromHtml(data.text(image, 'caption') ?? ''))
  const [author] = [...data.values(image, 'author'), ...data.values(image, 'creator')].map((value) =>
    isNode(value) ? data.text(value, 'name') : value,
  )
  const holders = data
    .values(image, 'copyrightHolder')
    .map((value) => (isNode(value) ? data.text(value, 'name') : value))
  const parts = [author, ...holders].filter((part) => typeof part === 'string')
  const line = data.text(image, 'creditText', 'copyrightNotice') ?? parts.join(' / ')
  const credit = splitCredit(plainFromHtml(line)) ?? inCaption
  return { ...(caption && { caption }), ...credit }
}
