import { SetupError } from '../../base/errors.ts'
import { readOptions, type Subcommand } from './subcommand.ts'

/** npm run partner -- list */
export const list: Subcommand = {
  summary: 'lists the partners',
  usage: '[--json]\n\n  --json    one line of JSON per partner',
  read(args) {
    const { values, positionals } = readOptions(args, { json: { type: 'boolean' } })
    if (positionals.length > 0)
      throw new SetupError('"list" takes no arguments. Use "show SLUG" for one partner.')
    return async ({ prisma }) => {
      const partners = await prisma.partner.findMany({ orderBy: { slug: 'asc' } })
      const width = Math.max(...partners.map(({ slug }) => slug.length), 0)
      const lines = partners.map(({ id, ...partner }) => {
        if (values.json) return JSON.stringify(partner)
        const state = partner.suspendedAt ? `suspended since ${partner.suspendedAt.toISOString()}` : 'active'
        return `${partner.slug.padEnd(width)}  ${partner.name} (${state})`
      })
      if (lines.length === 0) return values.json ? '' : 'There are no partners. Use "add" to add one.\n'
      return `${lines.join('\n')}\n`
    }
  },
}
