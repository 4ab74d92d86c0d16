import { signToken } from '../../../src/auth/sign.ts'
import { seeded } from '../chaos/random.ts'
import type { Gateway } from '../support/gateway.ts'
import { productionAuth } from '../support/production.ts'
import { Approvals } from './approvals.ts'
import { COMMENTS, type Stories } from './fill.ts'
import { Ledger } from './ledger.ts'
import { atRate } from './pace.ts'
import { Reader } from './reader.ts'
import { Samples } from './samples.ts'

export interface Rates {
  approvalsPerSecond: number
  /** Checked reads of each gateway, besides those after the approvals. */
  checksPerSecond: number
  seed: number
}

/** How long the other gateway may answer without an approval, in ms. */
const MAX_LAG_MS = 1_000

/** Who approves comments on one gateway, and who checks the answers of both. */
export class Clients {
  readonly own: Reader
  readonly other: Reader
  readonly approvals: Approvals
  readonly samples: { own: Samples; other: Samples }
  /** Acknowledged approvals, for each time that the clients ran. */
  readonly approvalsPerSecond: number[] = []
  readonly #rates: Rates

  private constructor(
    gateways: { own: Gateway; other: Gateway },
    stories: Stories,
    rates: Rates,
    token: string,
  ) {
    const { slugs } = stories
    const ledger = new Ledger(COMMENTS)
    this.own = new Reader(gateways.own.port, slugs)
    this.other = new Reader(gateways.other.port, slugs)
    this.approvals = new Approvals({ own: this.own, other: this.other }, ledger, stories, token)
    this.samples = {
      own: new Samples(this.own, ledger, 0, slugs.length, seeded(rates.seed + 1)),
      other: new Samples(this.other, ledger, MAX_LAG_MS, slugs.length, seeded(rates.seed + 2)),
    }
    this.#rates = rates
  }

  static async open(
    gateways: { own: Gateway; other: Gateway },
    stories: Stories,
    rates: Rates,
  ): Promise<Clients> {
    const token = await signToken({
      auth: productionAuth,
      dataDir: '',
      role: 'moderator',
      name: 'Moderator',
      ttlSeconds: 86_400,
    })
    return new Clients(gateways, stories, rates, token)
  }

  /** Approves and checks until `work` has ended. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const { approvalsPerSecond, checksPerSecond } = this.#rates
    const stop = new AbortController()
    const before = { time: performance.now(), approvals: this.approvals.observed.approvals }
    const working = work().finally(() => {
      const made = this.approvals.observed.approvals - before.approvals
      this.approvalsPerSecond.push((made / (performance.now() - before.time)) * 1_000)
      stop.abort()
    })
    const [result] = await Promise.all([
      working,
      atRate(approvalsPerSecond, stop.signal, () => this.approvals.approveNext()),
      atRate(checksPerSecond, stop.signal, () => this.samples.own.readNext()),
      atRate(checksPerSecond, stop.signal, () => this.samples.other.readNext()),
    ])
    return result
  }

  close(): void {
    this.own.client.close()
    this.other.client.close()
  }
}
