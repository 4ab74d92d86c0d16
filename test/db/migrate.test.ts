import { appendFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migratedCatalogue, pendingDrift, snapshotProblems, writeMigration } from '../../src/db/drift.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { prismaFolder } from '../../src/db/schema-files.ts'
import { printSchema, writeSnapshot } from '../../src/db/schema-snapshot.ts'
import { freshDatabase, freshSettings } from '../support/database.ts'
import { runFile } from '../support/processes.ts'

const command = (name: string) => join(import.meta.dirname, `../../src/cli/${name}.ts`)

/** A copy of the models and migrations, to be changed by the test. */
let prisma: string

beforeEach(async () => {
  prisma = await mkdtemp(join(tmpdir(), 'dateline-test-'))
  await cp(prismaFolder, prisma, { recursive: true })
})
afterEach(() => rm(prisma, { recursive: true, force: true }))

async function addMigration(name: string, sql: string): Promise<void> {
  const folder = join(prisma, 'migrations', name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'migration.sql'), sql)
}

async function changeModel(file: string, from: string, to: string): Promise<void> {
  const path = join(prisma, 'models', file)
  const model = await readFile(path, 'utf8')
  expect(model).toContain(from)
  await writeFile(path, model.replace(from, to))
}

describe('migrating', () => {
  test('a second time does nothing', async () => {
    await using database = await freshDatabase()
    expect(await migrate(database)).toEqual({ applied: [] })
  })

  test('applies what is new, in order', async () => {
    await using database = await freshDatabase()
    await addMigration('20990101000000_one', 'CREATE TABLE one (id int);')
    await addMigration('20990102000000_two', 'ALTER TABLE one ADD COLUMN two int;')
    const names = ['20990101000000_one', '20990102000000_two']
    expect(await migrate(database, prisma)).toEqual({ applied: names })
    expect(await migrate(database, prisma)).toEqual({ applied: [] })
    expect(await database.prisma.$queryRaw`SELECT two FROM one`).toEqual([])
  })

  test('twice at once applies each migration once', async () => {
    await using database = await freshDatabase()
    const other = database.url ? await openDatabase({ url: database.url, dataDir: '' }) : database
    await addMigration('20990101000000_one', 'SELECT pg_sleep(0.2); CREATE TABLE one (id int);')
    const outcomes = await Promise.all([migrate(database, prisma), migrate(other, prisma)])
    expect(outcomes.flatMap(({ applied }) => applied)).toEqual(['20990101000000_one'])
    if (other !== database) await other.close()
  })

  test('with one that fails changes nothing, says which and why, and can be mended', async () => {
    await using database = await freshDatabase()
    const name = '20990101000000_wrong'
    await addMigration(name, 'CREATE TABLE one (id int);\nSELECT * FROM nowhere;')
    await expect(migrate(database, prisma)).rejects.toThrow(new RegExp(`${name} failed.*nowhere`))
    await addMigration(name, 'CREATE TABLE one (id int);')
    expect(await migrate(database, prisma)).toEqual({ applied: [name] })
  })

  test('with an edited migration is refused', async () => {
    await using database = await freshDatabase()
    await addMigration('20990101000000_one', 'CREATE TABLE one (id int);')
    await migrate(database, prisma)
    await addMigration('20990101000000_one', 'CREATE TABLE other (id int);')
    await expect(migrate(database, prisma)).rejects.toThrow(
      'The applied migration 20990101000000_one differs from its file',
    )
  })

  test('by command says that there is nothing to do', async () => {
    await using settings = await freshSettings()
    expect(await runFile(command('migrate'), [], settings.env)).toEqual({
      code: 0,
      stdout: 'Nothing to do.\n',
      stderr: '',
    })
  })
})

describe('models and migrations', () => {
  test('agree', async () => {
    expect(await writeMigration('nothing', new Date(), prisma)).toBeNull()
  })

  test('that disagree do so until the missing migration is written', async () => {
    await changeModel('article.prisma', 'kicker  ', 'strapline String?\n  kicker  ')
    expect(await pendingDrift(prisma)).toContain('ADD COLUMN     "strapline" TEXT')
    const file = await writeMigration('add_strapline', new Date('2099-01-02T03:04:05Z'), prisma)
    expect(file).toBe(join(prisma, 'migrations/20990102030405_add_strapline/migration.sql'))
    expect(await pendingDrift(prisma)).toBeNull()
    await using database = await freshDatabase()
    expect(await migrate(database, prisma)).toEqual({ applied: ['20990102030405_add_strapline'] })
  })

  test('that disagree in the predicate of a partial index do so too', async () => {
    await changeModel('comment.prisma', 'raw("status = \'PENDING\'")', 'raw("status = \'APPROVED\'")')
    expect(await pendingDrift(prisma)).toMatch(/DROP INDEX "Comment_pending_idx";[\s\S]*WHERE .*'APPROVED'/)
  })

  test('agree after the steps of docs/adding-a-model.md', async () => {
    const page = await readFile(join(prismaFolder, '../docs/adding-a-model.md'), 'utf8')
    const example = (language: string) => new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(page)?.[1] ?? ''
    await writeFile(join(prisma, 'models/newsletter.prisma'), example('prisma'))
    await changeModel('article.prisma', 'children Topic[] ', 'newsletters Newsletter[]\n  children Topic[] ')
    const file = await writeMigration('newsletter', new Date('2099-01-02T03:04:05Z'), prisma)
    await appendFile(file ?? '', example('sql'))
    expect(await pendingDrift(prisma)).toBeNull()
    const catalogue = await migratedCatalogue(prisma)
    expect(catalogue.tables.map(({ name }) => name)).toContain('Newsletter')
    await writeSnapshot(printSchema(catalogue), prisma)
    expect(await snapshotProblems(prisma)).toEqual([])
  })

  test.each([[], ['Two Words'], ['../escape'], ['one', 'two']].map((args) => ({ args })))(
    'get no migration from the arguments $args',
    async ({ args }) => {
      const { code, stdout, stderr } = await runFile(command('migrate-new'), args, {})
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toContain('Usage: npm run migrate:new -- NAME')
    },
  )
})

describe('prisma/schema.sql', () => {
  test('is what the migrations make', async () => {
    expect(await snapshotProblems(prisma)).toEqual([])
  })

  test.each([
    {
      kind: 'trigger',
      sql: 'ALTER TABLE "FeedEntry" DISABLE TRIGGER "FeedEntry_append_only";',
      line: /^\+ CREATE TRIGGER "FeedEntry_append_only" .* -- not enabled;$/m,
    },
    {
      kind: 'CHECK',
      sql: `ALTER TABLE "Partner" DROP CONSTRAINT "Partner_quota_positive",
              ADD CONSTRAINT "Partner_quota_positive" CHECK ("quotaPerMinute" >= 0);`,
      line: /^\+ {5}CONSTRAINT "Partner_quota_positive" CHECK \("quotaPerMinute" >= 0\),$/m,
    },
    {
      kind: 'partial index',
      sql: `DROP INDEX "Comment_pending_idx";
            CREATE INDEX "Comment_pending_idx" ON "Comment" ("submittedAt", "id") WHERE "status" = 'APPROVED';`,
      line: /^\+ CREATE INDEX "Comment_pending_idx" .* WHERE status = 'APPROVED'::"CommentStatus";$/m,
    },
  ])('disagrees with a migration that changes a $kind until it is written again', async ({ sql, line }) => {
    await addMigration('20990101000000_other', sql)
    const problems = await snapshotProblems(prisma)
    expect(problems).toEqual([expect.stringMatching(line)])
    expect(problems[0]).toContain('npm run schema:snapshot')
    await writeSnapshot(printSchema(await migratedCatalogue(prisma)), prisma)
    expect(await snapshotProblems(prisma)).toEqual([])
  })

  test('disagrees with a file in which only the order of lines changed', async () => {
    const file = join(prisma, 'schema.sql')
    const [first, second, ...others] = (await readFile(file, 'utf8')).split('\n')
    await writeFile(file, [second, first, ...others].join('\n'))
    expect(await snapshotProblems(prisma)).toHaveLength(1)
  })
})
