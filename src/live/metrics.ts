/** Counters of the live subscriptions with one name. */
export class LiveCounters {
  subscriptions = 0
  executions = 0
  deliveries = 0

  // Arrow functions, because they are passed without their object.
  readonly executed = (): void => {
    this.executions += 1
  }

  readonly delivered = (sockets: number): void => {
    this.deliveries += sockets
  }
}
