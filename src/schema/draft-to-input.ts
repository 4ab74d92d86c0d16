import type { ArticleDraft, BlockDraft } from '../articles/draft.ts'
import { type FieldsWith, fieldsWith } from '../articles/fields.ts'
import { recordOf } from '../base/records.ts'

/** A draft in the form of ArticleChangesInput, with every field set, so that it can be submitted unchanged. */
export function changesIn(draft: ArticleDraft): object {
  return {
    language: draft.language,
    ...recordOf(fieldsWith({ kind: 'text', edited: true }), (name) => draft[name] ?? null),
    dateline: draft.dateline ?? null,
    topic: draft.topic ? { slug: draft.topic.slug, name: draft.topic.label } : null,
    publishedAt: draft.publishedAt,
    leadImage: draft.leadImage ?? null,
    blocks: draft.blocks.map(blockInput),
    people: draft.people ?? null,
    organisations: draft.organisations ?? null,
  } satisfies Record<FieldsWith<{ edited: true }>, unknown>
}

function blockInput(block: BlockDraft): object {
  switch (block.kind) {
    case 'PARAGRAPH':
      return { paragraph: { text: block.text } }
    case 'HEADING':
      return { heading: { text: block.text, level: block.level } }
    case 'QUOTATION': {
      const { kind, ...quotation } = block
      return { quotation }
    }
    case 'IMAGE':
      return { image: block.image }
    case 'EMBED':
      return { embed: block.embed }
  }
}
