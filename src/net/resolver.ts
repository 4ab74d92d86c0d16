import { lookup } from 'node:dns'
import { Resolver } from 'node:dns/promises'

/** Finds the addresses of a name; fails when it has none, or when nobody says. */
export type Resolve = (name: string) => Promise<Address[]>

export interface Address {
  address: string
  family: number
}

/**
 * Looks names up as the machine does, its hosts file among it: for development. Each look-up occupies one of
 * Node's four threads until it ends, and those read files too.
 */
export const resolveBySystem: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, found) => (error ? reject(error) : resolve(found)))
  })

export interface NameServers {
  /** Their addresses, with ports where they are not 53; the machine's own by default. */
  servers?: string[]
  /** For a server to answer a question, in ms, and how often each is asked. */
  timeoutMs?: number
  tries?: number
}

/**
 * Asks name servers, without occupying a thread: strangers choose the names, and with them whose name servers
 * are asked. One that never answers holds up nobody but who waits for that name.
 */
export function resolveByNameServers({ servers, timeoutMs = 3_000, tries = 2 }: NameServers = {}): Resolve {
  const resolver = new Resolver({ timeout: timeoutMs, tries })
  if (servers) resolver.setServers(servers)
  return async (name) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const found = [...addresses(four, 4), ...addresses(six, 6)]
    if (found.length === 0 && four.status === 'rejected') throw four.reason
    return found
  }
}

function addresses(answer: PromiseSettledResult<string[]>, family: number): Address[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : []
}
