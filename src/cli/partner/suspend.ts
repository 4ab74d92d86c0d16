import { reinstatePartner, suspendPartner } from '../../licensing/suspend.ts'
import { readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- suspend */
export const suspend: Subcommand = {
  summary: 'suspends a partner',
  usage:
    'SLUG\n\nThe partner can only read and acknowledge removals. Its connections are closed within 5 seconds.',
  read(args) {
    const { slug } = readSlug(args, {})
    return async (deps) => {
      const { suspendedAt } = await suspendPartner(slug, deps)
      return `${slug} has been suspended since ${suspendedAt?.toISOString()}.\n`
    }
  },
}

/** npm run partner -- reinstate */
export const reinstate: Subcommand = {
  summary: 'reinstates a suspended partner',
  usage: 'SLUG\n\nThe partner is active again with its current keys and licence.',
  read(args) {
    const { slug } = readSlug(args, {})
    return async (deps) => {
      await reinstatePartner(slug, deps)
      return `${slug} is active.\n`
    }
  },
}
