import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { openBrowser, type Windows } from '../support/browser.ts'

// The first minutes of a new user: clones the repository, installs it, starts it, writes a comment on the story as a
// sample reader, approves it at the desk with one key, and sees it appear in a second window. Exits with 1 if this takes
// longer than the limit. The packages must be in the cache of npm: run `npm ci` once before.
//
//   node test/bench/newcomer.ts [--limit 120] [--keep]

const { values } = parseArgs({
  options: { limit: { type: 'string', default: '120' }, keep: { type: 'boolean', default: false } },
})

const ROOT = join(import.meta.dirname, '../..')
const COMMENT = `Written at ${new Date().toISOString()}`

const began = performance.now()
let last = began
/** Prints how long a step took. */
function tell(step: string): void {
  const now = performance.now()
  console.log(`${step.padEnd(40)}${((now - last) / 1000).toFixed(1).padStart(7)} s`)
  last = now
}

const folder = await mkdtemp(join(tmpdir(), 'dateline-newcomer-'))
try {
  await run('git', ['clone', '--quiet', ROOT, folder], ROOT)
  tell('git clone')
  await run('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund', '--silent'], folder)
  tell('npm ci')
  await using gateway = await start(folder)
  tell('npm start, until it prints the addresses')
  await using windows = await openBrowser(gateway.story)
  await comment(windows, gateway)
} finally {
  if (values.keep) console.log(`kept: ${folder}`)
  else await rm(folder, { recursive: true, force: true })
}
const seconds = (performance.now() - began) / 1000
console.log(`${'all'.padEnd(40)}${seconds.toFixed(1).padStart(7)} s of ${values.limit} s`)
process.exit(seconds <= Number(values.limit) ? 0 : 1)

interface Addresses {
  story: string
  desk: string
}

/** By clicking: only the comment itself and one key are typed. */
async function comment(windows: Windows, { story, desk }: Addresses): Promise<void> {
  const other = await windows.open(story)
  // Comments far from what is visible are not in the page.
  await other.locator('dateline-comments .header').scrollIntoViewIfNeeded()
  const reader = await windows.open(story)
  await reader.getByRole('button', { name: 'Sample reader', exact: true }).click()
  await reader.getByLabel('Your comment', { exact: true }).fill(COMMENT)
  await reader.getByRole('button', { name: 'Send', exact: true }).click()
  await reader.getByText('Waiting for a moderator').waitFor()
  tell('a comment is written, and waits')
  const moderator = await windows.open(desk)
  await moderator.getByRole('button', { name: /^Sample moderator/ }).click()
  await moderator.getByRole('article').filter({ hasText: COMMENT }).click()
  await moderator.keyboard.press('a')
  tell('approved with one key')
  const shown = other.locator('.list .body', { hasText: COMMENT })
  await shown
    .or(other.getByRole('button', { name: /new comment/ }))
    .first()
    .waitFor()
  if ((await shown.count()) === 0) await other.getByRole('button', { name: /new comment/ }).click()
  await shown.waitFor()
  tell('seen in the second window')
}

/** `npm start`, until it has printed the addresses of the story and the desk. */
async function start(cwd: string): Promise<Addresses & AsyncDisposable> {
  const { DATABASE_URL: _, DATA_DIR: __, ...env } = process.env
  const child = spawn('npm', ['start', '--silent'], {
    cwd,
    env: { ...env, PORT: String(await freePort()) },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const exited = once(child, 'exit')
  const addresses = new Map<string, string>()
  for await (const line of createInterface(child.stdout)) {
    const [, name, address] = /^ {2}(A story|Desk) +(\S+)$/.exec(line) ?? []
    if (name && address) addresses.set(name, address)
    if (addresses.size === 2) break
  }
  const [story, desk] = [addresses.get('A story'), addresses.get('Desk')]
  if (!story || !desk) throw new Error('npm start ended before it printed the addresses.')
  return {
    story,
    desk,
    async [Symbol.asyncDispose]() {
      process.kill(-(child.pid as number), 'SIGTERM')
      await exited
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

async function run(command: string, args: string[], cwd: string): Promise<void> {
  const [code] = await once(spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] }), 'exit')
  if (code !== 0) throw new Error(`${command} ${args[0]} failed with ${code}.`)
}
