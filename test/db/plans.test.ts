import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { readFeedAddress } from '../../src/feeds/address.ts'
import { render } from '../../src/feeds/render.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { globalId } from '../support/newsroom.ts'
import { fillNewsroom, TABLES } from './filled-newsroom.ts'
import { type GrowingPage, growingFeeds, growingPages } from './growing-pages.ts'

// The plans of the statements that the gateway sends, on a newsroom with more articles than any page shows. The
// planner's choice on a small database is that on a large one only if reading a whole table is never chosen for being
// small: it is made expensive.

const ARTICLES = 3_000
const COMMENTS = 1_000

/** The most rows that a sort may read, and an index scan may skip, for a page of 20 or the hits of a search. */
const MAX_ROWS = 1_600

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  Plans?: Plan[]
}

describe.runIf(inject('database').kind === 'template')('on a filled PostgreSQL', () => {
  let app: TestApp
  let filled: TestDatabase
  let watched: Awaited<ReturnType<typeof openDatabase>>
  let explaining: pg.Client
  const sent: { sql: string; params: unknown[] }[] = []
  const tokens: Partial<Record<NonNullable<GrowingPage['role']>, string>> = {}
  let middle: Parameters<typeof growingPages>[0]

  beforeAll(async () => {
    filled = await freshDatabase()
    await fillNewsroom(filled, { articles: ARTICLES, comments: COMMENTS })
    watched = await openDatabase({
      url: filled.url,
      dataDir: '',
      onStatement: (sql, params) => sent.push({ sql, params }),
    })
    app = await freshApp({ database: watched, pollMs: 3_600_000, changePollMs: 3_600_000 })
    explaining = new pg.Client({ connectionString: filled.url })
    await explaining.connect()
    // Custom plans, as the first of a prepared statement, and generic ones are checked.
    await explaining.query('SET jit = off; SET enable_seqscan = off')
    tokens.reader = await app.token('reader', { name: '1' })
    tokens.moderator = await app.token('moderator')
    tokens.editor = await app.token('editor')
    const { article } = await app.ask('{ article(slug: "article-1") { id } }')
    const [place] = await filled.prisma.article.findMany({
      orderBy: { publishedAt: 'asc' },
      skip: ARTICLES / 2,
      take: 1,
    })
    const reader = await filled.prisma.reader.findUniqueOrThrow({ where: { subject: 'reader-1' } })
    middle = {
      at: String(place?.publishedAt.toISOString()),
      articleId: article.id,
      readerId: globalId('Reader', reader.id),
      position: COMMENTS / 2,
    }
  })

  afterAll(async () => {
    await explaining?.end()
    await app?.close()
    await watched?.close()
    await filled?.close()
  })

  test('every list, page, search and queue is read by indexes, in their order', async () => {
    const faults: string[] = []
    for (const { name, query, role } of growingPages(middle)) {
      sent.length = 0
      await app.ask(query, {}, role && tokens[role])
      for (const statement of [...sent]) faults.push(...(await faultsOf(name, statement)))
    }
    expect(faults).toEqual([])
  })

  test('so is every feed', async () => {
    const faults: string[] = []
    for (const path of growingFeeds) {
      sent.length = 0
      const deps = { prisma: watched.prisma, publicUrl: 'https://news.example', outlet: 'News', token: null }
      await render(readFeedAddress(path)!, { kind: 'public' }, new Date(), deps)
      for (const statement of [...sent]) faults.push(...(await faultsOf(path, statement)))
    }
    expect(faults).toEqual([])
  })

  async function faultsOf(name: string, { sql, params }: (typeof sent)[number]): Promise<string[]> {
    if (!/^(\/\*.*?\*\/)?\s*(SELECT|WITH|\()/.test(sql)) return []
    const { rows } = await explaining.query(`EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`, params)
    const plan: Plan = rows[0]['QUERY PLAN'][0].Plan
    return nodesOf(plan).flatMap((node) => {
      const fault = faultOf(node)
      return fault ? [`${name}: ${fault}\n${sql}`] : []
    })
  }
})

function nodesOf(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]
}

const GROWING: ReadonlySet<string> = new Set(TABLES.filter((table) => !['Topic', 'Reader'].includes(table)))

/** Why the cost of a node grows with the newsroom; null if it does not. */
function faultOf(node: Plan): string | null {
  const type = node['Node Type']
  const table = node['Relation Name'] ?? ''
  const read = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)
  if (type === 'Seq Scan' && GROWING.has(table)) return `reads all of ${table}`
  if (GROWING.has(table) && read > MAX_ROWS) return `reads ${read} rows of ${table}`
  if (type === 'Sort' && (node.Plans?.[0]?.['Actual Rows'] ?? 0) > MAX_ROWS) return 'sorts too many rows'
  return null
}
