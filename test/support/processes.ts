import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Running extends AsyncDisposable {
  readonly pid: number
  /** The next line on standard output; fails with what is on standard error when the process ends first. */
  nextLine(): Promise<string>
  /** Ends it on the spot, as `kill -9` does, and waits until it is gone. */
  kill(): Promise<void>
}

type Variables = Record<string, string | undefined>

const { PATH, NODE_COMPILE_CACHE } = process.env
/** All that our processes get of this one's environment: where programs are, and what is compiled already. */
export const inherited: Variables = { PATH, NODE_COMPILE_CACHE }

/** Runs a TypeScript file to its end. Of this process's environment it sees only what is inherited. */
export async function runFile(file: string, args: string[], env: Variables): Promise<Finished> {
  const child = start(file, args, env)
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)]
  const [code] = await once(child, 'close')
  return { code, stdout: stdout(), stderr: stderr() }
}

/** Starts a TypeScript file that stays until it is killed. */
export function startFile(file: string, args: string[], env: Variables): Running {
  const child = start(file, args, env)
  const stderr = collect(child.stderr)
  if (!child.stdout || !child.pid) throw new Error(`${file} did not start.`)
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const gone = once(child, 'close')
  const kill = async () => {
    child.kill('SIGKILL')
    await gone
  }
  return {
    pid: child.pid,
    async nextLine() {
      const { done, value } = await lines.next()
      if (!done) return value
      await gone
      throw new Error(`${file} ended: ${stderr()}`)
    },
    kill,
    [Symbol.asyncDispose]: kill,
  }
}

function start(file: string, args: string[], env: Variables): ChildProcess {
  // None lives long enough for the embedded database's code to be worth optimising.
  const flags = ['--liftoff-only', '--disable-warning=ExperimentalWarning']
  return spawn(process.execPath, [...flags, file, ...args], {
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  return () => text
}
