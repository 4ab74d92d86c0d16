import { lookup } from 'node:dns'
import { Resolver } from 'node:dns/promises'

/** Resolves a host name to its addresses; rejects when there are none or nothing answers. */
export type Resolve = (name: string) => Promise<Address[]>

export interface Address {
  address: string
  family: number
}

/**
 * Resolves names like the operating system, including its hosts file, for development. Each look-up occupies
 * one of Node's four threads, which also read files.
 */
export const resolveBySystem: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, found) => (error ? reject(error) : resolve(found)))
  })

export interface NameServers {
  /** Addresses of the name servers, with ports where they are not 53; the operating system's by default. */
  servers?: string[]
  /** The timeout of a query, in ms, and the number of tries per server. */
  timeoutMs?: number
  tries?: number
}

/**
 * Resolves names with name servers, without occupying a thread: third parties choose the names, and a name
 * server that never answers must delay only the requests to its own names.
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
