import type { ReaderDetailsQuery } from '../../../../schema/documents.ts'

/** A reader with the standing and the counts of comments. */
export type ReaderDetails = NonNullable<ReaderDetailsQuery['reader']>
