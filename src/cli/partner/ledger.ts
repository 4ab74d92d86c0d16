import { NotFound, SetupError } from '../../base/errors.ts'
import type { PrismaClient } from '../../db/client/client.ts'
import { mustStillRemove, type Recall, recall } from '../../syndication/recall.ts'
import { readNumber, readOptions, type Subcommand } from './subcommand.ts'

const usage = `[ARTICLE] [--partner SLUG] [--last N] [--json]

  ARTICLE    the slug of an article: shows the partners that received it and the state of its removal
  --partner  without ARTICLE: only deliveries to this partner
  --last     without ARTICLE: number of entries, latest first; default 50
  --json     one line of JSON per entry`

/** npm run partner -- ledger */
export const ledger: Subcommand = {
  summary: 'shows deliveries to partners and their acknowledgements',
  usage,
  read(args) {
    const { values, positionals } = readOptions(args, {
      partner: { type: 'string' },
      last: { type: 'string' },
      json: { type: 'boolean' },
    })
    const [slug, ...more] = positionals
    if (more.length > 0) throw new SetupError('Give the slug of one article. See --help.')
    if (slug !== undefined && (values.partner !== undefined || values.last !== undefined)) {
      throw new SetupError('Give either ARTICLE, or --partner and --last. See --help.')
    }
    const last = readNumber('--last', values.last) ?? 50
    if (last === 0) throw new SetupError('--last must be at least 1.')
    return async ({ prisma, now }) => {
      if (slug === undefined) return lines(prisma, { partner: values.partner, last, json: values.json })
      const article = await prisma.article.findUnique({ where: { slug }, select: { id: true } })
      if (!article) throw new NotFound('article')
      const found = await recall(article.id, { prisma, now })
      return values.json
        ? found.holders.map((holder) => `${JSON.stringify(holder)}\n`).join('')
        : told(slug, found)
    }
  },
}

interface Wanted {
  partner: string | undefined
  last: number
  json: boolean | undefined
}

async function lines(prisma: PrismaClient, { partner, last, json }: Wanted): Promise<string> {
  if (partner !== undefined && (await prisma.partner.count({ where: { slug: partner } })) === 0) {
    throw new NotFound('partner')
  }
  const rows = await prisma.delivery.findMany({
    where: { partner: { slug: partner } },
    orderBy: [{ firstAt: 'desc' }, { id: 'desc' }],
    take: last,
    include: { partner: { select: { slug: true } }, article: { select: { slug: true } } },
  })
  if (rows.length === 0) return json ? '' : 'There are no deliveries to partners yet.\n'
  return rows
    .map(({ partner, article, version, kind, via, firstAt, lastAt, times, acknowledgedAt }) => {
      const line = {
        partner: partner.slug,
        article: article.slug,
        version,
        kind,
        via,
        firstAt,
        lastAt,
        times,
        acknowledgedAt,
      }
      if (json) return `${JSON.stringify(line)}\n`
      const what = kind === 'ARTICLE' ? `version ${version}` : `removal of version ${version}`
      const confirmed = acknowledgedAt ? `, confirmed ${acknowledgedAt.toISOString()}` : ''
      return `${firstAt.toISOString()}  ${partner.slug}  ${article.slug}  ${what} by ${via}, ${times}×${confirmed}\n`
    })
    .join('')
}

function told(slug: string, { withdrawn, holders }: Recall): string {
  const open = holders.filter(mustStillRemove)
  const state = withdrawn ? `${slug} is withdrawn (${withdrawn}).` : `${slug} may be shown.`
  const sum =
    open.length > 0
      ? `${open.length} of ${partners(holders.length)} ${open.length === 1 ? 'has' : 'have'} not confirmed the removal yet:`
      : `${partners(holders.length)} ${holders.length === 1 ? 'has' : 'have'} received it. No removal is pending.`
  const each = holders.map((holder) => {
    const { partner, version, since, removalAttemptedAt, removalNotifiedAt, removedAt, confirmed } = holder
    const has = `version ${version} since ${since.toISOString()}${confirmed === version ? ', confirmed' : ''}`
    const removal = removedAt
      ? `removed ${removedAt.toISOString()}`
      : removalNotifiedAt
        ? `removal delivered ${removalNotifiedAt.toISOString()}`
        : removalAttemptedAt
          ? `removal not delivered, first attempt ${removalAttemptedAt.toISOString()}`
          : 'removal not sent yet'
    return `  ${partner.slug}  ${has}${holder.mayKeep && !removalAttemptedAt ? '' : `, ${removal}`}\n`
  })
  return `${state}\n${sum}\n${each.join('')}`
}

function partners(count: number): string {
  return count === 1 ? '1 partner' : `${count} partners`
}
