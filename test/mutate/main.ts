import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SetupError } from '../../src/base/errors.ts'
import { applied, mutationsOf } from './mutations.ts'

// npm run mutate -- FILE…: changes a file in one place at a time, runs its tests, and lists the undetected changes.

const USAGE = `Usage: npm run mutate -- [--tests PATTERN]… [--most N] FILE…

Changes each FILE in one place at a time, runs its tests, and restores the file.
Lists the changes that no test detected, and prints the percentage that was detected.

  --tests PATTERN  test files to run; default for src/a/b.ts: test/a/b.test.ts,
                   or the folder test/a if that file does not exist
  --most N         at most N changes per file, spread over the file
  --help           prints this help

DATABASE_URL selects the database, as for npm test. The exit code is 1 if a change
was not detected.`

/** How long the tests of one change may take, in ms; a change that makes them hang counts as detected. */
const RUN_TIMEOUT_MS = 600_000

interface Options {
  files: string[]
  tests: string[] | undefined
  most: number
}

let running: ChildProcess | null = null
/** Puts the file that is being changed back. */
let restore: () => void = () => {}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    restore()
    stop()
    process.exit(1)
  })
}

try {
  const options = readOptions()
  if (options) process.exitCode = (await measureAll(options)) ? 0 : 1
} catch (error) {
  console.error(error instanceof SetupError ? `mutate: ${error.message}` : error)
  process.exitCode = 1
}

function readOptions(): Options | null {
  const { values, positionals } = parse()
  if (values.help) {
    console.log(USAGE)
    return null
  }
  if (positionals.length === 0) throw new SetupError('Give at least one file in src. See --help.')
  const missing = positionals.find((file) => !existsSync(file))
  if (missing) throw new SetupError(`The file ${missing} does not exist.`)
  const most = Number(values.most ?? Number.POSITIVE_INFINITY)
  if (!(most >= 1)) throw new SetupError('--most must be a number of at least 1.')
  return { files: positionals, tests: values.tests, most }
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        tests: { type: 'string', multiple: true },
        most: { type: 'string' },
        help: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new SetupError(`${(error as Error).message.split('. ')[0]}; --help lists the options.`)
  }
}

/** @returns whether every change was detected */
async function measureAll({ files, tests, most }: Options): Promise<boolean> {
  let detected = 0
  let total = 0
  for (const file of files) {
    const result = await measure(file, tests ?? [testsOf(file)], most)
    detected += result.detected
    total += result.total
  }
  console.log(
    `${detected} of ${total} detected (${total === 0 ? 100 : Math.round((detected / total) * 100)} %)`,
  )
  return detected === total
}

async function measure(file: string, tests: string[], most: number) {
  const text = readFileSync(file, 'utf8')
  console.error(`${file}: running ${tests.join(' ')} without a change`)
  if (!(await passes(tests))) {
    throw new SetupError(`the tests of ${file} fail without any change: ${tests.join(' ')}`)
  }
  const mutations = spread(mutationsOf(text), most)
  restore = () => writeFileSync(file, text)
  let detected = 0
  try {
    for (const [index, mutation] of mutations.entries()) {
      writeFileSync(file, applied(text, mutation))
      const place = `${file}:${text.slice(0, mutation.start).split('\n').length}  ${mutation.name}`
      const survived = await passes(tests)
      if (survived) console.log(`not detected  ${place}`)
      else detected += 1
      console.error(`${index + 1}/${mutations.length}  ${survived ? 'not detected' : 'detected'}  ${place}`)
    }
  } finally {
    restore()
    restore = () => {}
  }
  return { detected, total: mutations.length }
}

/** The tests of src/a/b.ts: test/a/b.test.ts where that exists, else all under test/a. */
function testsOf(file: string): string {
  const path = file.replace(/^(\.\/)?src\//, 'test/')
  const own = path.replace(/\.ts$/, '.test.ts')
  return existsSync(own) ? own : path.replace(/\/[^/]*$/, '/')
}

async function passes(tests: string[]): Promise<boolean> {
  // A process group of its own, so that ending it leaves none of its workers behind.
  running = spawn('vitest', ['run', '--maxWorkers=1', '--bail=1', '--reporter=dot', ...tests], {
    stdio: 'ignore',
    detached: true,
  })
  const late = setTimeout(stop, RUN_TIMEOUT_MS)
  const [code] = await once(running, 'exit')
  clearTimeout(late)
  running = null
  return code === 0
}

/** Ends the tests that are running. */
function stop(): void {
  if (!running?.pid) return
  try {
    process.kill(-running.pid, 'SIGKILL')
  } catch {
    // They have just ended by themselves.
  }
}

function spread<T>(items: T[], most: number): T[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)] as T)
}
