export interface CoalescerOptions {
  /** Whether a call starts a run itself when none is under way, instead of after the call. */
  startsAtOnce?: boolean
}

/**
 * Runs some work for any number of callers, one run at a time:
 * - A call gets a run that starts after it, so the run sees everything that the caller knows. While a run is
 *   under way, all calls share the one run that follows it.
 * - A run starts as soon as the previous one has ended, perhaps before the callers of that one continue: they
 *   must use the result, and not state that runs share. If there is none, it starts after the call, and calls
 *   made without an await between them share it. With `startsAtOnce` it starts within the first call, and the
 *   other calls share the next run.
 * - A run that fails rejects the calls that share it, and no others.
 *
 * The work must not await a call of its own coalescer: that run would begin only after the work has ended.
 */
export class Coalescer<T> {
  readonly #work: () => Promise<T>
  readonly #startsAtOnce: boolean
  #running: Promise<void> = Promise.resolve()
  #isRunning = false
  /** The run that has not started yet. */
  #next: Promise<T> | null = null

  constructor(work: () => Promise<T>, { startsAtOnce = false }: CoalescerOptions = {}) {
    this.#work = work
    this.#startsAtOnce = startsAtOnce
  }

  /** The result of a run that starts after this call, or in it. */
  run(): Promise<T> {
    if (this.#next) return this.#next
    if (this.#startsAtOnce && !this.#isRunning) return this.#start()
    this.#next = this.#runNext()
    return this.#next
  }

  /** Resolves when no run is under way or due. */
  async whenIdle(): Promise<void> {
    while (this.#next || this.#isRunning) {
      if (this.#next) await settled(this.#next)
      else await this.#running
    }
  }

  async #runNext(): Promise<T> {
    await this.#running
    // Calls from here on may know more than the run sees.
    this.#next = null
    return this.#start()
  }

  async #start(): Promise<T> {
    const done = Promise.withResolvers<void>()
    this.#running = done.promise
    this.#isRunning = true
    try {
      return await this.#work()
    } finally {
      this.#isRunning = false
      done.resolve()
    }
  }
}

/**
 * Wraps some work so that calls during a run get the result of that run. For reads whose callers need no newer
 * result than the one that is under way.
 */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= work().finally(() => {
      running = null
    })
    return running
  }
}

/** A value that is opened at most once, when it is first needed. A failed attempt is repeated by the next call. */
export class Lazy<T> {
  readonly #open: () => Promise<T>
  #opening: Promise<T> | null = null

  constructor(open: () => Promise<T>) {
    this.#open = open
  }

  get(): Promise<T> {
    if (this.#opening) return this.#opening
    const opening = this.#open()
    this.#opening = opening
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null
    })
    return opening
  }

  /** The value if it was asked for, without opening it. */
  get opened(): Promise<T> | null {
    return this.#opening
  }

  /** The next call opens it again. */
  reset(): void {
    this.#opening = null
  }
}

async function settled(run: Promise<unknown>): Promise<void> {
  try {
    await run
  } catch {
    // Reported to the callers that share the run.
  }
}
