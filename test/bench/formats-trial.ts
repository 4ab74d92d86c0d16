/**
 * Writes the sample newsroom's feeds into a folder, in every format, as the public and as two partners have
 * them, for validators that are no part of this repository:
 *
 *   node test/bench/formats-trial.ts FOLDER
 *
 * In the folder of each audience there are the six feeds and, under `stories`, each story by itself.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HeadReader, readChangeHead } from '../../src/changelog/head.ts'
import { loadConfig } from '../../src/config/config.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { RenderingCache } from '../../src/feeds/cache.ts'
import { articleFormats, feedFormats } from '../../src/feeds/formats/formats.ts'
import { type RenderFeedDeps, renderFeed } from '../../src/feeds/render-feed.ts'
import type { Audience } from '../../src/licensing/audience.ts'
import { newsroomTerms } from '../../src/licensing/terms.ts'
import { fillWithSample } from '../../src/sample/fill.ts'

const folder = process.argv[2]
if (!folder) {
  console.error('Usage: node test/bench/formats-trial.ts FOLDER')
  process.exit(1)
}

const nobody = '00000000-0000-7000-8000-000000000000'
const audiences: Record<string, Audience> = {
  public: { kind: 'public' },
  everything: {
    kind: 'partner',
    id: nobody,
    slug: 'everything',
    terms: { ...newsroomTerms, attribution: 'From Dateline.' },
  },
  little: {
    kind: 'partner',
    id: nobody,
    slug: 'little',
    terms: {
      ...newsroomTerms,
      agencies: [],
      quotations: false,
      embeds: false,
      attribution: 'From Dateline.',
    },
  },
}

const database = await openDatabase({ url: undefined, dataDir: 'memory://' })
await migrate(database)
await fillWithSample(database, loadConfig({ SAMPLE: 'on', DATA_DIR: folder }), () => new Date())
const { prisma } = database
const newest = await prisma.article.findFirstOrThrow({
  where: { status: 'USABLE', embargoedUntil: null },
  orderBy: { publishedAt: 'desc' },
})
// One is gone, and it is the day after the newest, or the sitemap would be empty.
const gone = await prisma.article.findFirstOrThrow({ orderBy: { publishedAt: 'asc' } })
await prisma.article.update({ where: { id: gone.id }, data: { status: 'WITHHELD' } })
const now = new Date(newest.publishedAt.getTime() + 24 * 60 * 60 * 1000)
const deps: RenderFeedDeps = {
  services: { prisma, now: () => now, publicUrl: 'https://dateline.example' },
  outlet: 'Dateline',
  cache: new RenderingCache(),
  head: new HeadReader(() => readChangeHead(prisma)),
}
const stories = await prisma.article.findMany({ select: { slug: true } })
const paths = [
  ...Object.keys(feedFormats),
  ...Object.keys(feedFormats).map((file) => `language/ckb/${file}`),
  ...stories.flatMap(({ slug }) => Object.keys(articleFormats).map((ending) => `articles/${slug}.${ending}`)),
]

let files = 0
for (const [name, audience] of Object.entries(audiences)) {
  // A partner's feeds have a token in their path; any does here.
  const own = audience.kind === 'partner' ? `p/${name}/` : ''
  for (const path of paths) {
    const found = await renderFeed({ path: `/feeds/${own}${path}`, audience, deps })
    if (!found) continue
    const file = join(folder, name, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, found.body)
    files += 1
  }
}
await database.close()
console.log(`${files} files in ${folder}`)
