import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that outgoing connections get: one of those could take a port while its owner restarts. */
const LOWEST = 20_000
const HIGHEST = 32_000

const given = new Set<number>()

/** A loopback port that is free now and that nobody but its asker will be given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
