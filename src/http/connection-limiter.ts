import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { isLoopback } from '../config/loopback.ts'
import type { SocketLimits } from './limits.ts'
import { statusLine } from './status.ts'

/** Limits the connections of this process, in total and per address. */
export class ConnectionLimiter {
  readonly #limits: Pick<SocketLimits, 'maxSockets' | 'maxSocketsPerAddress'>
  readonly #proxies: BlockList
  readonly #perAddress = new Map<string, number>()
  #total = 0

  /** @param proxies addresses or CIDR ranges of proxies whose X-Forwarded-For header is trusted */
  constructor(limits: Pick<SocketLimits, 'maxSockets' | 'maxSocketsPerAddress'>, proxies: readonly string[]) {
    this.#limits = limits
    this.#proxies = blockList(proxies)
  }

  /** The HTTP status to refuse a connection with; null when it is within the limits. */
  refusalStatus(request: IncomingMessage): string | null {
    if (this.#total >= this.#limits.maxSockets) return statusLine(503)
    const network = this.limitedNetworkOf(request)
    if (network === null) return null
    const here = this.#perAddress.get(network) ?? 0
    return here >= this.#limits.maxSocketsPerAddress ? statusLine(429) : null
  }

  /** The client's address, or its /64 for IPv6. */
  networkOf(request: IncomingMessage): string {
    return networkOf(this.addressOf(request))
  }

  /** The network for which the client's limits are counted; null for this machine. */
  limitedNetworkOf(request: IncomingMessage): string | null {
    const address = this.addressOf(request)
    // Behind a proxy on this machine that is not configured as trusted, all clients seem to have its address.
    return isLoopback(address.replace(/^::ffff:/, '')) ? null : networkOf(address)
  }

  /** Counts a connection. Returns a function that releases it. */
  acquire(request: IncomingMessage): () => void {
    const address = networkOf(this.addressOf(request))
    this.#total += 1
    this.#perAddress.set(address, (this.#perAddress.get(address) ?? 0) + 1)
    return () => {
      this.#total -= 1
      const left = (this.#perAddress.get(address) ?? 1) - 1
      if (left > 0) this.#perAddress.set(address, left)
      else this.#perAddress.delete(address)
    }
  }

  /**
   * The client's address: the last one in X-Forwarded-For that is not a trusted proxy. The client can forge
   * the addresses before it.
   */
  addressOf(request: IncomingMessage): string {
    const peer = request.socket.remoteAddress ?? ''
    const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    const hops = [...forwarded.split(',').map(withoutPort), peer].filter(
      (hop) => isIP(hop.replace(/%.*$/, '')) !== 0,
    )
    for (let i = hops.length - 1; i > 0; i--) if (!this.#trusts(hops[i] as string)) return hops[i] as string
    return hops[0] ?? ''
  }

  #trusts(address: string): boolean {
    const plain = address.replace(/^::ffff:/, '')
    const family = isIP(plain)
    return family !== 0 && this.#proxies.check(plain, family === 6 ? 'ipv6' : 'ipv4')
  }
}

/** One hop of X-Forwarded-For without its port, which some proxies add. */
function withoutPort(hop: string): string {
  const [, address] = /^\s*\[?([\d.]+|[\da-f:.]+?)\]?(?::\d+)?\s*$/i.exec(hop) ?? []
  return isIP(hop.trim()) !== 0 ? hop.trim() : (address ?? '')
}

/**
 * The network whose limit applies to an address: the address itself, or its /64, which is the least that a
 * customer with IPv6 has.
 */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '')
  if (isIP(plain) !== 6) return plain
  const [head = '', tail = ''] = plain.toLowerCase().split('::')
  const groups = [head, tail].map((part) => (part === '' ? [] : part.split(':')))
  const gap = plain.includes('::') ? 8 - groups.flat().length : 0
  const all = [...(groups[0] ?? []), ...Array<string>(Math.max(0, gap)).fill('0'), ...(groups[1] ?? [])]
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}

function blockList(proxies: readonly string[]): BlockList {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}
