/** What a sign-in gives. */
export interface SignIn {
  /** Sent to the API as `Authorization: Bearer …`. */
  token: string
  /** When the token expires, in ms since 1970. */
  expiresAt: number
  /** When the token was received, in ms since 1970. */
  receivedAt: number
  /** With a refresh token the token is renewed; without one the user signs in again. */
  refreshToken?: string
}

export interface SessionState {
  signIn: SignIn | null
  /** Whether the last sign-in ended because it expired or was refused. */
  hasExpired: boolean
}

/** A token is renewed this long before it expires, in ms, or after half of its lifetime if that is later. */
const RENEW_BEFORE_MS = 30_000

/** If the provider can't be reached, the renewal is tried again after this time, in ms. */
const RENEW_AGAIN_MS = 5_000

/** The longest time of a timer of browsers, in ms. */
const MAX_TIMER_MS = 2 ** 31 - 1

/**
 * The sign-in of this window: in memory, and in sessionStorage so that a reload keeps it. sessionStorage is not shared
 * with other windows and ends with the window; a token in localStorage would stay on a shared computer. Scripts of the
 * page can read both; that is why the page's policy allows no scripts but its own.
 */
export class Session {
  #state: SessionState
  #renewal: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #key: string
  readonly #renew: (signIn: SignIn) => Promise<SignIn | null>
  readonly #listeners = new Set<() => void>()

  /**
   * @param key the name of the entry in sessionStorage
   * @param renew returns null if the provider refuses; throws if it can't be reached
   */
  constructor(key: string, renew: (signIn: SignIn) => Promise<SignIn | null>) {
    this.#key = key
    this.#renew = renew
    this.#state = { signIn: read(key), hasExpired: false }
    this.#schedule()
  }

  /** For useSyncExternalStore: the same object until something changes. */
  readonly state = (): SessionState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  signIn(signIn: SignIn): void {
    this.#set({ signIn, hasExpired: false })
  }

  signOut(): void {
    this.#set({ signIn: null, hasExpired: false })
  }

  /** The API refused the token, or it can't be renewed. */
  expire(): void {
    if (this.#state.signIn) this.#set({ signIn: null, hasExpired: true })
  }

  /** The token to send now; null if nobody is signed in. Renews it first if it is about to expire. */
  async token(): Promise<string | null> {
    const { signIn } = this.#state
    if (signIn && endOf(signIn) <= Date.now()) await this.renew()
    return this.#state.signIn?.token ?? null
  }

  /** Gets a new token, or ends the session if that needs the user. If the provider can't be reached, nothing changes. */
  async renew(): Promise<void> {
    this.#renewal ??= this.#renewOnce().finally(() => {
      this.#renewal = null
    })
    await this.#renewal
  }

  async #renewOnce(): Promise<void> {
    const before = this.#state.signIn
    if (!before?.refreshToken) return this.expire()
    try {
      const renewed = await this.#renew(before)
      if (this.#state.signIn !== before) return
      if (renewed) this.#set({ signIn: renewed, hasExpired: false })
      else this.expire()
    } catch {
      clearTimeout(this.#timer)
      if (this.#state.signIn === before) this.#timer = setTimeout(() => void this.token(), RENEW_AGAIN_MS)
    }
  }

  #schedule(): void {
    clearTimeout(this.#timer)
    const { signIn } = this.#state
    if (!signIn) return
    const inMs = Math.min(Math.max(endOf(signIn) - Date.now(), 0), MAX_TIMER_MS)
    this.#timer = setTimeout(() => void this.token(), inMs)
  }

  #set(state: SessionState): void {
    this.#state = state
    write(this.#key, state.signIn)
    this.#schedule()
    for (const listener of this.#listeners) listener()
  }
}

/** When something must be done: renew the token, or ask the user to sign in again. */
function endOf({ expiresAt, receivedAt, refreshToken }: SignIn): number {
  if (refreshToken === undefined) return expiresAt
  return Math.max(expiresAt - RENEW_BEFORE_MS, receivedAt + (expiresAt - receivedAt) / 2)
}

function read(key: string): SignIn | null {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null') as SignIn | null
  } catch {
    return null
  }
}

/** Browsers can forbid storage: then a reload needs a new sign-in. */
function write(key: string, signIn: SignIn | null): void {
  try {
    if (signIn) sessionStorage.setItem(key, JSON.stringify(signIn))
    else sessionStorage.removeItem(key)
  } catch {}
}

/** The sign-in of a token that this program did not get itself: its lifetime is in its claims. */
export function signInOf(token: string): SignIn {
  return { token, expiresAt: expiryOf(token), receivedAt: Date.now() }
}

/** The claim `exp` in ms. The API verifies the token; this only avoids sending expired ones. */
function expiryOf(token: string): number {
  try {
    const [, payload = ''] = token.split('.')
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: number }
    return exp ? exp * 1000 : Number.MAX_SAFE_INTEGER
  } catch {
    return Number.MAX_SAFE_INTEGER
  }
}
