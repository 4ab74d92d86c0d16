import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { createInterface } from 'node:readline'

/** Whether this machine has Redis. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A Redis of the test's own on a loopback port, which keeps nothing. */
export interface RedisServer extends AsyncDisposable {
  readonly url: string
  start(): Promise<void>
  /** Ends it on the spot, as `kill -9` does. */
  kill(): Promise<void>
  /** Holds it still with its connections open, and lets it go on. */
  freeze(): void
  thaw(): void
}

/** It does not run before `start`. */
export async function redisServer(options: { password?: string } = {}): Promise<RedisServer> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const password = options.password ? ['--requirepass', options.password] : []
      const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
      child = spawn('redis-server', [...args, ...password], { stdio: ['ignore', 'pipe', 'inherit'] })
      for await (const line of createInterface(child.stdout!)) if (line.includes('Ready to accept')) return
      throw new Error('redis-server did not start')
    },
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    [Symbol.asyncDispose]: kill,
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
