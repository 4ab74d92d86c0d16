import { readHistory } from '../../../src/db/history.ts'
import { openDatabase } from '../../../src/db/open.ts'
import { type Proxy as Link, openProxy } from '../../support/proxy.ts'
import { type Cluster, type Standby, startCluster, startStandby } from '../support/cluster.ts'
import { readStories } from './ledger.ts'
import type { Past } from './log.ts'

/** The newsroom's PostgreSQL: a primary and a standby, behind an address that leads to the one that serves. */
export class ChaosDatabase implements AsyncDisposable {
  readonly url: string
  readonly #link: Link
  readonly #primary: Cluster
  readonly #standby: Standby
  #serving: Cluster

  private constructor(primary: Cluster, standby: Standby, link: Link) {
    this.url = primary.url.replace(`:${primary.port}/`, `:${link.port}/`)
    this.#primary = primary
    this.#standby = standby
    this.#link = link
    this.#serving = primary
  }

  /** @param folder as for `startCluster` */
  static async start(folder: string): Promise<ChaosDatabase> {
    const primary = await startCluster(folder)
    return new ChaosDatabase(primary, await startStandby(folder, primary), await openProxy(primary.port))
  }

  /** Ends the server that serves as a crash would. */
  stopImmediate(): Promise<void> {
    return this.#serving.stopImmediate()
  }

  start(): Promise<void> {
    return this.#serving.start()
  }

  /** From here on the standby misses what is committed. */
  async beginLag(): Promise<void> {
    await this.#standby.caughtUp()
    await this.#standby.detach()
  }

  /**
   * Loses the primary, with everything that the standby missed, and promotes the standby.
   * @returns what the primary had
   */
  async failOver(): Promise<Past> {
    const from = Date.now()
    this.#link.cut()
    const database = await openDatabase({ url: this.#primary.url, dataDir: '' })
    const { history } = await readHistory(database).finally(() => database.close())
    const stories = await readStories(this.#primary.url)
    await this.#primary.stopImmediate()
    await this.#standby.promote()
    this.#serving = this.#standby
    this.#link.redirect(this.#standby.port)
    this.#link.mend()
    return { history, stories, from, back: Date.now() }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]()
    await this.#standby.remove()
    await this.#primary.remove()
  }
}
