import { reinstatePartner, suspendPartner } from '../../licensing/suspend.ts'
import { readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- suspend */
export const suspend: Subcommand = {
  summary: 'serves a partner no longer',
  usage: 'SLUG\n\nFrom now on it is told of removals only, and what it has open ends within 5 seconds.',
  read(args) {
    const { slug } = readSlug(args, {})
    return async (deps) => {
      const { suspendedAt } = await suspendPartner(slug, deps)
      return `${slug} is suspended since ${suspendedAt?.toISOString()}.\n`
    }
  },
}

/** npm run partner -- reinstate */
export const reinstate: Subcommand = {
  summary: 'serves a suspended partner again',
  usage: 'SLUG\n\nIt is served again by the keys and the licence that it has.',
  read(args) {
    const { slug } = readSlug(args, {})
    return async (deps) => {
      await reinstatePartner(slug, deps)
      return `${slug} is served.\n`
    }
  },
}
