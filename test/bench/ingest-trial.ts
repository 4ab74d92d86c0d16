/**
 * How well news pages are read: runs the reader over a folder of saved pages (.html, .htm, .html.gz) and
 * compares what it reads with what a person would expect.
 *
 *   node test/bench/ingest-trial.ts FOLDER [--expect FILE] [--show NAME]
 *
 * FILE is JSON: `{ "page.html": { "url"?, "headline"?, "date"?, "body"? } }`. What it leaves out is judged by
 * presence alone; with it, only the pages it lists are read. `--show` prints what is read of one page.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { decodePage } from '../../src/ingest/decode-page.ts'
import { type ReadArticle, readArticle } from '../../src/ingest/draft.ts'
import { plainFromHtml } from '../../src/ingest/text.ts'
import { normaliseName } from '../../src/names/names.ts'

interface Expected {
  url?: string | null
  headline?: string | null
  date?: string | null
  body?: string | null
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { expect: { type: 'string' }, show: { type: 'string' } },
})
const folder = positionals[0]
if (!folder) {
  console.error('Usage: node test/bench/ingest-trial.ts FOLDER [--expect FILE] [--show NAME]')
  process.exit(1)
}
const expectations: Record<string, Expected> | undefined = values.expect
  ? JSON.parse(readFileSync(values.expect, 'utf8'))
  : undefined
const pages = readdirSync(folder)
  .filter((name) => /\.html?(?:\.gz)?$/.test(name))
  .filter((name) => !expectations || name in expectations)
  .filter((name) => !values.show || name.includes(values.show))

const counts = { pages: 0, read: 0, headline: 0, printed: 0, date: 0, minute: 0, body: 0, all: 0, strict: 0 }
const languages = new Map<string, number>()
const outlets = new Set<string>()
const failures: string[] = []
for (const name of pages) judge(name, expectations?.[name] ?? {})
if (!values.show) report()

function judge(name: string, expected: Expected): void {
  counts.pages += 1
  const bytes = readFileSync(join(folder!, name))
  const html = decodePage(name.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  const page = readArticle(html, expected.url ?? null)
  if ('reason' in page) {
    failures.push(`${name}: not read: ${page.reason}, ${page.message}`)
    if (values.show) console.log(page)
    return
  }
  if (values.show) console.dir(page, { depth: null, maxStringLength: 300 })
  const { article } = page
  counts.read += 1
  outlets.add(new URL(article.canonicalUrl).hostname.replace(/^www\./, ''))
  languages.set(article.language, (languages.get(article.language) ?? 0) + 1)
  const misses = [
    ...headlineMiss(html, page, expected),
    ...dateMiss(page, expected),
    ...bodyMiss(page, expected),
  ]
  if (!misses.some((miss) => miss.startsWith('headline'))) counts.headline += 1
  if (!misses.some((miss) => miss.startsWith('date'))) counts.date += 1
  if (!misses.some((miss) => miss.startsWith('body'))) counts.body += 1
  const strict = !expected.headline || agreement(article.headline, expected.headline).f1 >= 0.8
  if (misses.length === 0 && strict) counts.strict += 1
  if (misses.length === 0) counts.all += 1
  else failures.push(`${name}: ${misses.join('; ')}`)
}

/**
 * A headline is right when it has the expected words, give or take a fifth, or is the very heading that the page
 * prints above the story: pages carry several headlines, for readers, for search engines and for social networks.
 */
function headlineMiss(html: string, { article }: ReadArticle, { headline }: Expected): string[] {
  if (!headline || agreement(article.headline, headline).f1 >= 0.8) return []
  const headings = [...html.matchAll(/<h1[\s>][\s\S]*?<\/h1>/gi)].map(([heading]) =>
    normaliseName(plainFromHtml(heading)),
  )
  if (headings.includes(normaliseName(article.headline))) {
    counts.printed += 1
    return []
  }
  return [`headline "${article.headline}" for "${headline}"`]
}

/**
 * A date is right when it is the expected moment to within twelve hours, since pages omit their zone; or, where only
 * a day is expected, when it was that day somewhere on earth.
 */
function dateMiss({ article }: ReadArticle, { date }: Expected): string[] {
  if (!date) return []
  const moment = article.publishedAt.getTime()
  const hour = 3_600_000
  const zoned = /T.*(?:Z|[+-]\d\d:\d\d)$/.test(date)
  const since = moment - Date.parse(zoned ? date : date.replace(/T.*$/, ''))
  if (zoned && Math.abs(since) <= 60_000) counts.minute += 1
  const right = zoned ? Math.abs(since) <= 12 * hour : since >= -14 * hour && since <= 36 * hour
  return right ? [] : [`date ${article.publishedAt.toISOString()} for ${date}`]
}

/** A body is right when it shares four fifths of its words with the expected one, counting both ways. */
function bodyMiss({ article }: ReadArticle, { body }: Expected): string[] {
  const read = article.blocks.map((block) => ('text' in block ? block.text : '')).join('\n')
  if (!body) return read.length >= 200 ? [] : [`body of ${read.length} characters`]
  const { recall, precision, f1 } = agreement(read, body)
  const percent = (share: number) => `${Math.round(share * 100)} %`
  return f1 >= 0.8
    ? []
    : [`body has ${percent(recall)} of what is expected, and ${percent(precision)} of it is expected`]
}

/** How far two texts have the same words, each as often; by characters where words are not spaced. */
function agreement(read: string, expected: string): { recall: number; precision: number; f1: number } {
  const ours = bag(read)
  const theirs = bag(expected)
  let shared = 0
  for (const [word, count] of theirs) shared += Math.min(count, ours.get(word) ?? 0)
  const total = (words: Map<string, number>) => [...words.values()].reduce((sum, count) => sum + count, 0)
  const recall = shared / Math.max(1, total(theirs))
  const precision = shared / Math.max(1, total(ours))
  return { recall, precision, f1: shared === 0 ? 0 : (2 * recall * precision) / (recall + precision) }
}

function bag(text: string): Map<string, number> {
  const words = normaliseName(text).match(
    /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu,
  )
  const counted = new Map<string, number>()
  for (const word of words ?? []) counted.set(word, (counted.get(word) ?? 0) + 1)
  return counted
}

function report(): void {
  const row = (label: string, count: number) =>
    console.log(
      `${label.padEnd(34)} ${String(count).padStart(5)}  ${((100 * count) / counts.pages).toFixed(1)} %`,
    )
  for (const failure of failures) console.log(failure)
  console.log()
  row('pages', counts.pages)
  row('read as a story', counts.read)
  row('headline as expected', counts.headline)
  row('  of these the page’s own heading', counts.printed)
  row('date as expected', counts.date)
  row('  of these to the minute', counts.minute)
  row('body as expected', counts.body)
  row('all three', counts.all)
  row('  the corpus’s headline alone', counts.strict)
  const byCount = [...languages].sort((a, b) => b[1] - a[1]).map(([tag, count]) => `${tag} ${count}`)
  console.log(`\n${outlets.size} outlets; languages: ${byCount.join(', ')}`)
}
