/** A subscription request that the callback has not confirmed yet. */
export interface Intent {
  mode: 'subscribe' | 'unsubscribe'
  /** The topic URL as the subscriber sent it. May contain a key. */
  asked: string
  /** The same without a key. */
  topic: string
  callback: string
  /** The partner of the key in the URL; null for the public version. */
  partnerId: string | null
  leaseSeconds: number
  /** The signing secret; null for none. */
  secret: string | null
}

/** A job of the hub. */
export type WebSubJob =
  /** Verify the intent of a callback. */
  | { kind: 'verify'; intent: Intent }
  /** Send the feed to a subscriber if it has changed. */
  | { kind: 'distribute'; subscriptionId: string; attempts: number }

/**
 * The group of jobs: limits concurrent requests per host. Ports and a trailing dot do not make another host.
 */
export function hostOf(callback: string): string {
  return new URL(callback).hostname.replace(/\.$/, '')
}
