/** A token bucket for the operations of a connection. */
export class OperationBudget {
  readonly #burst: number
  readonly #perSecond: number
  #left: number
  #at: number | null = null

  constructor({ operationsBurst, operationsPerSecond }: BudgetLimits) {
    this.#burst = operationsBurst
    this.#perSecond = operationsPerSecond
    this.#left = operationsBurst
  }

  /** Takes one operation from the budget. Returns false when it is used up. */
  take(at: Date): boolean {
    const now = at.getTime()
    const passedMs = Math.max(0, now - (this.#at ?? now))
    this.#at = now
    this.#left = Math.min(this.#burst, this.#left + (passedMs / 1000) * this.#perSecond)
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}

export interface BudgetLimits {
  operationsBurst: number
  operationsPerSecond: number
}
