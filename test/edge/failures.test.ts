import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { lineWriter } from '../../src/base/line-writer.ts'
import { openDatabase } from '../../src/db/open.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { addPending } from '../comment-feed/fill.ts'
import { freshApp } from '../support/app.ts'
import { freshSettings } from '../support/database.ts'
import { mainFile, startGateway, startInVain } from '../support/gateway.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { inherited } from '../support/processes.ts'

const onServer = Boolean(process.env.DATABASE_URL)

test.skipIf(onServer)(
  'a deleted folder of the embedded database makes the gateway not ready, and no write is acknowledged',
  async () => {
    await using settings = await freshSettings()
    const { DATA_DIR: dataDir } = settings.env
    const database = await openDatabase({ url: null, dataDir })
    await using app = await freshApp({ database })
    const moderator = await app.token('moderator')
    const { key } = await addArticle(database.prisma)
    const [first, second] = await addPending(database.prisma, key, 2)
    const approve = (id: string) =>
      app.post(operationText('ApproveComments'), { ids: [globalId('Comment', id)] }, moderator)
    expect((await approve(first as string)).data.approveComments.results).toMatchObject([{ changed: true }])
    const health = `http://127.0.0.1:${app.config.port}/health/ready`
    expect((await fetch(health)).status).toBe(200)

    await rm(dataDir, { recursive: true })
    const ready = await fetch(health)
    expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining('deleted or replaced')])
    const { data, errors } = await approve(second as string)
    expect([data, errors?.[0]?.extensions?.code]).toEqual([undefined, 'TEMPORARILY_UNAVAILABLE'])
    await app.close()
    await database.close().catch(() => {})
  },
)

test('a folder that cannot be written to is named in one line', async () => {
  await using settings = await freshSettings()
  // A folder in the place of a file cannot be written even by root.
  await mkdir(join(settings.env.DATA_DIR, onServer ? 'dev-auth-key' : 'lock.pid'))
  const { code, stderr } = await startInVain({ ...settings.env, SAMPLE: 'off' })
  const lines = stderr.trim().split('\n')
  expect({ code, plain: lines.filter((line) => !line.startsWith('{')).length }).toEqual({ code: 1, plain: 1 })
  expect(lines.at(-1)).toMatch(/^dateline: .*DATA_DIR.*a writable folder\.$/)
})

test('a full disk behind the log and the screen does not end the gateway', async () => {
  await using settings = await freshSettings()
  const full = await open('/dev/full', 'w')
  const port = await freePort()
  const child = spawn(
    process.execPath,
    ['--liftoff-only', '--disable-warning=ExperimentalWarning', mainFile],
    {
      env: {
        ...inherited,
        ...settings.env,
        SAMPLE: 'off',
        PORT: String(port),
        LOG_LEVEL: 'trace',
        DB_URL: 'x',
      },
      stdio: ['ignore', full.fd, full.fd],
    },
  )
  const gone = once(child, 'close')
  const ended = gone.then(() => 'ended')
  const ready = untilReady(`http://127.0.0.1:${port}/health/ready`)
  expect(await Promise.race([ready, ended])).toBe('ready\n')
  child.kill('SIGTERM')
  expect((await gone)[0]).toBe(0)
  await full.close()
})

test('a line that a slow pipe takes in pieces is written whole, and one that nothing takes is given up', () => {
  const taken: string[] = []
  let calls = 0
  const slow = lineWriter(9, ((_fd: number, bytes: Buffer, from: number) => {
    if (++calls % 2 === 0) throw Object.assign(new Error('again'), { code: 'EAGAIN' })
    taken.push(bytes.toString('utf8', from, from + 2))
    return Math.min(2, bytes.length - from)
  }) as never)
  slow.write('a line\n')
  expect(taken.join('')).toBe('a line\n')
  let attempts = 0
  const stuck = lineWriter(9, (() => {
    attempts++
    throw Object.assign(new Error('again'), { code: 'EAGAIN' })
  }) as never)
  stuck.write('a line\n')
  expect(attempts).toBe(3)
})

describe.runIf(onServer)('on a server', () => {
  test('gateways that start at once on an empty newsroom with SAMPLE=on all start, with one sample', async () => {
    await using settings = await freshSettings()
    const gateways = await Promise.all(
      Array.from({ length: 3 }, () => startGateway({ ...settings.env, SAMPLE: 'on' })),
    )
    const counts = await Promise.all(
      gateways.map((gateway) => gateway.ask('{ articles(first: 50) { edges { node { commentCount } } } }')),
    )
    await Promise.all(gateways.map((gateway) => gateway.kill()))
    expect(counts[1]).toEqual(counts[0])
    expect(counts[2]).toEqual(counts[0])
    expect(counts[0].articles.edges.length).toBeGreaterThanOrEqual(12)
  })

  test('a column that is missing is named at start in one line', async () => {
    await using settings = await freshSettings()
    const client = new pg.Client({ connectionString: settings.env.DATABASE_URL })
    await client.connect()
    await client.query('ALTER TABLE "Comment" DROP COLUMN "language" CASCADE').finally(() => client.end())
    const { code, stderr } = await startInVain(settings.env)
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 1, lines: 1 })
    expect(stderr).toContain('no column Comment.language')
  })
})

async function untilReady(address: string): Promise<string> {
  for (;;) {
    const answer = await fetch(address).catch(() => null)
    if (answer?.ok) return answer.text()
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
