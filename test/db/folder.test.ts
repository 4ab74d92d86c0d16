import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lockFolder } from '../../src/db/lock.ts'
import { openMigrated } from '../../src/db/open.ts'
import { freshSettings } from '../support/database.ts'
import { runFile, startFile } from '../support/processes.ts'

const holdDatabase = join(import.meta.dirname, 'hold-database.ts')
const migrateCommand = join(import.meta.dirname, '../../src/cli/migrate.ts')

let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dateline-test-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

describe('a locked folder', () => {
  test('is refused to the same process and to others until it is released', async () => {
    const lock = await lockFolder(dataDir)
    await expect(lockFolder(dataDir)).rejects.toThrow('in use')
    expect((await runFile(holdDatabase, [], { DATA_DIR: dataDir })).code).toBe(1)
    await lock.release()
    await (await lockFolder(dataDir)).release()
  })

  test('is made when it is missing', async () => {
    await (await lockFolder(join(dataDir, 'deep/er'))).release()
  })

  test('that cannot be one is named, with the setting that mends it', async () => {
    await writeFile(join(dataDir, 'file'), '')
    await expect(lockFolder(join(dataDir, 'file'))).rejects.toThrow(/file cannot be used .* set DATA_DIR/)
  })
})

// With DATABASE_URL the folder holds no database.
describe.skipIf(process.env.DATABASE_URL)('the embedded database', () => {
  test('is made in a new folder, and what a killed process wrote is there afterwards', async () => {
    await using first = startFile(holdDatabase, [], { DATA_DIR: dataDir })
    const { slug, isNew } = JSON.parse(await first.nextLine())
    expect(isNew).toBe(true)
    await first.kill()

    const database = await openMigrated({ dataDir })
    expect(database.isNew).toBe(false)
    expect(await database.prisma.topic.findUnique({ where: { slug } })).toMatchObject({ label: 'Kept' })
    await database.close()
  })

  test('is refused to a second process, which says who has it and how to mend that', async () => {
    await using settings = await freshSettings()
    await using first = startFile(holdDatabase, [], settings.env)
    await first.nextLine()
    const second = await runFile(migrateCommand, [], settings.env)
    expect(second).toMatchObject({ code: 1, stdout: '' })
    expect(second.stderr.trim().split('\n')).toHaveLength(1)
    expect(second.stderr).toContain(settings.env.DATA_DIR)
    expect(second.stderr).toContain(`process ${first.pid}`)
    expect(second.stderr).toContain('set DATA_DIR')
    await first.kill()
  })

  test('survives being killed again and again', async () => {
    await using settings = await freshSettings()
    const slugs: string[] = []
    for (let time = 0; time < 3; time++) {
      await using holder = startFile(holdDatabase, [], settings.env)
      slugs.push(JSON.parse(await holder.nextLine()).slug)
    }
    const database = await openMigrated({ dataDir: settings.env.DATA_DIR })
    const topics = await database.prisma.topic.findMany({ orderBy: { id: 'asc' } })
    expect(topics.map(({ slug }) => slug)).toEqual(slugs)
    await database.close()
  })

  test('that was left half made is made anew', async () => {
    await mkdir(join(dataDir, 'db/base'), { recursive: true })
    await writeFile(join(dataDir, 'db.unfinished'), '')
    const database = await openMigrated({ dataDir })
    expect(database.isNew).toBe(true)
    await database.close()
  })

  test('that cannot be read is named in one line, and is left as it is', async () => {
    await mkdir(join(dataDir, 'db'))
    await writeFile(join(dataDir, 'db/PG_VERSION'), '9.6\n')
    const { code, stderr } = await runFile(migrateCommand, [], { DATA_DIR: dataDir })
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toContain(join(dataDir, 'db'))
  })
})
