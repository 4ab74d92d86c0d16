/** What becomes of a sample comment after it was submitted. */
export type Fate =
  | 'pending'
  | 'approved'
  | { rejected: string[]; note?: string }
  /** Approved first, taken down again later. */
  | { retracted: string[]; note?: string }

export interface SampleComment {
  /** Slug of the story. */
  article: string
  /** Key of the reader. */
  reader: string
  body: string
  /** Names the comment, so that replies can point at it. */
  key?: string
  /** Key of the approved comment that this one answers; it stands earlier in the list. */
  parent?: string
  /** BCP 47 tag. */
  language: string
  fate: Fate
  /** When it was submitted. The moderator decides a little later. */
  minutesAfterPublication: number
}
