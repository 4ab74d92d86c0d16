import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { barChart } from '../support/bar-chart.ts'
import { countOf } from '../support/counts.ts'
import { withThrowawayDatabase } from '../support/database.ts'
import { median } from '../support/median.ts'
import { fillNewsroom } from './newsroom.ts'
import { type Measured, measureCold, ratioOf } from './run.ts'
import { addPublicArticles, installPeers, serverKinds } from './servers.ts'

// npm run bench -- cold [--requests 40] [--rounds 12] [--connections 4] [--servers bare,postgraphile,…] [--svg FILE]
// The server CPU of a page that is read from the database, for a document that the server knows and for one that it
// has never had. Exits with 1 when a limit is missed. Needs Linux and a PostgreSQL server: the one of DATABASE_URL, or
// the one on this machine.

const usage = `npm run bench -- cold [--requests 40] [--rounds 12] [--connections 4] [--servers NAME,…] [--svg FILE]
servers: ${Object.keys(serverKinds).join(', ')}`

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '40' },
    rounds: { type: 'string', default: '12' },
    connections: { type: 'string', default: '4' },
    servers: { type: 'string', default: Object.keys(serverKinds).join(',') },
    svg: { type: 'string' },
    help: { type: 'boolean' },
  },
})

/** Ratios of the gateway's CPU to PostGraphile's, and of our own page's to the article page's. */
const LIMITS = { toPostGraphile: 1, ownPage: 1.3 }

const OWN_PAGE = 'our ArticlePage'

if (values.help) {
  console.log(usage)
} else {
  const [requests, rounds, connections] = (['requests', 'rounds', 'connections'] as const).map((name) =>
    countOf(name, values[name]),
  ) as [number, number, number]
  const kinds = values.servers.split(',').map((name) => serverKinds[name] ?? refuse(name))
  installPeers(kinds)
  const measured = await withThrowawayDatabase(async ({ prisma, url }) => {
    const slugs = await fillNewsroom(prisma)
    await addPublicArticles(prisma)
    const load = { kinds, databaseUrl: url, slugs, requests, rounds, connections }
    return measureCold(load, (round) => console.error(round > 0 ? `round ${round} of ${rounds}` : 'warm-up'))
  })
  print(measured)
  if (values.svg) writeFileSync(values.svg, chart(measured))
  const missed = missedLimits(measured)
  for (const line of missed) console.log(`MISSED: ${line}`)
  process.exit(missed.length > 0 ? 1 : 0)
}

function refuse(name: string): never {
  console.error(`--servers does not take "${name}".\n${usage}`)
  process.exit(2)
}

function print(measured: readonly Measured[]): void {
  let title = ''
  for (const one of measured) {
    const own = titleOf(one)
    if (own !== title) {
      console.log(`\n${own}, the middle of ${one.rounds.length} rounds (least, most)`)
      console.log(
        '                 CPU/request             to raw pg       to PostGraphile 5   to its known document     bytes',
      )
    }
    title = own
    console.log(
      one.server.padEnd(16) +
        `${median(one.rounds).toFixed(0)} µs`.padStart(12) +
        ratio(one, like(one, measured, 'raw pg'), 1).padStart(22) +
        ratio(one, like(one, measured, 'PostGraphile 5'), 2).padStart(24) +
        ratio(one, like({ ...one, isNew: false }, measured, 'PostGraphile 5'), 2).padStart(24) +
        String(one.bytes).padStart(10),
    )
    if (one.page === OWN_PAGE) {
      const other = like({ ...one, page: 'article page' }, measured, 'Dateline')
      console.log(`${''.padEnd(16)}to the article page of Dateline: ${ratio(one, other, 2)}`)
    }
  }
}

function ratio(one: Measured, other: Measured | undefined, digits: number): string {
  if (!other) return '-'
  const { median: middle, least, most } = ratioOf(one, other)
  return `${middle.toFixed(digits)} (${least.toFixed(digits)}, ${most.toFixed(digits)})`
}

function chart(measured: readonly Measured[]): string {
  const compared = measured.filter((one) => one.page !== OWN_PAGE)
  return barChart({
    title: 'Server CPU per request in µs: a known document (dark), a new one (light)',
    groups: ['article page', 'front page'].map((page) => ({
      name: page,
      bars: compared
        .filter((one) => one.page === page)
        .toSorted((a, b) =>
          a.server < b.server ? -1 : a.server > b.server ? 1 : Number(a.isNew) - Number(b.isNew),
        )
        .map(({ server, isNew, rounds }) => ({
          name: isNew ? '' : server,
          value: median(rounds),
          label: median(rounds).toFixed(0),
          colour: colourOf(server, isNew),
        })),
    })),
  })
}

function colourOf(server: string, isNew: boolean): string {
  const ours = server === 'Dateline'
  if (isNew) return ours ? '#7fb3c4' : '#c9ccd1'
  return ours ? '#1f6f8b' : '#8a8f98'
}

function titleOf({ page, isNew }: Measured): string {
  return `${page}, ${isNew ? 'documents that are new to the server' : 'a document that the server knows'}`
}

function like({ page, isNew }: Measured, measured: readonly Measured[], server: string) {
  return measured.find((other) => other.page === page && other.isNew === isNew && other.server === server)
}

function missedLimits(measured: readonly Measured[]): string[] {
  return measured.flatMap((one) => {
    if (one.server !== 'Dateline') return []
    const isOwn = one.page === OWN_PAGE
    const other = isOwn
      ? like({ ...one, page: 'article page' }, measured, 'Dateline')
      : like(one, measured, 'PostGraphile 5')
    if (!other) return []
    const limit = isOwn ? LIMITS.ownPage : LIMITS.toPostGraphile
    const { median: middle } = ratioOf(one, other)
    if (middle <= limit) return []
    return [
      `${titleOf(one)}: ${middle.toFixed(2)} times the CPU of ${other.server}'s ${other.page} (limit: ${limit})`,
    ]
  })
}
