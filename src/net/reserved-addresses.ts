import { BlockList, isIPv4, isIPv6 } from 'node:net'

/**
 * Addresses that are not public: IANA's special-purpose registries (RFC 6890 and its updates). IPv6 ranges
 * that embed IPv4 addresses are refused as a whole.
 */
const RESERVED: Record<'ipv4' | 'ipv6', string[]> = {
  ipv4: [
    '0.0.0.0/8', // this network, unspecified
    '10.0.0.0/8', // private
    '100.64.0.0/10', // carrier-grade NAT
    '127.0.0.0/8', // loopback
    '169.254.0.0/16', // link-local, cloud metadata among it
    '172.16.0.0/12', // private
    '192.0.0.0/24', // protocol assignments
    '192.0.2.0/24', // documentation
    '192.31.196.0/24', // AS112
    '192.52.193.0/24', // AMT
    '192.88.99.0/24', // 6to4 relays
    '192.168.0.0/16', // private
    '192.175.48.0/24', // AS112
    '198.18.0.0/15', // benchmarks
    '198.51.100.0/24', // documentation
    '203.0.113.0/24', // documentation
    '224.0.0.0/4', // multicast
    '240.0.0.0/4', // reserved, broadcast
  ],
  ipv6: [
    '::/96', // unspecified, loopback, IPv4-compatible
    '::ffff:0:0/96', // IPv4-mapped
    '::ffff:0:0:0/96', // IPv4-translated
    '64:ff9b::/96', // NAT64
    '64:ff9b:1::/48', // NAT64 of one's own
    '100::/64', // discard
    '100:0:0:1::/64', // dummy prefix
    '2001::/23', // protocol assignments, Teredo among them
    '2001:db8::/32', // documentation
    '2002::/16', // 6to4
    '2620:4f:8000::/48', // AS112
    '3fff::/20', // documentation
    '5f00::/16', // segment routing
    'fc00::/7', // unique local
    'fe80::/10', // link-local
    'fec0::/10', // site-local
    'ff00::/8', // multicast
  ],
}

// One list per family: BlockList treats an IPv4 address and its mapped IPv6 address as the same.
const reserved = { ipv4: listOf('ipv4', RESERVED.ipv4), ipv6: listOf('ipv6', RESERVED.ipv6) }
const loopback = { ipv4: listOf('ipv4', ['127.0.0.0/8']), ipv6: listOf('ipv6', ['::1/128']) }

function listOf(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

/**
 * Whether requests to an IP address are allowed.
 * @param allowLoopback for development: allows loopback addresses
 */
export function isAllowedAddress(address: string, { allowLoopback }: { allowLoopback: boolean }): boolean {
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : null
  // A zone ("fe80::1%eth0") is for link-local addresses only.
  if (family === null || address.includes('%')) return false
  if (allowLoopback && loopback[family].check(address, family)) return true
  return !reserved[family].check(address, family)
}
