import { useSyncExternalStore } from 'react'

/** Whether the desk reaches the gateway: `offline` if the device has no network. */
export type ConnectionState = 'online' | 'reconnecting' | 'offline'

/** The state of the live connection, which the status banner shows. */
class Connection {
  #isConnected = true
  #retryNow: (() => void) | null = null
  readonly #listeners = new Set<() => void>()

  constructor() {
    window.addEventListener('online', () => {
      this.#retryNow?.()
      this.#notify()
    })
    window.addEventListener('offline', () => this.#notify())
  }

  readonly state = (): ConnectionState => {
    if (!navigator.onLine) return 'offline'
    return this.#isConnected ? 'online' : 'reconnecting'
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  setConnected(isConnected: boolean): void {
    this.#isConnected = isConnected
    this.#notify()
  }

  /** Waits up to this long, with a random part; not longer if the network comes back or the user asks. */
  async waitToRetry(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#retryNow = resolve
      setTimeout(resolve, ms / 2 + (Math.random() * ms) / 2)
    })
    this.#retryNow = null
  }

  retryNow(): void {
    this.#retryNow?.()
  }

  #notify(): void {
    for (const listener of this.#listeners) listener()
  }
}

export const connection = new Connection()

export function useConnection(): ConnectionState {
  return useSyncExternalStore(connection.subscribe, connection.state)
}
