import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { openDatabase } from '../../src/db/open.ts'
import { freshDatabase } from '../support/database.ts'
import { runFile } from '../support/processes.ts'

const migrateCommand = join(import.meta.dirname, '../../src/cli/migrate.ts')

/** What the command says about a DATABASE_URL; one line, exit code 1. */
async function complaint(url: string): Promise<string> {
  const { code, stdout, stderr } = await runFile(migrateCommand, [], { DATABASE_URL: url })
  expect({ code, stdout, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, stdout: '', lines: 1 })
  expect(stderr).toContain('DATABASE_URL')
  expect(stderr).not.toContain('s3cret')
  return stderr
}

describe('a wrong DATABASE_URL gives one line without the password', () => {
  test('when nothing listens there', async () => {
    expect(await complaint(`postgres://editor:s3cret@127.0.0.1:${await freePort()}/news`)).toContain(
      'no PostgreSQL server listens there',
    )
  })

  test('when the host has no such name', async () => {
    expect(await complaint('postgres://editor:s3cret@nowhere.invalid/news')).toContain('nowhere.invalid')
  })

  test('when it is no address of PostgreSQL', () => complaint('mysql://editor:s3cret@127.0.0.1/news'))

  test.runIf(process.env.DATABASE_URL)('when the server has no such database', async () => {
    const url = new URL(process.env.DATABASE_URL ?? '')
    url.pathname = '/dateline_that_is_not_there'
    url.password = 's3cret'
    expect(await complaint(url.href)).toContain('"dateline_that_is_not_there"')
  })
})

test('times are kept, whatever time zone the database or this machine is in', async () => {
  await using database = await freshDatabase()
  if (database.url) {
    await database.prisma.$executeRawUnsafe(
      `ALTER DATABASE ${new URL(database.url).pathname.slice(1)} SET timezone = 'Asia/Baghdad'`,
    )
  }
  const again = database.url ? await openDatabase({ url: database.url, dataDir: '' }) : database
  const at = new Date('2026-07-01T12:34:56.789Z')
  const { createdAt } = await again.prisma.reader.create({
    data: { subject: 'reader', displayName: 'Reader', createdAt: at },
  })
  expect(createdAt).toEqual(at)
  const rows = await again.prisma.$queryRaw`SELECT extract(epoch FROM "createdAt")::float8 AS s FROM "Reader"`
  expect(rows).toEqual([{ s: at.getTime() / 1000 }])
  if (again !== database) await again.close()
})

describe.runIf(process.env.DATABASE_URL)('statements are not compiled to machine code', () => {
  const jitOf = async (url: string) => {
    const { prisma, close } = await openDatabase({ url, dataDir: '' })
    const [row] = await prisma.$queryRaw<{ jit: string }[]>`SELECT current_setting('jit') AS jit`
    await close()
    return row?.jit
  }

  test('whatever the database says', async () => {
    await using database = await freshDatabase()
    const { pathname } = new URL(database.url as string)
    await database.prisma.$executeRawUnsafe(`ALTER DATABASE ${pathname.slice(1)} SET jit = on`)
    expect(await jitOf(database.url as string)).toBe('off')
  })

  test('unless DATABASE_URL asks for it', async () => {
    await using database = await freshDatabase()
    const url = new URL(database.url as string)
    url.searchParams.set('options', '-c jit=on')
    expect(await jitOf(url.href)).toBe('on')
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 1
}
