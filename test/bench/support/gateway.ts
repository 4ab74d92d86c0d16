import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { unhurried } from '../../support/unhurried.ts'

/** A gateway as `npm start` runs it, in a process of its own. */
export interface Gateway {
  readonly process: ChildProcess
  readonly port: number
  /** The address of /graphql. */
  readonly url: string
  /** Its resident memory, in bytes. */
  memory(): number
  /** A number at /metrics. */
  metric(name: string): Promise<number>
  kill(): Promise<void>
}

const MAIN = join(import.meta.dirname, '../../../src/main.ts')

const running = new Set<ChildProcess>()
process.once('exit', killGateways)

/** Ends all gateways that run, without waiting for them. */
export function killGateways(): void {
  for (const child of running) child.kill('SIGKILL')
}

/**
 * @param env its settings, besides a free port and no sample
 * @param main another program than ours that starts a gateway and says so in the same words
 */
export async function spawnGateway(env: Record<string, string>, main = MAIN): Promise<Gateway> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { PATH: process.env.PATH, PORT: '0', SAMPLE: 'off', LOG_LEVEL: 'warn', ...unhurried, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  const port = await portOf(child)
  const url = `http://127.0.0.1:${port}/graphql`
  return {
    process: child,
    port,
    url,
    memory() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
    },
    async metric(name) {
      const text = await (await fetch(url.replace('/graphql', '/metrics'))).text()
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

async function portOf(child: ChildProcess): Promise<number> {
  for await (const line of createInterface(child.stdout as NodeJS.ReadableStream)) {
    const port = /listens on http:\/\/[^/]*:(\d+)\/graphql/.exec(line)?.[1]
    if (port) {
      child.stdout?.resume()
      return Number(port)
    }
  }
  throw new Error('the gateway did not start')
}
