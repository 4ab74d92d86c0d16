import { RateLimited } from '../base/errors.ts'
import type { RateLimit } from '../rate-limits/limit.ts'

/**
 * Counts one request for removals or one acknowledgement. These are not charged to the quotas.
 * @throws RateLimited if the limit is exceeded
 */
export async function countRemovalRequest(partnerId: string, limit: RateLimit): Promise<void> {
  const wait = limit.retryAfterOf(partnerId) ?? (await limit.count(partnerId))
  if (wait !== null) throw new RateLimited('Too many requests for removals or acknowledgements.', wait)
}
