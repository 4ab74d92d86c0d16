import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

export const script = join(import.meta.dirname, '../../../docs/examples/mirror.mjs')
const fault = join(import.meta.dirname, 'fault.mjs')

export interface MirroredStory {
  id: string
  headline: string
  leadImage: { url: string } | null
  corrections: unknown[]
  body: unknown[]
}

/** The example client of docs/examples, run on a folder of its own, and killed wherever the test says so. */
export class Mirror implements AsyncDisposable {
  readonly folder: string
  readonly #gateway: string
  readonly #key: string
  #worker: Worker | null = null

  private constructor(folder: string, gateway: string, key: string) {
    this.folder = folder
    this.#gateway = gateway
    this.#key = key
  }

  static async open(gateway: string, key: string): Promise<Mirror> {
    return new Mirror(await mkdtemp(join(tmpdir(), 'dateline-mirror-')), gateway, key)
  }

  /**
   * Starts it, and kills it at one of the things it does, counted from 1: a request, or a change of a file. It
   * may have caught up before.
   */
  async runUntil(fatal: { at: number; after: boolean }): Promise<void> {
    const worker = this.#start(fatal)
    await Promise.race([once(worker, 'message'), once(worker, 'exit')])
    await worker.terminate()
  }

  /** Lets it run until it has caught up. */
  async catchUp(): Promise<void> {
    const worker = this.#start({ at: 0, after: false })
    const [code] = await once(worker, 'exit')
    if (code !== 0) throw new Error(`the mirror ended with ${code}`)
  }

  async stories(): Promise<Map<string, MirroredStory>> {
    const files = (await readdir(this.folder)).filter((file) => file.endsWith('.json'))
    const read = files.map(async (file) => JSON.parse(await readFile(join(this.folder, file), 'utf8')))
    const stories: MirroredStory[] = await Promise.all(read)
    return new Map(stories.map((story) => [story.id, story]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate()
    await rm(this.folder, { recursive: true, force: true })
  }

  #start(workerData: object): Worker {
    this.#worker = new Worker(script, {
      argv: [this.#gateway, this.folder, '--once'],
      env: { DATELINE_KEY: this.#key },
      execArgv: ['--import', fault],
      workerData,
    })
    this.#worker.on('error', () => {})
    return this.#worker
  }
}
