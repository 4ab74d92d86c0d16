import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Json } from './json.ts'
import { type Finished, inherited, runFile } from './processes.ts'
import { unhurried } from './unhurried.ts'

type Variables = Record<string, string | undefined>

export const mainFile = join(import.meta.dirname, '../../src/main.ts')

/** `npm start` in a process of its own. */
export interface Gateway extends AsyncDisposable {
  readonly pid: number
  /** Where it listens, without a path. */
  readonly origin: string
  /** What it printed when it was ready. */
  readonly screen: string
  /** What it has written on standard error so far. */
  stderr(): string
  /** Sends an operation over HTTP; throws when the answer has errors, or when there is none. */
  ask<Data = Json>(query: string, variables?: object, token?: string): Promise<Data>
  /** Asks it to stop, as a service manager does; returns its exit code. */
  stop(): Promise<number | null>
  /** Ends it on the spot, as `kill -9` does. */
  kill(): Promise<void>
}

/**
 * Starts the gateway on a free port and waits until it listens.
 * @throws Error with what is on standard error when the process ends before
 */
export async function startGateway(env: Variables): Promise<Gateway> {
  const child = spawn(
    process.execPath,
    ['--liftoff-only', '--disable-warning=ExperimentalWarning', mainFile],
    {
      env: { ...inherited, PORT: '0', ...unhurried, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const gone = once(child, 'close') as Promise<[number | null]>
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
  })
  const screen = await Promise.race([firstScreen(child), gone.then(() => null)])
  if (screen === null || !COMPLETE.test(screen)) {
    await gone
    throw new Error(`the gateway ended: ${stderr}`)
  }
  const origin = /listens on (\S+)\/graphql\n/.exec(screen)?.[1] as string
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    const [code] = await gone
    return code
  }
  return {
    pid: child.pid as number,
    origin,
    screen,
    stderr: () => stderr,
    ask: (query, variables, token) => ask(`${origin}/graphql`, query, variables, token),
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL')
    },
    async [Symbol.asyncDispose]() {
      await end('SIGKILL')
    },
  }
}

/** Starts a gateway that is not expected to stay; returns how it ended. */
export function startInVain(env: Variables): Promise<Finished> {
  return runFile(mainFile, [], { PORT: '0', ...env })
}

async function firstScreen(child: ChildProcess): Promise<string> {
  let screen = ''
  for await (const text of child.stdout!.setEncoding('utf8')) {
    screen += text
    if (COMPLETE.test(screen)) break
  }
  return screen
}

/** The end of the development screen, or of the lines where real keys are in use. */
const COMPLETE = /Press Ctrl-C to stop\.\n\n$|(?:^|\n)Dateline listens on \S+\n(?:Clients use \S+\n)?$/

async function ask(url: string, query: string, variables?: object, token?: string) {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data?: Json; errors?: { message: string }[] }
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '))
  return data
}
