import { DomainError } from '../base/errors.ts'

/** A place in the change sequence: everything up to and including `position` is behind it. */
export interface Place {
  position: number
  /** Of the licence change at the next position, the last story that is behind it too; null for none. */
  within: string | null
}

/** A place as a client holds it. */
export interface ChangeCursor extends Place {
  /** The history that the position belongs to; see HISTORY_SQL. */
  epoch: string
  /** The place up to which removals were told before their turn; null for no such place. */
  ahead: Place | null
}

/** The place before everything. */
export const START: Place = Object.freeze({ position: 0, within: null })

/** The cursor can't be honoured: whoever has it must begin again, without one. */
export class UnknownCursor extends DomainError {
  constructor() {
    super(
      'UNKNOWN_CURSOR',
      "This cursor is not one of this newsroom's history. Begin again without a cursor, and remove what you are not given again.",
    )
  }
}

/** Writes a cursor of the changes as partners hold it. Opaque to them. */
export function writeChangeCursor({
  epoch,
  ahead = null,
  ...place
}: Place & { epoch: string; ahead?: Place | null }): string {
  const told = ahead && isBefore(place, ahead) ? `/${written(ahead)}` : ''
  return Buffer.from(`changes/${epoch}/${written(place)}${told}`).toString('base64url')
}

/** Writes a cursor of the removals. It is not one of the changes, most of which it passes over. */
export function writeRemovalCursor({ epoch, ...place }: Place & { epoch: string }): string {
  return Buffer.from(`removals/${epoch}/${written(place)}`).toString('base64url')
}

/**
 * The place behind a cursor of the changes.
 * @throws UnknownCursor for what no gateway of this history wrote
 */
export function readChangeCursor(cursor: string, epoch: string): ChangeCursor {
  const { feed, ...read } = readCursor(cursor, epoch)
  if (feed !== 'changes') throw new UnknownCursor()
  return read
}

/**
 * The place behind a cursor of the changes or of the removals.
 * @throws UnknownCursor for what no gateway of this history wrote
 */
export function readCursor(cursor: string, epoch: string): ChangeCursor & { feed: 'changes' | 'removals' } {
  const [, feed, of, place, ahead] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (of !== epoch || place === undefined) throw new UnknownCursor()
  const told = ahead === undefined ? null : placeIn(ahead)
  if (told && !isBefore(placeIn(place), told)) throw new UnknownCursor()
  return { feed: feed as 'changes' | 'removals', epoch, ...placeIn(place), ahead: told }
}

/** Whether a place comes before another one. */
export function isBefore(a: Place, b: Place): boolean {
  return a.position === b.position ? (a.within ?? '') < (b.within ?? '') : a.position < b.position
}

function written({ position, within }: Place): string {
  return within === null ? String(position) : `${position}.${within}`
}

function placeIn(text: string): Place {
  const [position, within = null] = text.split('.')
  return { position: Number(position), within }
}

const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const PLACE = `(?:0|[1-9]\\d{0,9})(?:\\.${UUID})?`
const CURSOR = new RegExp(`^(changes|removals)/(${UUID})/(${PLACE})(?:/(${PLACE}))?$`)
