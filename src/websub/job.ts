/** What is known of a subscription before its subscriber has confirmed that it is wanted. */
export interface Intent {
  mode: 'subscribe' | 'unsubscribe'
  /** The feed's address as the subscriber gave it; it knows it by this. May hold a key. */
  asked: string
  /** The same without a key. */
  topic: string
  callback: string
  /** The partner whose key the address held; null for the public's version. */
  partnerId: string | null
  leaseSeconds: number
  /** What the subscriber wants its content to be signed with; null for nothing. */
  secret: string | null
}

/** Work for the hub. */
export type WebSubJob =
  /** To ask a callback whether it wants what somebody asked for in its name. */
  | { kind: 'verify'; intent: Intent }
  /** To send a subscriber the feed, if it is not what it was last sent. */
  | { kind: 'distribute'; subscriptionId: string; attempts: number }

/**
 * Jobs for one host go to it a few at a time, whoever asked for them. Its ports are no hosts of their own, nor
 * is its name with the dot of the root behind it.
 */
export function hostOf(callback: string): string {
  return new URL(callback).hostname.replace(/\.$/, '')
}
