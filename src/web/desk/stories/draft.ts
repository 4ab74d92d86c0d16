// The content of an article as editors read and write it: Article.draft, in the form of ArticleChangesInput.

export interface Draft {
  language: string
  headline: string
  kicker: string | null
  standfirst: string | null
  byline: string | null
  dateline: { text: string } | null
  topic: { slug: string; name?: string | null } | null
  publishedAt: string
  leadImage: DraftImage | null
  blocks: DraftBlock[]
  people: { person: string; rolesAsPrinted?: string[] | null }[] | null
  organisations: { organisation: string }[] | null
}

interface DraftImage {
  url: string
  alt?: string | null
  caption?: string | null
  credit?: string | null
}

export type DraftBlock =
  | { paragraph: { text: string } }
  | { heading: { text: string; level?: number } }
  | { quotation: { text: string; roleAsPrinted?: string | null; speaker?: object | null } }
  | { image: DraftImage }
  | { embed: { provider: string; url: string; text?: string | null; authorName?: string | null } }

/** A part of an article, by the name of its field or the kind of its block. */
export type Part =
  | Exclude<keyof Draft, 'blocks' | 'people' | 'organisations'>
  | 'person'
  | 'organisation'
  | 'paragraph'
  | 'heading'
  | 'quotation'
  | 'image'
  | 'embed'

/** A part of an article as text, to compare it with another version. */
export interface Line {
  part: Part
  text: string
}

/** The single fields of an article as lines, without those that are empty. */
export function fieldLines(draft: Draft): Line[] {
  const lines: { part: Part; text: string | null | undefined }[] = [
    { part: 'kicker', text: draft.kicker },
    { part: 'headline', text: draft.headline },
    { part: 'standfirst', text: draft.standfirst },
    { part: 'byline', text: draft.byline },
    { part: 'dateline', text: draft.dateline?.text },
    { part: 'topic', text: draft.topic?.name ?? draft.topic?.slug },
    { part: 'language', text: draft.language },
    { part: 'publishedAt', text: draft.publishedAt },
    { part: 'leadImage', text: draft.leadImage && imageText(draft.leadImage) },
  ]
  return lines.filter((line): line is Line => !!line.text)
}

/** The body, then the people and organisations that editors named. */
export function listLines({ blocks, people, organisations }: Draft): Line[] {
  return [
    ...blocks.map(blockLine),
    ...(people ?? []).map(({ person, rolesAsPrinted }): Line => {
      return { part: 'person', text: joined([person, ...(rolesAsPrinted ?? [])]) }
    }),
    ...(organisations ?? []).map(({ organisation }): Line => ({ part: 'organisation', text: organisation })),
  ]
}

function blockLine(block: DraftBlock): Line {
  return { part: blockPart(block), text: wholeText(block) }
}

/** The kind of a block is the name of its only field. */
export function blockPart(block: DraftBlock): Part {
  return Object.keys(block)[0] as Part
}

function wholeText(block: DraftBlock): string {
  if ('image' in block) return imageText(block.image)
  if ('quotation' in block) return joined([block.quotation.text, block.quotation.roleAsPrinted])
  if (!('embed' in block)) return blockText(block) ?? ''
  const { text, authorName, provider, url } = block.embed
  return joined([text, authorName, provider, url])
}

function imageText({ url, alt, caption, credit }: DraftImage): string {
  return joined([caption, credit, alt, url])
}

function joined(texts: readonly (string | null | undefined)[]): string {
  return texts.filter(Boolean).join(' · ')
}

/** The text of a block that a correction can change; null if it has none. */
export function blockText(block: DraftBlock): string | null {
  if ('paragraph' in block) return block.paragraph.text
  if ('heading' in block) return block.heading.text
  return 'quotation' in block ? block.quotation.text : null
}

/** The block with another text. */
export function withText(block: DraftBlock, text: string): DraftBlock {
  if ('paragraph' in block) return { paragraph: { ...block.paragraph, text } }
  if ('heading' in block) return { heading: { ...block.heading, text } }
  return 'quotation' in block ? { quotation: { ...block.quotation, text } } : block
}
