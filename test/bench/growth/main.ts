import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { barChart } from '../support/bar-chart.ts'
import { countOf } from '../support/counts.ts'
import { median } from '../support/median.ts'
import { type Cpu, type Grown, measureGrowth, ratioOf, total } from './run.ts'

// npm run bench -- growth [--articles 2000,100000] [--comments 40,20000] [--requests 20] [--rounds 7] [--svg FILE]
// The CPU of gateway and database for each page in a small newsroom and in a large one. Exits with 1 when a page costs
// too much more in the large one. Needs Linux and a PostgreSQL server on this machine, with a superuser: the one of
// DATABASE_URL, or the user postgres.

const { values } = parseArgs({
  options: {
    articles: { type: 'string', default: '2000,100000' },
    comments: { type: 'string', default: '40,20000' },
    requests: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '7' },
    svg: { type: 'string' },
    help: { type: 'boolean' },
  },
})

/** The most that a page may cost in the large newsroom, as a ratio to the small one. */
const LIMIT = 1.2

/** A bar of the chart ends at this ratio: some ratios are many times as large as the others. */
const LONGEST_BAR = 4

if (values.help) {
  console.log(
    'npm run bench -- growth [--articles 2000,100000] [--comments 40,20000] [--requests 20] [--rounds 7] [--svg FILE]',
  )
} else {
  const articles = twoOf('articles', values.articles)
  const comments = twoOf('comments', values.comments)
  const load = { requests: countOf('requests', values.requests), rounds: countOf('rounds', values.rounds) }
  const sizes = {
    small: { articles: articles[0], comments: comments[0] },
    large: { articles: articles[1], comments: comments[1] },
  }
  const grown = await measureGrowth(sizes, load, (line) => console.error(line))
  print(grown)
  if (values.svg) writeFileSync(values.svg, chart(grown))
  const missed = grown.filter((one) => ratioOf(one) > LIMIT)
  for (const one of missed) console.log(`MISSED: ${one.page}: ${ratioOf(one).toFixed(2)}, at most ${LIMIT}`)
  process.exit(missed.length > 0 ? 1 : 0)
}

function twoOf(option: string, text: string): [number, number] {
  const [small, large, ...others] = text.split(',').map((each) => countOf(option, each))
  if (small && large && others.length === 0) return [small, large]
  console.error(
    `--${option} takes two numbers, for example "${option === 'articles' ? '2000,100000' : '40,20000'}".`,
  )
  process.exit(2)
}

function print(grown: readonly Grown[]): void {
  console.log('µs of CPU per request (gateway + database), the middle of the rounds')
  console.log(`${''.padEnd(42)}${'small newsroom'.padStart(28)}${'large newsroom'.padStart(28)}   ratio`)
  for (const one of grown) {
    const of = (cpus: readonly Cpu[]) => {
      const [gateway, database] = (['gateway', 'database'] as const).map((part) =>
        median(cpus.map((cpu) => cpu[part])).toFixed(0),
      )
      return `${median(cpus.map(total)).toFixed(0)} (${gateway} + ${database})`.padStart(28)
    }
    console.log(
      `${one.page.padEnd(42)}${of(one.small)}${of(one.large)}${ratioOf(one).toFixed(2).padStart(8)}`,
    )
  }
}

function chart(grown: readonly Grown[]): string {
  return barChart({
    title: 'CPU of a page in the large newsroom, the small one = 1',
    groups: [
      {
        name: '',
        bars: grown.map((one) => ({
          name: one.page,
          value: Math.min(ratioOf(one), LONGEST_BAR),
          label: ratioOf(one).toFixed(2),
          colour: ratioOf(one) > LIMIT ? '#c4733a' : '#1f6f8b',
        })),
      },
    ],
  })
}
