import { createHash } from 'node:crypto'
import type { DeliveryRecord } from '../syndication/ledger.ts'

/** A rendered feed or article for one audience. */
export interface Rendering {
  body: Buffer
  /** The media type. */
  type: string
  /** A strong entity tag. */
  etag: string
  /** The deliveries to record if this is sent to a partner. */
  deliveries: readonly DeliveryRecord[]
  /** The URLs for the Link header; null for single articles. */
  links: { self: string; hub: string } | null
}

/** A rendering, and when the clock makes it stale; null for never. */
export interface ExpiringRendering {
  rendering: Rendering
  until: Date | null
}

export function renderingOf(text: string, rest: Omit<Rendering, 'body' | 'etag'>): Rendering {
  const body = Buffer.from(text)
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`, ...rest }
}
