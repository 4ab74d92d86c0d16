import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'

export const script = join(import.meta.dirname, '../../../docs/examples/mirror.mjs')

export interface MirroredStory {
  id: string
  headline: string
  leadImage: { url: string } | null
  corrections: unknown[]
  body: unknown[]
}

/** The example client of docs/examples, run on a folder of its own, and killed whenever the test says so. */
export class Mirror implements AsyncDisposable {
  readonly folder: string
  readonly #key: string
  readonly #door: Door
  #worker: Worker | null = null

  private constructor(folder: string, key: string, door: Door) {
    this.folder = folder
    this.#key = key
    this.#door = door
  }

  static async open(gateway: string, key: string): Promise<Mirror> {
    return new Mirror(await mkdtemp(join(tmpdir(), 'dateline-mirror-')), key, await openDoor(gateway))
  }

  /** Starts it, and kills it so many answers later, in the middle of whatever it is doing then. */
  async killAfter(answers: number, ms: number): Promise<void> {
    const worker = this.#start()
    const done = once(worker, 'exit')
    await Promise.race([this.#door.answered(answers), done])
    await after(ms)
    await worker.terminate()
  }

  /** Lets it run until it has caught up. */
  async catchUp(): Promise<void> {
    const worker = this.#start()
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
    await this.#door.close()
    await rm(this.folder, { recursive: true, force: true })
  }

  #start(): Worker {
    this.#worker = new Worker(script, {
      argv: [this.#door.url, this.folder, '--once'],
      env: { DATELINE_KEY: this.#key },
      execArgv: [],
    })
    this.#worker.on('error', () => {})
    return this.#worker
  }
}

/** Stands before the gateway and counts its answers. */
interface Door {
  url: string
  /** Settles when so many answers more have gone out. */
  answered(count: number): Promise<void>
  close(): Promise<void>
}

async function openDoor(gateway: string): Promise<Door> {
  let passed = 0
  const waiting: { at: number; resolve: () => void }[] = []
  const server = createServer((asked: IncomingMessage, answer: ServerResponse) => {
    const options = { method: asked.method, headers: asked.headers, agent: false }
    const onward = request(new URL(asked.url ?? '/', gateway), options, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers)
      reply.pipe(answer)
      reply.on('end', () => {
        passed += 1
        for (const { at, resolve } of waiting) if (at <= passed) resolve()
      })
    })
    onward.on('error', () => answer.destroy())
    asked.pipe(onward)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: (count) =>
      new Promise((resolve) => {
        if (count === 0) resolve()
        else waiting.push({ at: passed + count, resolve })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
