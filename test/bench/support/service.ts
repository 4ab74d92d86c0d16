import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'

export interface ServiceOptions {
  command: string
  args: string[]
  env?: Record<string, string | undefined>
  /** Where it works; every program it starts must be able to enter it. */
  cwd: string
  /** A file that gets everything it prints. */
  log: string
  /** Another user to run as, for which this process must be root. */
  user?: { uid: number; gid: number } | null
}

/** The process groups that are alive, for the moment when this process ends without having stopped them. */
const groups = new Set<number>()
process.once('exit', () => {
  for (const pid of groups) signalGroup(pid, 'SIGKILL')
})

/**
 * A program in a process group of its own: Ctrl-C on a terminal does not reach it, and killing the group
 * leaves none of its children behind.
 */
export class Service {
  readonly #child: ChildProcess
  readonly #log: string
  readonly #gone: Promise<unknown>
  running = true

  constructor({ command, args, env, cwd, log, user }: ServiceOptions) {
    const output = openSync(log, 'a')
    this.#log = log
    this.#child = spawn(command, args, {
      cwd,
      env: { PATH: process.env.PATH, LC_ALL: 'C', ...env },
      stdio: ['ignore', output, output],
      detached: true,
      ...user,
    })
    closeSync(output)
    const { pid } = this.#child
    if (pid) groups.add(pid)
    this.#gone = Promise.race([once(this.#child, 'exit'), once(this.#child, 'error')])
      .catch(() => {})
      .then(() => {
        this.running = false
        if (pid) groups.delete(pid)
      })
  }

  /** Settles when it has ended, for whatever reason. */
  get gone(): Promise<unknown> {
    return this.#gone
  }

  /** How it ended: "exit code 1", "SIGKILL". */
  get ending(): string {
    const { exitCode, signalCode } = this.#child
    return signalCode ?? `exit code ${exitCode}`
  }

  /** Sends a signal to the process alone. */
  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Sends a signal to the process and everything it started, and waits until it is gone. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.running && this.#child.pid) signalGroup(this.#child.pid, signal)
    await this.#gone
  }

  /** Asks until `ready` is true. Fails when the process ends first, or is not ready in `patienceMs`. */
  async until(ready: () => Promise<boolean>, patienceMs: number): Promise<void> {
    const end = performance.now() + patienceMs
    while (!(await ready().catch(() => false))) {
      const trouble = this.running ? 'is not ready in time' : `ended with ${this.ending}`
      if (!this.running || performance.now() > end) {
        throw new Error(`${this.#child.spawnfile} ${trouble}:\n${this.lastWords()}`)
      }
      await after(20)
    }
  }

  /** The end of what it printed. */
  lastWords(): string {
    return readFileSync(this.#log, 'utf8').slice(-2_000)
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // It has just ended by itself.
  }
}
