import type { ArticleDraft, ImageDraft } from './draft.ts'

/** The images of a draft: the lead image, then those in the body. */
export function images(draft: ArticleDraft): ImageDraft[] {
  const inBody = draft.blocks.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : []))
  return draft.leadImage ? [draft.leadImage, ...inBody] : inBody
}

/** Returns the draft with each image replaced by the result of `change`. */
export function mapImages(draft: ArticleDraft, change: (image: ImageDraft) => ImageDraft): ArticleDraft {
  return {
    ...draft,
    leadImage: draft.leadImage && change(draft.leadImage),
    blocks: draft.blocks.map((block) =>
      block.kind === 'IMAGE' ? { ...block, image: change(block.image) } : block,
    ),
  }
}
