import { DomainError } from '../errors.ts'

/** A place in the change sequence: everything up to and including `position` is behind it. */
export interface ChangeCursor extends Place {
  /** The history that the position belongs to; see HISTORY_SQL. */
  epoch: string
}

export interface Place {
  position: number
  /**
   * Removals up to and including this position are behind it too; never less than `position`. A partner that
   * has used up its quota is told of removals only, and returns to `position` for everything else.
   */
  removals: number
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
export function writeChangeCursor({
  epoch,
  position,
  removals = position,
}: Omit<ChangeCursor, 'removals'> & { removals?: number }): string {
  const ahead = removals > position ? `/${removals}` : ''
  return Buffer.from(`changes/${epoch}/${position}${ahead}`).toString('base64url')
}

/**
 * The place that a cursor names.
 * @throws UnknownCursor for what no gateway of this history wrote
 */
export function placeOf(cursor: string, { epoch, head }: { epoch: string; head: number }): Place {
  const [, of, ...numbers] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  const position = Number(numbers[0])
  const removals = Number(numbers[1] ?? position)
  if (of !== epoch || removals < position || removals > head) throw new UnknownCursor()
  return { position, removals }
}

const CURSOR = /^changes\/([0-9a-f-]{36})\/(0|[1-9]\d{0,9})(?:\/([1-9]\d{0,9}))?$/
