import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { freshSettings } from '../support/database.ts'

const root = join(import.meta.dirname, '../..')

test('SIGTERM to npm start stops the gateway, which ends with 0', { timeout: 120_000 }, async () => {
  await using settings = await freshSettings()
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { PATH, HOME: settings.env.DATA_DIR, PORT: '0', SAMPLE: 'off', LOG_LEVEL: 'info', ...settings.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const closed = once(child, 'close')
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  let pid = 0
  try {
    for await (const text of child.stdout.setEncoding('utf8')) if (/\/graphql\n/.test(text)) break
    pid = Number(/"pid":(\d+)/.exec(stderr)?.[1] ?? 0)
    child.kill('SIGTERM')
    child.stdout.resume()
    // The pipes close when no process holds them any more: npm, the shell and the gateway.
    const [code] = await closed
    expect(code).toBe(0)
    expect(stderr).toContain('SIGTERM: finishing the requests in progress')
  } finally {
    child.kill('SIGKILL')
    if (pid > 0 && child.exitCode === null) process.kill(pid, 'SIGKILL')
  }
})

test('a Node that is too old is told in one line which one is needed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-old-node-'))
  try {
    const old = join(folder, 'old.mjs')
    await writeFile(old, `Object.defineProperty(process.versions, 'node', { value: '20.20.2' })\n`)
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', old, join(root, 'src/launch.js'), join(root, 'src/main.ts')],
      { encoding: 'utf8', env: {} },
    )
    expect(status).toBe(1)
    expect(stderr).toMatch(
      /^dateline: Dateline needs Node 22\.18 or newer, but this is Node 20\.20\.2\. [^\n]+\n$/,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

test('every command of the gateway goes through that look', async () => {
  const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  for (const name of ['start', 'migrate', 'token', 'partner', 'ingest']) {
    expect(scripts[name]).toMatch(/^exec node src\/launch\.js src\/[\w/-]+\.ts$/)
  }
})
