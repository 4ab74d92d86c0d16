import { BlockList, isIP } from 'node:net'

/** Whether only this machine can connect to a host: 127.0.0.0/8, ::1 (with or without brackets) or localhost. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  const version = isIP(bare)
  return version === 0
    ? bare.toLowerCase() === 'localhost'
    : loopback.check(bare, version === 6 ? 'ipv6' : 'ipv4')
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
