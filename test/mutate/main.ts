import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { applied, mutationsOf } from './mutations.ts'

// npm run mutate -- FILE…: changes a file in one place at a time, runs its tests, and lists what they do not notice.

const USAGE = `Usage: npm run mutate -- [--tests PATTERN]… [--most N] FILE…

Changes each FILE in one place at a time, runs its tests, and puts it back.
Lists the changes that no test noticed, and the share that was noticed.

  --tests PATTERN  test files to run; without it test/x.test.ts, or else the
                   folder test/x, for src/x/….ts
  --most N         only N changes a file, spread over it
`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tests: { type: 'string', multiple: true },
    most: { type: 'string' },
    help: { type: 'boolean' },
  },
})

if (values.help || positionals.length === 0) {
  console.log(USAGE)
  process.exit(values.help ? 0 : 1)
}

let noticed = 0
let total = 0
for (const file of positionals) measure(file)
console.log(`${noticed} of ${total} noticed (${total === 0 ? 100 : Math.round((noticed / total) * 100)} %)`)

function measure(file: string): void {
  const text = readFileSync(file, 'utf8')
  const tests = values.tests ?? [testsOf(file)]
  if (!passes(tests)) {
    console.error(`The tests of ${file} fail without any change: ${tests.join(' ')}`)
    process.exit(1)
  }
  const restore = () => writeFileSync(file, text)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      restore()
      process.exit(1)
    })
  }
  try {
    for (const mutation of spread(mutationsOf(text), Number(values.most ?? Number.POSITIVE_INFINITY))) {
      writeFileSync(file, applied(text, mutation))
      total++
      if (!passes(tests)) noticed++
      else console.log(`${file}:${text.slice(0, mutation.start).split('\n').length}  ${mutation.name}`)
    }
  } finally {
    restore()
  }
}

/** The tests of src/a/b.ts: test/a/b.test.ts where there is one, else all under test/a. */
function testsOf(file: string): string {
  const path = file.replace(/^(\.\/)?src\//, 'test/')
  const own = path.replace(/\.ts$/, '.test.ts')
  return existsSync(own) ? own : path.replace(/\/[^/]*$/, '/')
}

function passes(tests: string[]): boolean {
  const { status } = spawnSync('vitest', ['run', '--maxWorkers=1', '--bail=1', '--reporter=dot', ...tests], {
    stdio: 'ignore',
    timeout: 600_000,
  })
  return status === 0
}

function spread<T>(items: T[], most: number): T[] {
  if (items.length <= most) return items
  return Array.from({ length: most }, (_, index) => items[Math.floor((index * items.length) / most)] as T)
}
