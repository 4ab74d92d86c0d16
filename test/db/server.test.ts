import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runFile } from '../support/processes.ts'

const migrateCommand = join(import.meta.dirname, '../../src/db/commands/migrate.ts')

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

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 1
}
