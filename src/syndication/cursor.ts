import { DomainError } from '../errors.ts'

/** A place in the change sequence: everything up to and including `position` is behind it. */
export interface ChangeCursor {
  /** The history that the position belongs to; see FeedEpoch. */
  epoch: string
  position: number
}

/** The cursor can't be honoured: whoever has it must begin again, without one. */
export class UnknownCursor extends DomainError {
  constructor() {
    super(
      'UNKNOWN_CURSOR',
      "This cursor is not one of this newsroom's history. Begin again without a cursor, and remove what you are not given again.",
    )
  }
}

/** Writes a cursor as partners hold it. Opaque to them. */
export function writeChangeCursor({ epoch, position }: ChangeCursor): string {
  return Buffer.from(`changes/${epoch}/${position}`).toString('base64url')
}

/**
 * The position behind a cursor.
 * @throws UnknownCursor for what no gateway of this history wrote
 */
export function positionOf(cursor: string, epoch: string): number {
  const [, of, position] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (of !== epoch) throw new UnknownCursor()
  return Number(position)
}

const CURSOR = /^changes\/([0-9a-f-]{36})\/(0|[1-9]\d{0,9})$/
