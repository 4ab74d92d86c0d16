import type { ArticleDraft, ImageDraft } from './draft.ts'

/** Every picture of a draft: the lead image, then those in the body. */
export function images(draft: ArticleDraft): ImageDraft[] {
  const inBody = draft.blocks.flatMap((block) => (block.kind === 'IMAGE' ? [block.image] : []))
  return draft.leadImage ? [draft.leadImage, ...inBody] : inBody
}

/** The draft with something done to each of its pictures. */
export function mapImages(draft: ArticleDraft, change: (image: ImageDraft) => ImageDraft): ArticleDraft {
  return {
    ...draft,
    leadImage: draft.leadImage && change(draft.leadImage),
    blocks: draft.blocks.map((block) =>
      block.kind === 'IMAGE' ? { ...block, image: change(block.image) } : block,
    ),
  }
}
