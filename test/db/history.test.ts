import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readHistory } from '../../src/db/history.ts'
import { HistoryWatch } from '../../src/db/history-watch.ts'
import { freshDatabase, freshSettings } from '../support/database.ts'
import { runFile } from '../support/processes.ts'

const command = join(import.meta.dirname, '../../src/cli/migrate.ts')

async function watchHistory(database: Awaited<ReturnType<typeof freshDatabase>>) {
  const changes: string[] = []
  const watch = await HistoryWatch.open({
    database,
    listen: database.listen,
    pollMs: 2 ** 30,
    onFailure: (error) => expect.unreachable(String(error)),
    onChange: (history) => changes.push(history),
  })
  return { watch, changes, [Symbol.asyncDispose]: () => watch.close() }
}

test('the history stays the same while rows are written and the database is opened again', async () => {
  await using settings = await freshSettings()
  const histories: string[] = []
  for (let time = 0; time < 2; time++) {
    await settings.inDatabase(async (database) => {
      const before = await readHistory(database)
      await database.prisma.topic.create({ data: { slug: `topic-${time}`, label: 'Topic' } })
      const walPosition = async () => (await readHistory(database)).walPosition
      await expect.poll(walPosition, { timeout: 20_000 }).toBeGreaterThan(before.walPosition)
      histories.push(before.history, (await readHistory(database)).history)
    })
  }
  expect(new Set(histories).size).toBe(1)
})

test('npm run migrate -- --restored starts a new history; without the option the history stays', async () => {
  await using settings = await freshSettings()
  const read = async () => (await settings.inDatabase(readHistory)).history
  const first = await read()
  await runFile(command, [], settings.env)
  expect(await read()).toBe(first)
  const { code, stdout } = await runFile(command, ['--restored'], settings.env)
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'Nothing to do.\nCursors from before the restore are now refused.\n',
  })
  expect(await read()).not.toBe(first)
  const wrong = await runFile(command, ['--restore'], settings.env)
  expect(wrong.code).toBe(1)
  expect(wrong.stderr).toContain("Unknown option '--restore'; --help lists the options.")
})

test('gateways that find the same loss at the same moment start one new history, not two', async () => {
  await using database = await freshDatabase()
  await using one = await watchHistory(database)
  await using two = await watchHistory(database)
  const lost = one.watch.current
  expect(two.watch.current).toBe(lost)
  await Promise.all([one.watch.endHistory(lost), two.watch.endHistory(lost)])
  await Promise.all([one.watch.check(), two.watch.check()])
  expect(one.watch.current).not.toBe(lost)
  expect(two.watch.current).toBe(one.watch.current)
  expect([one.changes, two.changes]).toEqual([[one.watch.current], [one.watch.current]])
})

test('a table that was written anew, as by restoring a dump, is another history', async () => {
  await using database = await freshDatabase()
  await using seen = await watchHistory(database)
  const before = seen.watch.current
  await database.prisma.$executeRawUnsafe(`DO $$ BEGIN
    CREATE TEMPORARY TABLE dump AS SELECT * FROM "FeedEpoch";
    ALTER TABLE "FeedEpoch" DISABLE TRIGGER USER;
    DELETE FROM "FeedEpoch";
    INSERT INTO "FeedEpoch" SELECT * FROM dump;
    ALTER TABLE "FeedEpoch" ENABLE TRIGGER USER;
    DROP TABLE dump;
  END $$`)
  await seen.watch.check()
  expect(seen.changes).toHaveLength(1)
  expect(seen.watch.current).not.toBe(before)
})

test('the history is of the epoch, its row and table, the database, the server and the timeline of its log', async () => {
  await using database = await freshDatabase()
  const rows = await database.prisma.$queryRaw<object[]>`
    SELECT e."epoch"::text, e.xmin::text, e.tableoid::int::text,
      (SELECT oid::int FROM pg_database WHERE datname = current_database())::text AS database,
      (SELECT system_identifier FROM pg_control_system())::text AS server,
      lpad(upper(to_hex((SELECT timeline_id FROM pg_control_checkpoint()))), 8, '0') AS timeline
    FROM "FeedEpoch" e`
  const parts = Object.values(rows[0] ?? {})
  expect(parts).toHaveLength(6)
  const { history } = await readHistory(database)
  expect(history.replaceAll('-', '')).toBe(createHash('md5').update(parts.join('/')).digest('hex'))
})
