import { fork } from 'node:child_process'
import { join } from 'node:path'

// `npm run bench -- NAME …`: the benchmarks by name.

const benches: Record<string, { file: string; summary: string }> = {
  fanout: {
    file: 'fanout/main.ts',
    summary: 'sends one event to many sockets, compared with a bare broadcast and a stock server',
  },
  cold: {
    file: 'cold/main.ts',
    summary: 'reads pages from the database, compared with raw pg and with other GraphQL servers',
  },
  hot: {
    file: 'hot/main.ts',
    summary:
      'reads responses that the gateway has kept, compared with bare node:http and with the caches of other servers',
  },
  mixed: {
    file: 'mixed/main.ts',
    summary: 'reads 2,000 stories while comments are approved, and checks each answer for staleness',
  },
  documents: {
    file: 'documents/main.ts',
    summary: 'reads known documents after a client has sent thousands of others',
  },
  growth: {
    file: 'growth/main.ts',
    summary: 'compares the CPU of each page in a small newsroom and in a large one',
  },
  changes: {
    file: 'changes/main.ts',
    summary:
      'measures CPU and statements of a page of changes that partners read, compared with another checkout',
  },
  storm: { file: 'storm/main.ts', summary: 'disconnects and reconnects many readers at the same moment' },
  stalled: { file: 'stalled.ts', summary: 'measures memory while readers stop reading' },
  drain: { file: 'drain.ts', summary: 'stops a gateway with many sockets and mutations in progress' },
  kills: { file: 'embedded-kills.ts', summary: 'kills the embedded database repeatedly while it writes' },
  decisions: {
    file: 'decisions/main.ts',
    summary: 'counts statements of submissions and decisions, and measures how long others wait',
  },
  webhooks: {
    file: 'webhooks/main.ts',
    summary: 'sends webhooks to a receiver that often fails, while gateways are killed repeatedly',
  },
  hostile: {
    file: 'hostile/main.ts',
    summary: 'measures CPU time and size of the response for hostile requests and pages',
  },
  newcomer: {
    file: 'newcomer.ts',
    summary:
      'clones, installs and starts the project, then writes and approves a comment in a browser, within 120 s',
  },
  formats: {
    file: 'formats-trial.ts',
    summary: 'writes the feeds of the sample newsroom to a folder, for validators',
  },
  ingest: {
    file: 'ingest-trial.ts',
    summary: 'reads a folder of saved pages and compares the results with expected values',
  },
}

const [name = '', ...rest] = process.argv.slice(2)
const bench = benches[name]
if (bench) {
  const child = fork(join(import.meta.dirname, bench.file), rest, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
} else {
  const list = Object.entries(benches).map(([known, { summary }]) => `  ${known.padEnd(10)}${summary}`)
  console.log(`npm run bench -- NAME [options]\n\n${list.join('\n')}\n`)
  process.exitCode = name === '' || name === '--help' ? 0 : 1
}
