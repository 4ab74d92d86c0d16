import { runAt, type Timer } from '../base/clock.ts'
import type { OperationCharge } from '../graphql/operation-charge.ts'
import type { Charge } from '../licensing/quota.ts'
import { type ChangeDeps, type ChangePage, type ChangeRequest, readChanges } from './changes.ts'

export interface ChargedPage extends ChangePage {
  /** Whether a quota is used up, so that the page contains only removals. */
  removalsOnly: boolean
  /** Seconds until the quota resets; null if it is not used up. */
  retryAfter: number | null
}

/**
 * Reads a page of changes for a request with a quota charge. With a used-up quota, a partner still gets
 * removals. A page with only removals is not charged.
 * @param charge null for viewers without a quota
 * @throws like `readChanges`
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
    // The removals are in the ledger already: a failed refund must not prevent the response.
    await charge?.refund().catch(() => {})
  }
  return { ...page, removalsOnly, retryAfter }
}

/** For a subscription that started with a used-up quota: waits until the quota resets. */
export class QuotaWait {
  #charge: OperationCharge | null
  readonly #now: () => Date
  readonly #wake: () => void
  #until = new Date(0)
  #timer: Timer | null = null

  /** @param wake is called when the quota should be checked again */
  constructor(charge: OperationCharge | null, now: () => Date, wake: () => void) {
    this.#charge = charge
    this.#now = now
    this.#wake = wake
    this.#wait()
  }

  /** Whether the quota is still used up; charges it as soon as it is not. */
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
