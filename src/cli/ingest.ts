import { parseArgs } from 'node:util'
import { loadNameIndex } from '../articles/save-entity.ts'
import { DomainError, SetupError } from '../base/errors.ts'
import { clockForCommand } from '../db/clock.ts'
import { type Database, openMigrated } from '../db/open.ts'
import { readArticle } from '../ingest/draft.ts'
import { PageError, readPage } from '../ingest/page.ts'
import { storeArticle } from '../ingest/store.ts'
import { readTimeZones } from '../ingest/time-zones.ts'
import type { NameIndex } from '../names/link.ts'
import { runCommand, unexpectedText } from './command-line.ts'
import { progress } from './ingest-progress.ts'
import { databaseSettings } from './run-command.ts'

const usage = `Usage: npm run ingest -- FILE|URL…

Imports articles from news pages. An unchanged page changes nothing. A changed page becomes the
next version of the article. An older copy changes nothing. If a page fails, the reason is printed and the import continues.

  FILE|URL   saved pages, and http or https URLs
  --json     one line of JSON per page
  --help     prints this help

DATABASE_URL or DATA_DIR select the database, as for npm start.
`

/** The result for one page. */
type Result =
  | {
      source: string
      outcome: 'created' | 'updated' | 'unchanged' | 'older'
      slug: string
      url: string
      version: number
      /** Assumptions made while reading the page. */
      notes?: string[]
    }
  | { source: string; outcome: 'failed'; reason: string }

await runCommand(async () => {
  const request = readArguments(process.argv.slice(2))
  if (request === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const database = await openMigrated(databaseSettings())
  try {
    return await ingestAll(database, request)
  } finally {
    await database.close()
  }
})

function readArguments(args: string[]): { sources: string[]; json: boolean } | 'help' {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: 'boolean', short: 'h' }, json: { type: 'boolean' } },
    })
    if (values.help) return 'help'
    if (positionals.length > 0) return { sources: positionals, json: values.json ?? false }
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n\n${usage.trimEnd()}`)
  }
  throw new SetupError(usage.trimEnd())
}

async function ingestAll(database: Database, request: { sources: string[]; json: boolean }): Promise<number> {
  const { prisma } = database
  const { sources, json } = request
  const { now } = await clockForCommand(database)
  const zones = readTimeZones(process.env.INGEST_TIME_ZONE)
  const names = await loadNameIndex(prisma)
  const counts = { created: 0, updated: 0, unchanged: 0, failed: 0 }
  const bar = progress(sources.length)
  for (const [i, source] of sources.entries()) {
    bar.at(i + 1, source)
    const result = await ingestOne(prisma, source, { now: now(), names, zones })
    counts[result.outcome === 'older' ? 'unchanged' : result.outcome] += 1
    bar.clear()
    if (json) process.stdout.write(`${JSON.stringify(result)}\n`)
    else if (result.outcome !== 'failed') process.stdout.write(`${line(result)}\n`)
    if (result.outcome === 'failed' && !json) process.stderr.write(`${source}: ${result.reason}\n`)
  }
  const summary = Object.entries(counts).map(([outcome, count]) => `${count} ${outcome}`)
  ;(json ? process.stderr : process.stdout).write(`${summary.join(', ')}\n`)
  return counts.failed > 0 ? 1 : 0
}

async function ingestOne(
  db: Database['prisma'],
  source: string,
  options: { now: Date; names: NameIndex; zones: ReadonlyMap<string, string> },
): Promise<Result> {
  try {
    const page = await readPage(source)
    const article = readArticle(page.html, page.address, options)
    if ('reason' in article) return { source, outcome: 'failed', reason: article.message }
    const { outcome, slug, url, version, notes } = await storeArticle(db, article, options)
    return { source, outcome, slug, url, version, ...(notes.length > 0 && { notes }) }
  } catch (error) {
    const expected = error instanceof PageError || error instanceof DomainError
    const reason = expected ? error.message : `unexpected error: ${unexpectedText(error)}`
    return { source, outcome: 'failed', reason }
  }
}

function line(result: Exclude<Result, { outcome: 'failed' }>): string {
  const said = {
    created: '',
    unchanged: '',
    updated: ` (version ${result.version})`,
    older: ` (ignored: older than version ${result.version})`,
  }
  const version = said[result.outcome]
  const notes = (result.notes ?? []).map((note) => `\n          ${note}`).join('')
  return `${result.outcome.padEnd(9)} ${result.slug}${version}${notes}`
}
