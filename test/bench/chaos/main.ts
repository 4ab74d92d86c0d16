import { SetupError } from '../../../src/base/errors.ts'
import { checkDescriptors, HELP, type Options, readOptions } from './options.ts'
import { asTable, writeReport } from './report.ts'
import { runChaos } from './run.ts'

/** What a run may take beside the minutes asked for: starting, catching up, stopping, in ms. */
const OVERHEAD = 5 * 60_000

/** How long stopping may take after Ctrl-C before it is cut short, in ms. */
const CLEAN_UP = 20_000

try {
  const options = readOptions(process.argv.slice(2))
  if (options) await run(options)
  else console.log(HELP)
} catch (error) {
  const { message, stack } = error as Error
  console.error(`chaos: ${error instanceof SetupError ? message : stack}`)
  process.exit(1)
}

async function run(options: Options): Promise<void> {
  checkDescriptors(options)
  const aborting = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => stop(aborting, new SetupError(`stopped by ${signal}`)))
  }
  const limit = setTimeout(
    () => stop(aborting, new SetupError('the run took too long')),
    options.minutes * 60_000 + OVERHEAD,
  )
  const report = await runChaos(options, aborting.signal, (line) => console.error(line)).catch((error) => {
    throw aborting.signal.aborted ? aborting.signal.reason : error
  })
  clearTimeout(limit)
  console.log(asTable(report))
  if (options.json) await writeReport(options.json, report)
  process.exit(report.failures.length === 0 ? 0 : 1)
}

/** Ends the run, and cleaning up after it too if that takes too long: processes die with this one. */
function stop(aborting: AbortController, why: SetupError): void {
  aborting.abort(why)
  setTimeout(() => {
    console.error(`chaos: ${why.message}`)
    process.exit(1)
  }, CLEAN_UP).unref()
}
