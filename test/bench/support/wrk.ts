import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

// The load generator wrk: one in JavaScript needs more CPU than the servers that answer from memory.

export interface WrkLoad {
  port: number
  method: 'GET' | 'POST'
  path: string
  headers: Readonly<Record<string, string>>
  body?: string
  /** A file with a body in each line, chosen by Zipf's law: the first one most often. */
  bodies?: { file: string; seed: number }
  /** A whole number. */
  seconds: number
  connections: number
}

export interface WrkResult {
  requests: number
  seconds: number
  /** All bytes of the responses, headers included. */
  bytes: number
}

/** Ends the program with one clear line when wrk is not installed. */
export function assertWrk(): void {
  if (!spawnSync('wrk', ['-v']).error) return
  console.error('wrk is not installed: install the package "wrk" (Debian, Ubuntu: apt-get install wrk).')
  process.exit(1)
}

/** Sends requests over connections that stay open, from one thread. Throws when a request fails. */
export async function runWrk(load: WrkLoad): Promise<WrkResult> {
  const { port, method, path, headers, body, bodies, seconds, connections } = load
  const script = join(import.meta.dirname, 'wrk.lua')
  const limits = ['--threads', '1', '--connections', `${connections}`, '--timeout', '30s']
  const args = [...limits, '--duration', `${seconds}s`, '--script', script, `http://127.0.0.1:${port}/`]
  const child = spawn('wrk', args, {
    env: {
      PATH: process.env.PATH,
      METHOD: method,
      REQUEST_PATH: path,
      HEADERS: Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
      ...(body === undefined ? {} : { BODY: body }),
      ...(bodies ? { BODIES: bodies.file, SEED: String(bodies.seed) } : {}),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const figures = /^done (\d+) (\d+) (\d+) (\d+)$/m.exec(output)?.slice(1).map(Number)
  const [requests = 0, microseconds = 0, bytes = 0, failed = 0] = figures ?? []
  if (!figures || failed > 0 || requests === 0) throw new Error(`wrk failed:\n${output}`)
  return { requests, seconds: microseconds / 1_000_000, bytes }
}
