import { createHash } from 'node:crypto'
import type { DeliveryRecord } from '../syndication/ledger.ts'

/** A feed or a story, ready to be sent to one audience. */
export interface Rendering {
  body: Buffer
  /** Media type. */
  type: string
  /** A strong entity tag: other bytes have another one. */
  etag: string
  /** What a partner that is sent this must be written down to have been given. */
  deliveries: readonly DeliveryRecord[]
  /** Addresses for the Link header; null for single stories. */
  links: { self: string; hub: string } | null
}

/** A rendering, with the moment from which the clock alone makes it wrong; null for never. */
export interface ExpiringRendering {
  rendering: Rendering
  until: Date | null
}

export function renderingOf(text: string, rest: Omit<Rendering, 'body' | 'etag'>): Rendering {
  const body = Buffer.from(text)
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`, ...rest }
}
