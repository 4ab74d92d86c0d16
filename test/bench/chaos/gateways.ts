import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { unhurried } from '../../support/unhurried.ts'
import { freePort } from '../support/ports.ts'
import { Service } from '../support/service.ts'
import { oneOf, type Random } from './random.ts'

const MAIN = join(import.meta.dirname, '../../../src/main.ts')
const ROOT = join(import.meta.dirname, '../../..')

/** How long a gateway may take until it is ready, in ms. */
const START_PATIENCE = 60_000

/** Before a gateway that could not start, or ended by itself, is started again, in ms. */
const RESTART_PAUSE = 250

/** One gateway, started again whenever it ends, as an outlet's supervisor would. */
export class Gateway {
  readonly number: number
  readonly port: number
  /** Whether it serves, as far as we know. */
  ready = false
  readonly #options: { env: Record<string, string>; folder: string; onCrash: (words: string) => void }
  #service: Service | null = null
  #stopped = false

  constructor(
    number: number,
    port: number,
    options: { env: Record<string, string>; folder: string; onCrash: (words: string) => void },
  ) {
    this.number = number
    this.port = port
    this.#options = options
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it; again and again while the database that it needs is away. Settles when it is ready. */
  async start(): Promise<void> {
    const end = performance.now() + START_PATIENCE
    while (!this.#stopped) {
      const service = this.#spawn()
      try {
        await service.until(() => this.#isReady(), START_PATIENCE)
        this.ready = true
        return
      } catch (error) {
        await service.kill()
        if (this.#stopped || performance.now() > end) throw error
        await after(RESTART_PAUSE)
      }
    }
  }

  /** Ends it with SIGKILL: nothing of it gets to say goodbye. */
  async kill(): Promise<void> {
    this.ready = false
    const service = this.#service
    this.#service = null
    await service?.kill('SIGKILL')
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await this.kill()
  }

  #spawn(): Service {
    const { env, folder, onCrash } = this.#options
    const service = new Service({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', MAIN],
      env: {
        ...unhurried,
        ...env,
        PORT: String(this.port),
        DATA_DIR: join(folder, `gateway-${this.number}`),
      },
      cwd: ROOT,
      log: join(folder, `gateway-${this.number}.log`),
    })
    this.#service = service
    void service.gone.then(() => {
      if (this.#service !== service || !this.ready) return
      this.ready = false
      onCrash(`gateway ${this.number} ended by itself, ${service.ending}:\n${service.lastWords()}`)
      void after(RESTART_PAUSE)
        .then(() => (this.#stopped ? undefined : this.start()))
        .catch((error: Error) => onCrash(error.message))
    })
    return service
  }

  async #isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/health/ready`, { signal: AbortSignal.timeout(3_000) })
    await response.arrayBuffer()
    return response.ok
  }
}

/** Several gateways on one database. */
export class Gateways implements AsyncDisposable {
  readonly all: readonly Gateway[]
  /** What the gateways that ended by themselves said last. */
  readonly crashes: string[]

  private constructor(all: Gateway[], crashes: string[]) {
    this.all = all
    this.crashes = crashes
  }

  static async start(count: number, env: Record<string, string>, folder: string): Promise<Gateways> {
    const crashes: string[] = []
    const ports = await Promise.all(Array.from({ length: count }, freePort))
    const onCrash = (words: string) => crashes.push(words)
    const all = ports.map((port, i) => new Gateway(i + 1, port, { env, folder, onCrash }))
    const gateways = new Gateways(all, crashes)
    try {
      await Promise.all(all.map((gateway) => gateway.start()))
    } catch (error) {
      await gateways[Symbol.asyncDispose]()
      throw error
    }
    return gateways
  }

  /** Any gateway that serves, or any at all when none does. */
  anyLive(random: Random): Gateway {
    const live = this.all.filter(({ ready }) => ready)
    return oneOf(random, live.length > 0 ? live : this.all)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.all.map((gateway) => gateway.stop()))
  }
}
