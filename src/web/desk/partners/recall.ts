import type { RecallStateFragment } from '../../../../schema/documents.ts'

/** A story that partners must remove. */
export type RecallState = RecallStateFragment

/** The state of the removal at one partner. */
export type Holder = RecallState['holders'][number]
