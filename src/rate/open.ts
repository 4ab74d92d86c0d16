import { SignInLimit } from '../auth/sign-in-limit.ts'
import type { Config } from '../config.ts'
import { RateLimit, type RateLimitDeps } from './limit.ts'

/** The limits on what clients try, with the numbers that the configuration has for them. */
export function openRateLimits(
  config: Pick<Config, 'submissionsPerMinute' | 'submissionsPerHour' | 'failedSignInsPerMinute'>,
  deps: RateLimitDeps,
) {
  const submissions = new RateLimit(
    'submission',
    [
      { seconds: 60, most: config.submissionsPerMinute },
      { seconds: 3_600, most: config.submissionsPerHour },
    ],
    deps,
  )
  const failures = new RateLimit('sign-in', [{ seconds: 60, most: config.failedSignInsPerMinute }], deps)
  return { submissions, signIns: new SignInLimit(failures) }
}
