import type { DecisionsQuery } from '../../../../schema/documents.ts'

/** A decision, with the comment as it is now. */
export type Decided = DecisionsQuery['decisions']['edges'][number]['node']
