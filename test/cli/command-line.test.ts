import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { page } from '../ingest/server.ts'
import { startDyingPostgres } from '../support/dying-postgres.ts'
import { runFile } from '../support/processes.ts'

// What the commands print of failures that nobody foresaw: one line, and nothing of the database's address.

const source = join(import.meta.dirname, '../../src')
const commands = {
  partner: { file: join(source, 'cli/partner.ts'), args: ['list'] },
  ingest: { file: join(source, 'cli/ingest.ts'), args: ['PAGE'] },
  migrate: { file: join(source, 'cli/migrate.ts'), args: [] },
}
const SECRET = 'pa55word-of-the-newsroom'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dateline-command-'))
  await writeFile(join(folder, 'page.html'), await page('graph.html'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

function run(name: keyof typeof commands, port: number) {
  const { file, args } = commands[name]
  return runFile(
    file,
    args.map((arg) => (arg === 'PAGE' ? join(folder, 'page.html') : arg)),
    { DATABASE_URL: `postgres://news_user:${SECRET}@127.0.0.1:${port}/newsroom` },
  )
}

describe.each(Object.keys(commands) as (keyof typeof commands)[])(
  'npm run %s',
  { timeout: 60_000 },
  (name) => {
    test('says in one line that the connection ended, without address, user and password', async () => {
      await using server = await startDyingPostgres()
      const { code, stdout, stderr } = await run(name, server.port)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(
        /^Unexpected error: .+ Run the command again once the database can be reached\.\n$/,
      )
      expect(stderr).not.toMatch(
        new RegExp(`${SECRET}|news_user|127\\.0\\.0\\.1|${server.port}|secretKey|node_modules`),
      )
      expect(server.unanswered).toBeGreaterThan(0)
    })

    test('says in one line that no server listens', async () => {
      const taken = createServer()
      taken.listen(0, '127.0.0.1')
      await once(taken, 'listening')
      const { port } = taken.address() as AddressInfo
      taken.close()
      await once(taken, 'close')
      const { code, stdout, stderr } = await run(name, port)
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(
        /^DATABASE_URL names a database that cannot be used: no PostgreSQL server listens.*\n$/,
      )
      expect(stderr).not.toMatch(new RegExp(`${SECRET}|news_user|secretKey|node_modules`))
    })
  },
)

test('npm run token says in one line that its folder is none', async () => {
  const dataDir = join(folder, 'page.html')
  const { code, stdout, stderr } = await runFile(join(source, 'cli/token.ts'), ['--role', 'reader'], {
    DATA_DIR: dataDir,
  })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^.+\n$/)
  expect(stderr).not.toMatch(/node:internal|node_modules|\n {4}at /)
})
