/** Waits that end early when the network is back or the reader returns to the page. */
export class Wake {
  readonly #waiting = new Set<() => void>()
  readonly #stop = new AbortController()

  constructor(onReturn: (hiddenMs: number) => void) {
    const { signal } = this.#stop
    let hiddenAt: number | null = null
    addEventListener(
      'online',
      () => {
        onReturn(Number.POSITIVE_INFINITY)
        this.now()
      },
      { signal },
    )
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.hidden) {
          hiddenAt = Date.now()
          return
        }
        onReturn(hiddenAt === null ? 0 : Date.now() - hiddenAt)
        hiddenAt = null
        this.now()
      },
      { signal },
    )
  }

  /** Ends all waits. */
  now(): void {
    for (const end of this.#waiting) end()
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#waiting.delete(end)
        resolve()
      }
      const timer = setTimeout(end, ms)
      this.#waiting.add(end)
    })
  }

  stop(): void {
    this.#stop.abort()
    this.now()
  }
}

/** A random time before the next attempt, so that the readers of a page do not all connect at the same moment. */
export function backoffMs(attempts: number): number {
  return Math.random() * Math.min(30_000, 1_000 * 2 ** attempts)
}
