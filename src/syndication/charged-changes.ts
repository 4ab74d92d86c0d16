import { runAt, type Timer } from '../base/clock.ts'
import type { OperationCharge } from '../graphql/operation-charge.ts'
import type { Charge } from '../licensing/quota.ts'
import { type ChangeDeps, type ChangePage, type ChangeRequest, readChanges } from './changes.ts'

export interface ChargedPage extends ChangePage {
  /** Whether a quota is used up, so that only removals are told. */
  removalsOnly: boolean
  /** Seconds until that quota begins anew; null while there is one. */
  retryAfter: number | null
}

/**
 * A page of changes for a request that was charged. A partner whose quota is used up is still told of removals;
 * a page of nothing but removals does not count.
 * @param charge null for those who have no quota
 * @throws as `readChanges` does
 */
export async function readChargedChanges(
  request: ChangeRequest,
  charge: Charge | null,
  deps: ChangeDeps,
): Promise<ChargedPage> {
  const retryAfter = charge?.exceeded?.retryAfter ?? null
  const removalsOnly = retryAfter !== null
  const page = await readChanges({ ...request, removalsOnly }, deps)
  if (page.changes.length > 0 && page.changes.every(({ outcome }) => 'removed' in outcome)) {
    // By now the ledger says that they were told: a refund that fails must not keep the answer back.
    await charge?.refund().catch(() => {})
  }
  return { ...page, removalsOnly, retryAfter }
}

/** Waits, for a subscription that began with a quota used up, until that quota begins anew. */
export class QuotaWait {
  #charge: OperationCharge | null
  readonly #now: () => Date
  readonly #wake: () => void
  #until = new Date(0)
  #timer: Timer | null = null

  /** @param wake is called when it is worth asking again */
  constructor(charge: OperationCharge | null, now: () => Date, wake: () => void) {
    this.#charge = charge
    this.#now = now
    this.#wake = wake
    this.#wait()
  }

  /** Whether the quota is used up still; charges once it is not. */
  async isUsedUp(): Promise<boolean> {
    if (!this.#charge?.exceeded) return false
    const at = this.#now()
    if (at < this.#until) return true
    this.#charge = await this.#charge.again(at)
    this.#wait()
    return this.#charge.exceeded !== null
  }

  stop(): void {
    this.#timer?.cancel()
  }

  #wait(): void {
    this.#timer?.cancel()
    const seconds = this.#charge?.exceeded?.retryAfter
    if (seconds === undefined) return
    this.#until = new Date(this.#now().getTime() + seconds * 1_000)
    this.#timer = runAt(this.#until, this.#wake, this.#now)
  }
}
