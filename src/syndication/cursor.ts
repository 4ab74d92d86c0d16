import { DomainError } from '../base/errors.ts'

/** A position in the change sequence: everything up to and including `position` has been read. */
export interface Place {
  position: number
  /** Within the licence change at the next position: the last article that has been read; null for none. */
  within: string | null
}

/** The content of a cursor. */
export interface ChangeCursor extends Place {
  /** The history of the position; see HISTORY_SQL. */
  epoch: string
  /** The position up to which removals were delivered ahead; null for none. */
  ahead: Place | null
}

/** The position before the first entry. */
export const START: Place = Object.freeze({ position: 0, within: null })

/** The largest integer of PostgreSQL. */
const MAX_POSITION = 2_147_483_647

const OTHER_HISTORY =
  'The cursor is unknown: the database was restored or replaced. Start again without a cursor, and remove the articles that you do not receive again.'

const NO_CURSOR = 'This is not a cursor of changes or removals. Send a cursor exactly as you received it.'

const REMOVAL_CURSOR = 'This cursor is from "removals". Send a cursor from "changes".'

/** The cursor can't be used. By default, the reason is that it is of another history. */
export class UnknownCursor extends DomainError<'UNKNOWN_CURSOR'> {
  constructor(message = OTHER_HISTORY) {
    super('UNKNOWN_CURSOR', message)
  }
}

/** Encodes a cursor of the changes. Opaque to clients. */
export function writeChangeCursor({
  epoch,
  ahead = null,
  ...place
}: Place & { epoch: string; ahead?: Place | null }): string {
  const aheadPlace = ahead && isBefore(place, ahead) ? `/${written(ahead)}` : ''
  return Buffer.from(`changes/${epoch}/${written(place)}${aheadPlace}`).toString('base64url')
}

/** Encodes a cursor of the removals. It is not a cursor of the changes, most of which it skips. */
export function writeRemovalCursor({ epoch, ...place }: Place & { epoch: string }): string {
  return Buffer.from(`removals/${epoch}/${written(place)}`).toString('base64url')
}

/**
 * Decodes a cursor of the changes.
 * @throws UnknownCursor for a cursor of another history or of the removals, and for other text
 */
export function readChangeCursor(cursor: string, epoch: string): ChangeCursor {
  const { feed, ...read } = readCursor(cursor, epoch)
  if (feed !== 'changes') throw new UnknownCursor(REMOVAL_CURSOR)
  return read
}

/**
 * Decodes a cursor of the changes or of the removals.
 * @throws UnknownCursor for a cursor of another history, and for other text
 */
export function readCursor(cursor: string, epoch: string): ChangeCursor & { feed: 'changes' | 'removals' } {
  const [, feed, of, place, ahead] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  if (place === undefined) throw new UnknownCursor(NO_CURSOR)
  const aheadPlace = ahead === undefined ? null : placeIn(ahead)
  if (aheadPlace && !isBefore(placeIn(place), aheadPlace)) throw new UnknownCursor(NO_CURSOR)
  if (of !== epoch) throw new UnknownCursor()
  return { feed: feed as 'changes' | 'removals', epoch, ...placeIn(place), ahead: aheadPlace }
}

/** The position in a cursor of any history; 0 for text that is no cursor, which `readCursor` refuses. */
export function positionIn(cursor: string): number {
  const [, , , place] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? []
  return place === undefined ? START.position : Math.min(placeIn(place).position, MAX_POSITION)
}

/** Whether a position is before another. */
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
