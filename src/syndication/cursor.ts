/** A place in the change sequence: everything up to and including `position` is behind it. */
export interface ChangeCursor {
  /** The history that the position belongs to; see FeedEpoch. */
  epoch: string
  position: number
}

/** Writes a cursor as partners hold it. Opaque to them. */
export function writeChangeCursor({ epoch, position }: ChangeCursor): string {
  return Buffer.from(`changes/${epoch}/${position}`).toString('base64url')
}
