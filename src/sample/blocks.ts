import type { BlockDraft, ImageDraft } from '../articles/draft.ts'

/** A paragraph of a sample story. */
export function p(text: string): BlockDraft {
  return { kind: 'PARAGRAPH', text }
}

/** A section heading of a sample story. */
export function h(text: string): BlockDraft {
  return { kind: 'HEADING', text, level: 2 }
}

/** A picture inside a sample story. */
export function picture(image: ImageDraft): BlockDraft {
  return { kind: 'IMAGE', image }
}

/** A picture that the newsroom drew and owns: `name` is its file in src/sample/pictures, without ".svg". */
export function ownPicture(name: string, alt: string, caption: string): ImageDraft {
  return {
    url: `/pictures/${name}.svg`,
    alt,
    caption,
    credit: 'Illustration: Dateline',
    usageTerms: 'Drawn by the Dateline newsroom. Free to use with the credit.',
    syndicatable: true,
  }
}

/** A drawing that stands in for a photo whose rights an agency holds. */
export function agencyPicture(name: string, agency: string, alt: string, caption: string): ImageDraft {
  return {
    url: `/pictures/${name}.svg`,
    alt,
    caption,
    agency,
    credit: agency,
    usageTerms: `A drawing that stands in for a photo by ${agency}; the agency’s terms apply.`,
    syndicatable: false,
  }
}
