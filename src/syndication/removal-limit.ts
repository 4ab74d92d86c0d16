import { RateLimited } from '../base/errors.ts'
import type { RateLimit } from '../rate-limits/limit.ts'

/**
 * Counts one look at what a partner must remove, or one acknowledgement: neither is taken from its quotas.
 * @throws RateLimited when it is one too many
 */
export async function countRemovalRequest(partnerId: string, limit: RateLimit): Promise<void> {
  const wait = limit.retryAfterOf(partnerId) ?? (await limit.count(partnerId))
  if (wait !== null) throw new RateLimited('You read removals or acknowledge too often.', wait)
}
