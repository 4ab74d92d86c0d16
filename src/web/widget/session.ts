import type { Gateway } from './gateway.ts'
import { ofWindow, readStored, store } from './storage.ts'

/** Returns the reader's current token; null if the reader is not signed in. */
export type GetToken = () => Promise<string | null> | string | null

/** After so many refused tokens, the widget asks for no other one until the page sets one. */
const MAX_REFUSALS = 2

/** The reader's token, which the page gives to the widget. */
export class Session {
  #token: string | null = null
  #getToken: GetToken | null = null
  #refused: string | null = null
  /** The number of tokens refused since one was accepted, or since the page set one by itself. */
  #refusals = 0
  /** Whether the page was asked for a token: the next one that it sets is the answer. */
  #isAsked = false
  readonly #onChange: (isSetByPage: boolean) => void
  readonly #onNeeded: () => void

  /**
   * @param onChange is called when the reader has signed in or out, or has a new token: set by the page, or given when
   *   it was needed for a request
   * @param onNeeded asks the page for a new token
   */
  constructor(onChange: (isSetByPage: boolean) => void, onNeeded: () => void) {
    this.#onChange = onChange
    this.#onNeeded = onNeeded
  }

  get token(): string | null {
    return this.#token
  }

  set token(token: string | null) {
    if (token === this.#token) return
    if (!this.#isAsked) this.#refusals = 0
    this.#isAsked = false
    this.#token = token
    this.#onChange(true)
  }

  get getToken(): GetToken | null {
    return this.#getToken
  }

  set getToken(getToken: GetToken | null) {
    this.#getToken = getToken
    this.#refusals = 0
    this.#onChange(true)
    if (getToken) void this.#tokenOfPage().then((isNew) => isNew && this.#onChange(true))
  }

  /** Whom the token names; undefined if nobody is signed in. */
  get subject(): unknown {
    return this.#token === null ? undefined : claimsOf(this.#token).sub
  }

  get isSignedIn(): boolean {
    return this.#token !== null && this.#token !== this.#refused
  }

  /** The reader's token, a new one if it has expired; null if the page has none that may be accepted. */
  async current(): Promise<string | null> {
    if (this.#isUsable()) return this.#token
    if (this.#refusals >= MAX_REFUSALS) return null
    if (this.#token !== null) {
      this.#isAsked = true
      this.#onNeeded()
    }
    // The page may have set a new token when it received the event.
    if (this.#isUsable()) return this.#token
    if (await this.#tokenOfPage()) this.#onChange(false)
    // The clock of this machine may be wrong: the gateway decides whether a token has expired.
    return this.isSignedIn ? this.#token : null
  }

  /** Calls the function of the page. Returns whether it gave another token. */
  async #tokenOfPage(): Promise<boolean> {
    const token = await Promise.resolve(this.#getToken?.() ?? null).catch(() => null)
    if (!token || token === this.#refused || token === this.#token) return false
    this.#token = token
    return true
  }

  #isUsable(): boolean {
    return this.isSignedIn && !isExpired(this.#token as string)
  }

  /** Records that the gateway refused a token, so that it is not sent again. */
  refuse(token: string): void {
    if (token === this.#refused) return
    this.#refused = token
    this.#refusals += 1
    this.#onChange(false)
  }

  /** Runs a request with a token; if the token is refused, once more with a new one. */
  async withToken<T>(
    request: (token: string) => Promise<T>,
    isRefusal: (error: unknown) => boolean,
  ): Promise<T | null> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const token = await this.current()
      if (!token) return null
      try {
        const answer = await request(token)
        this.#refusals = 0
        return answer
      } catch (error) {
        if (!isRefusal(error)) throw error
        this.refuse(token)
      }
    }
    return null
  }
}

/** Whether the expiry time of a token has passed. The gateway decides; this only saves a refused request. */
function isExpired(token: string): boolean {
  const { exp } = claimsOf(token)
  return typeof exp === 'number' && exp * 1000 < Date.now()
}

/** The claims in a JWT; none if it can't be read. */
function claimsOf(token: string): { exp?: unknown; sub?: unknown } {
  try {
    const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
    return JSON.parse(atob(payload))
  } catch {
    return {}
  }
}

/** A sample reader of a gateway in development. */
export interface SampleReader {
  name: string
  token: string
}

const CHOSEN = 'sample-reader'

/** The sample readers, and the one that was chosen in this window. */
export async function loadSampleReaders(gateway: Gateway): Promise<SampleReader[]> {
  const identities = await gateway.sampleIdentities().catch(() => [])
  return identities.filter(({ role }) => role === 'reader')
}

export function chosenSampleReader(): string | null {
  return readStored(CHOSEN, ofWindow)
}

export function storeSampleReader(name: string | null): void {
  store(CHOSEN, name, ofWindow)
}
