import { newsroomTerms, publicTerms, type Terms } from './terms.ts'

/** The audience of a version of an article. */
export type Audience =
  | { kind: 'partner'; id: string; slug: string; terms: Terms }
  /** Anonymous readers and all others without a key. */
  | { kind: 'public' }
  /** Editors, who may see everything in every state. */
  | { kind: 'newsroom' }

/** The terms of an audience. */
export function termsOf(audience: Audience): Readonly<Terms> {
  if (audience.kind === 'partner') return audience.terms
  return audience.kind === 'public' ? publicTerms : newsroomTerms
}
