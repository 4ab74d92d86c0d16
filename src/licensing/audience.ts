import { newsroomTerms, publicTerms, type Terms } from './terms.ts'

/** Whom a version of a story is for. */
export type Audience =
  | { kind: 'partner'; id: string; slug: string; terms: Terms }
  /** Whoever comes by without a key. */
  | { kind: 'public' }
  /** Editors, who may have everything, in every state. */
  | { kind: 'newsroom' }

/** What an audience may have. */
export function termsOf(audience: Audience): Readonly<Terms> {
  if (audience.kind === 'partner') return audience.terms
  return audience.kind === 'public' ? publicTerms : newsroomTerms
}
