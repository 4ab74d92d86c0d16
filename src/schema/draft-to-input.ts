import type { ArticleDraft, BlockDraft } from '../articles/draft.ts'

/** A draft in the form in which editors hand in changes, every field said: it may be handed back as it is. */
export function changesIn(draft: ArticleDraft): object {
  return {
    language: draft.language,
    kicker: draft.kicker ?? null,
    headline: draft.headline,
    standfirst: draft.standfirst ?? null,
    dateline: draft.dateline ?? null,
    byline: draft.byline ?? null,
    topic: draft.topic ? { slug: draft.topic.slug, name: draft.topic.label } : null,
    publishedAt: draft.publishedAt,
    leadImage: draft.leadImage ?? null,
    blocks: draft.blocks.map(blockInput),
    people: draft.people ?? null,
    organisations: draft.organisations ?? null,
  }
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
