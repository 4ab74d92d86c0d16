import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Debian's package puts it where only the administrator's path leads. */
const PROGRAM = ['/usr/sbin/varnishd', 'varnishd'].find((path) => spawnSync(path, ['-V']).status === 0)

/** Why Varnish can't be tested here; undefined when it can. */
export const noVarnish = PROGRAM ? undefined : 'Varnish is not installed: apt-get install varnish'

/** The configuration and the adapter of docs/cdn.md. */
export async function varnishDocs(): Promise<{ vcl: string; adapter: string }> {
  const page = await readFile(join(import.meta.dirname, '../../docs/cdn.md'), 'utf8')
  const [, vcl] = /^```vcl\n(vcl 4\.1;.*?)^```$/ms.exec(page) ?? []
  const [, adapter] = /^```js\n(\/\/ purge-adapter\.mjs.*?)^```$/ms.exec(page) ?? []
  if (!vcl || !adapter) throw new Error('docs/cdn.md has no configuration of Varnish, or no adapter.')
  return { vcl, adapter }
}

export interface Varnish extends AsyncDisposable {
  /** Where clients connect, and where it accepts bans. */
  readonly url: string
  readonly purgeUrl: string
}

/** Starts Varnish on two ports of its own. */
export async function startVarnish(vcl: string): Promise<Varnish> {
  if (!PROGRAM) throw new Error(noVarnish)
  const folder = await mkdtemp(join(tmpdir(), 'dateline-varnish-'))
  const [port, purgePort] = [await freePort(), await freePort()]
  await writeFile(join(folder, 'dateline.vcl'), vcl)
  const listening = ['-a', `http=127.0.0.1:${port}`, '-a', `purge=127.0.0.1:${purgePort}`]
  const files = ['-f', join(folder, 'dateline.vcl'), '-n', join(folder, 'work')]
  const child = spawn(
    PROGRAM,
    ['-F', '-j', 'none', ...listening, ...files, '-s', 'malloc,32m', '-T', 'none'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const gone = once(child, 'close')
  const said = collect(child.stderr)
  await Promise.race([
    connectable(port, () => child.exitCode !== null),
    gone.then(() => Promise.reject(new Error(`Varnish ended: ${said()}`))),
  ])
  return {
    url: `http://127.0.0.1:${port}`,
    purgeUrl: `http://127.0.0.1:${purgePort}`,
    async [Symbol.asyncDispose]() {
      // Its worker process ends with it.
      child.kill('SIGTERM')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export interface Adapter extends AsyncDisposable {
  readonly url: string
}

/** Starts the adapter that turns signed purges into bans. */
export async function startAdapter(
  source: string,
  { secret, varnish, port }: { secret: string; varnish: string; port: number },
): Promise<Adapter> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-adapter-'))
  await writeFile(join(folder, 'purge-adapter.mjs'), source)
  const env = { PATH: process.env.PATH, PURGE_SECRET: secret, PORT: String(port), VARNISH: varnish }
  const child = spawn(process.execPath, [join(folder, 'purge-adapter.mjs')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const gone = once(child, 'close')
  const said = collect(child.stderr)
  await Promise.race([
    connectable(port, () => child.exitCode !== null),
    gone.then(() => Promise.reject(new Error(`The adapter ended: ${said()}`))),
  ])
  return {
    url: `http://127.0.0.1:${port}/purge`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await gone
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Resolves when something listens. */
async function connectable(port: number, isGone: () => boolean): Promise<void> {
  while (!isGone()) {
    const socket = createConnection(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (isOpen) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return () => text
}
