import { NotFound } from '../../base/errors.ts'
import type { Licence, PartnerKey } from '../../db/client/client.ts'
import { currentUnits } from '../../licensing/quota.ts'
import { type CommandDeps, readSlug, type Subcommand } from './subcommand.ts'

/** npm run partner -- show */
export const show: Subcommand = {
  summary: 'shows a partner with its licence, keys (without secrets) and usage',
  usage: 'SLUG [--json]\n\n  --json    prints JSON',
  read(args) {
    const { slug, values } = readSlug(args, { json: { type: 'boolean' } })
    return async (deps) => {
      const partner = await read(slug, deps)
      return values.json ? `${JSON.stringify(partner, null, 2)}\n` : inWords(partner)
    }
  },
}

type Shown = Awaited<ReturnType<typeof read>>

async function read(slug: string, { prisma, now }: CommandDeps) {
  const { minute, day } = currentUnits(now())
  const partner = await prisma.partner.findUnique({
    where: { slug },
    omit: { id: true },
    include: {
      licence: { omit: { partnerId: true, dueAt: true } },
      licenceHistory: { omit: { partnerId: true }, orderBy: { version: 'desc' } },
      keys: {
        omit: { id: true, partnerId: true, hash: true },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      },
      usage: { where: { start: { in: [minute, day] } } },
    },
  })
  if (!partner) throw new NotFound(`partner "${slug}"`)
  const requests = (unit: string, start: Date) =>
    partner.usage.find((row) => row.unit === unit && row.start.getTime() === start.getTime())?.requests ?? 0
  return { ...partner, usage: { minute: requests('MINUTE', minute), day: requests('DAY', day) } }
}

function inWords(partner: Shown): string {
  const { slug, name, createdAt, suspendedAt, usage, quotaPerMinute, quotaPerDay, licence, keys } = partner
  const lines = [
    `${name} (${slug}), partner since ${createdAt.toISOString()}`,
    suspendedAt ? `suspended since ${suspendedAt.toISOString()}` : 'active',
    `requests: ${usage.minute} of ${quotaPerMinute} in this minute, ${usage.day} of ${quotaPerDay} today`,
    ...(licence ? licenceLines(licence) : ['no licence']),
    ...(keys.length > 0 ? keys.map(keyLine) : ['no keys']),
  ]
  return `${lines.join('\n')}\n`
}

function licenceLines(licence: Omit<Licence, 'partnerId' | 'dueAt'>): string[] {
  const { version, ...terms } = licence
  return [
    `licence, version ${version}:`,
    ...Object.entries(terms).map(([term, value]) => `  ${term}: ${termText(value)}`),
  ]
}

function termText(value: string | string[] | number | boolean | Date | null): string {
  if (value === null) return 'no limit'
  if (Array.isArray(value)) return value.length > 0 ? value.join(', ') : 'nothing'
  if (value instanceof Date) return value.toISOString()
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

function keyLine({
  prefix,
  kind,
  expiresAt,
  lastUsedAt,
}: Pick<PartnerKey, 'prefix' | 'kind' | 'expiresAt' | 'lastUsedAt'>) {
  const use = lastUsedAt ? `last used ${lastUsedAt.toISOString()}` : 'never used'
  const end = expiresAt ? `, expires ${expiresAt.toISOString()}` : ''
  return `key ${prefix}… for ${kind === 'FULL' ? 'the Authorization header' : 'feeds'}, ${use}${end}`
}
