import { parseArgs } from 'node:util'
import { countOf } from '../support/counts.ts'
import { median } from '../support/median.ts'
import { type Case, type Cost, cases, type Measured, measureChanges } from './run.ts'

// npm run bench -- changes [--articles 300] [--partners 20] [--requests 20] [--rounds 9] [--other FOLDER]
// The CPU of gateway and database, and the SQL statements, for a page of 20 changes that a partner reads over REST. With
// --other, a gateway of another checkout, in which `npm ci` was run, is measured in turn on the same database. Needs
// Linux and a PostgreSQL server on this machine, with a superuser: the one of DATABASE_URL, or the user postgres.

const USAGE =
  'npm run bench -- changes [--articles 300] [--partners 20] [--requests 20] [--rounds 9] [--other FOLDER]'

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '300' },
    partners: { type: 'string', default: '20' },
    requests: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '9' },
    other: { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help) console.log(USAGE)
else {
  const load = {
    articles: countOf('articles', values.articles),
    partners: countOf('partners', values.partners),
    requests: countOf('requests', values.requests),
    rounds: countOf('rounds', values.rounds),
    other: values.other ?? null,
  }
  print(await measureChanges(load, (line) => console.error(line)))
  process.exit()
}

function print(measured: readonly Measured[]): void {
  console.log(
    'µs of CPU per page of 20 changes (gateway + database) and SQL statements, the median of the rounds',
  )
  for (const [name, description] of Object.entries(cases) as [Case, string][]) {
    console.log(`\n${description}`)
    for (const one of measured) {
      const costs = one.costs[name]
      const of = (part: (cost: Cost) => number) => median(costs.map(part)).toFixed(0)
      const ratio =
        measured.length > 1 && one.folder === null ? ratioOf(one, measured[0] as Measured, name) : ''
      console.log(
        `  ${one.name.padEnd(14)}${of(total).padStart(7)} (${of(({ gateway }) => gateway)} + ` +
          `${of(({ database }) => database)}), ${of(({ statements }) => statements)} statements, ` +
          `${one.bytes} bytes${ratio}`,
      )
    }
  }
}

function total({ gateway, database }: Cost): number {
  return gateway + database
}

/** The ratio of the costs of each round: the median, the lowest and the highest. */
function ratioOf(one: Measured, other: Measured, name: Case): string {
  const ratios = one.costs[name].map((cost, round) => total(cost) / total(other.costs[name][round] as Cost))
  const [middle, least, most] = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((each) =>
    each.toFixed(2),
  )
  return `, ratio ${middle} (${least}, ${most})`
}
