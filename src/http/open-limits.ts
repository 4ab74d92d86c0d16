import { SignInLimit } from '../auth/sign-in-limit.ts'
import type { Config } from '../config/config.ts'
import { RateLimit, type RateLimitDeps } from '../rate-limits/limit.ts'

/** How often a partner may read removals and acknowledge per minute, both together. */
const REMOVAL_REQUESTS_PER_MINUTE = 300

/** Creates the rate limits with the configured numbers. */
export function openRateLimits(
  config: Pick<Config, 'submissionsPerMinute' | 'submissionsPerHour' | 'failedSignInsPerMinute'>,
  deps: RateLimitDeps,
) {
  const submissions = new RateLimit(
    'submission',
    [
      { seconds: 60, max: config.submissionsPerMinute },
      { seconds: 3_600, max: config.submissionsPerHour },
    ],
    deps,
  )
  const failures = new RateLimit('sign-in', [{ seconds: 60, max: config.failedSignInsPerMinute }], deps)
  const removalRequests = new RateLimit('removals', [{ seconds: 60, max: REMOVAL_REQUESTS_PER_MINUTE }], deps)
  return { submissions, removalRequests, signIns: new SignInLimit(failures) }
}
