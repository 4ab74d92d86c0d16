import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { Service } from './service.ts'

/** How long Redis may take to answer, in ms. */
const START_PATIENCE = 10_000

/** A Redis server of our own on a loopback port, which keeps nothing. */
export interface Redis extends AsyncDisposable {
  readonly url: string
  /** Ends it on the spot. */
  kill(): Promise<void>
  /** Starts it again and waits until it answers. */
  start(): Promise<void>
}

/** @param folder where its log goes */
export async function startRedis(folder: string): Promise<Redis> {
  const port = await freePort()
  let service: Service | null = null
  let removed = false
  const start = async () => {
    if (removed) return
    service = new Service({
      command: 'redis-server',
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      cwd: folder,
      log: join(folder, 'redis.log'),
    })
    await service.until(() => answers(port), START_PATIENCE)
  }
  const kill = async () => service?.kill('SIGKILL')
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    [Symbol.asyncDispose]: async () => {
      removed = true
      await kill()
    },
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1')
  try {
    socket.write('PING\r\n')
    const [answer] = await once(socket, 'data')
    return String(answer).startsWith('+PONG')
  } finally {
    socket.destroy()
  }
}
