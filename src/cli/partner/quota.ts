import { SetupError } from '../../base/errors.ts'
import { setPartnerQuota } from '../../licensing/set-quota.ts'
import { readNumber, readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- quota */
export const quota: Subcommand = {
  summary: 'sets the quotas of a partner',
  usage: `SLUG [--per-minute N] [--per-day N]

  --per-minute N    maximum requests per minute
  --per-day N       maximum requests per day (UTC)`,
  read(args) {
    const options = { 'per-minute': { type: 'string' }, 'per-day': { type: 'string' } } as const
    const { slug, values } = readSlug(args, options)
    const quotaPerMinute = readNumber('--per-minute', values['per-minute'])
    const quotaPerDay = readNumber('--per-day', values['per-day'])
    if (quotaPerMinute === undefined && quotaPerDay === undefined) {
      throw new SetupError('Give --per-minute, --per-day, or both.')
    }
    return async (deps) => {
      const partner = await setPartnerQuota({ slug, quotaPerMinute, quotaPerDay }, deps)
      return `${slug} may make ${partner.quotaPerMinute} requests a minute and ${partner.quotaPerDay} a day.\n`
    }
  },
}
