import { fork } from 'node:child_process'
import { join } from 'node:path'

// `npm run bench -- NAME …`: what is measured, by name.

const benches: Record<string, { file: string; what: string }> = {
  fanout: {
    file: 'fanout/main.ts',
    what: 'one event to many sockets, beside a bare broadcast and a stock server',
  },
  storm: { file: 'storm/main.ts', what: 'a crowd that is cut at once and comes back at once' },
  stalled: { file: 'stalled.ts', what: 'memory while readers stop reading' },
  drain: { file: 'drain.ts', what: 'stopping with many sockets and mutations under way' },
  kills: { file: 'embedded-kills.ts', what: 'the embedded database, killed again and again while it writes' },
  webhooks: {
    file: 'webhooks/main.ts',
    what: 'webhooks to a receiver that fails often, while gateways are killed again and again',
  },
  hostile: {
    file: 'hostile/main.ts',
    what: 'what anonymous clients and pages may send to hold the gateway up: CPU and size of each refusal',
  },
  formats: { file: 'formats-trial.ts', what: 'feeds of the sample newsroom in a folder, for validators' },
  ingest: { file: 'ingest-trial.ts', what: 'reading a folder of saved pages' },
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
  const list = Object.entries(benches).map(([known, { what }]) => `  ${known.padEnd(10)}${what}`)
  console.log(`npm run bench -- NAME [options]\n\n${list.join('\n')}\n`)
  process.exitCode = name === '' || name === '--help' ? 0 : 1
}
