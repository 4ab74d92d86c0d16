import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { ConnectionLimiter } from '../../src/http/connection-limiter.ts'

const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:ffff::/48', 'fd00::1']

/** A request from a peer, perhaps with what it writes in X-Forwarded-For. */
function from(peer: string | undefined, forwardedFor?: string): IncomingMessage {
  const request = new IncomingMessage(new Socket())
  Object.defineProperty(request.socket, 'remoteAddress', { value: peer })
  if (forwardedFor !== undefined) request.headers['x-forwarded-for'] = forwardedFor
  return request
}

function connectionLimiter(
  limits = { maxSockets: 100, maxSocketsPerAddress: 100 },
  proxies: readonly string[] = PROXIES,
) {
  return new ConnectionLimiter(limits, proxies)
}

describe('the address of a client', () => {
  test.each<[what: string, peer: string | undefined, forwardedFor: string | undefined, address: string]>([
    ['is the peer’s without the header', '203.0.113.7', undefined, '203.0.113.7'],
    ['is the peer’s when the header is empty', '127.0.0.1', '', '127.0.0.1'],
    ['is the peer’s when no proxy has its address', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['is the one that a proxy forwards', '127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['is the last one that no proxy has', '127.0.0.1', '192.0.2.1, 198.51.100.1', '198.51.100.1'],
    ['is behind several proxies', '127.0.0.1', '198.51.100.1, 10.0.0.1,10.255.255.255', '198.51.100.1'],
    ['is right outside of a range of proxies', '127.0.0.1', '198.51.100.1, 11.0.0.0', '11.0.0.0'],
    ['is not in a range of one address', 'fd00::2', '198.51.100.1', 'fd00::2'],
    ['is behind a proxy of one IPv6 address', 'fd00::1', '198.51.100.1', '198.51.100.1'],
    ['is behind a range of IPv6 proxies', '2001:db8:ffff:9::1', '2001:db8::1', '2001:db8::1'],
    ['is outside of a range of IPv6 proxies', '2001:db8:fffe::1', '2001:db8::1', '2001:db8:fffe::1'],
    ['is behind a proxy whose IPv4 address is written as IPv6', '::ffff:10.1.2.3', '192.0.2.1', '192.0.2.1'],
    ['is the first one when all are proxies', '127.0.0.1', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['may have a port', '127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['may be IPv6 in brackets', '127.0.0.1', '[2001:db8::1]', '2001:db8::1'],
    ['may be IPv6 in brackets with a port', '127.0.0.1', '[2001:DB8::1]:443', '2001:DB8::1'],
    ['may have spaces around it', '127.0.0.1', '  198.51.100.1 ', '198.51.100.1'],
    ['is not a word', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['is not something like an address', '127.0.0.1', '1.2.3.4.5, 300.1.1.1, 1.2.3', '127.0.0.1'],
    ['is before what is no address', '127.0.0.1', '198.51.100.1, unknown, ', '198.51.100.1'],
    ['is empty when the peer is gone', undefined, undefined, ''],
  ])('%s', (_what, peer, forwardedFor, address) => {
    expect(connectionLimiter().addressOf(from(peer, forwardedFor))).toBe(address)
  })

  test('is never a forwarded one without trusted proxies', () => {
    const trusting = connectionLimiter(undefined, [])
    expect(trusting.addressOf(from('127.0.0.1', '198.51.100.1'))).toBe('127.0.0.1')
  })
})

test.each<[address: string, network: string, limited?: null]>([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.8', '203.0.113.8'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['2001:db8:0:1::1', '2001:db8:0:1'],
  ['2001:db8:0:1:ffff:ffff:ffff:ffff', '2001:db8:0:1'],
  ['2001:0DB8:0000:0001:aaaa:bbbb:cccc:dddd', '2001:db8:0:1'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:db8::1:0:0:0:1', '2001:db8:0:1'],
  ['2001:db8:1:2:3::', '2001:db8:1:2'],
  ['2001::', '2001:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
  ['::1', '0:0:0:0', null],
  ['127.0.0.1', '127.0.0.1', null],
  ['127.255.0.9', '127.255.0.9', null],
  ['128.0.0.1', '128.0.0.1'],
  ['::ffff:127.0.0.1', '127.0.0.1', null],
])('the network of %s is %s', (address, network, limited) => {
  expect(connectionLimiter().networkOf(from(address))).toBe(network)
  expect(connectionLimiter().limitedNetworkOf(from(address))).toBe(limited === null ? null : network)
})

describe('who is refused', () => {
  test('is the one beyond the limit of an address, and nobody at another', () => {
    const strict = connectionLimiter({ maxSockets: 100, maxSocketsPerAddress: 2 })
    const [one, other] = [from('203.0.113.7'), from('203.0.113.8')]
    expect(strict.refusalStatus(one)).toBeNull()
    strict.acquire(one)
    expect(strict.refusalStatus(one)).toBeNull()
    strict.acquire(one)
    expect(strict.refusalStatus(one)).toBe('429 Too Many Requests')
    expect(strict.refusalStatus(other)).toBeNull()
  })

  test('is counted by the network', () => {
    const strict = connectionLimiter({ maxSockets: 100, maxSocketsPerAddress: 1 })
    strict.acquire(from('2001:db8:0:1::1'))
    expect(strict.refusalStatus(from('2001:db8:0:1::2'))).toBe('429 Too Many Requests')
    expect(strict.refusalStatus(from('2001:db8:0:2::1'))).toBeNull()
  })

  test('is everybody when all sockets are in use, this machine included', () => {
    const strict = connectionLimiter({ maxSockets: 3, maxSocketsPerAddress: 1 })
    for (let i = 0; i < 2; i++) {
      expect(strict.refusalStatus(from('127.0.0.1'))).toBeNull()
      strict.acquire(from('127.0.0.1'))
    }
    strict.acquire(from('203.0.113.7'))
    for (const address of ['127.0.0.1', '::1', '203.0.113.7', '203.0.113.8']) {
      expect(strict.refusalStatus(from(address))).toBe('503 Service Unavailable')
    }
  })

  test('is let in again for each that leaves, also when the request is changed meanwhile', () => {
    const strict = connectionLimiter({ maxSockets: 100, maxSocketsPerAddress: 2 })
    const visitor = from('127.0.0.1', '203.0.113.7')
    const leave = strict.acquire(visitor)
    strict.acquire(visitor)
    visitor.headers['x-forwarded-for'] = '203.0.113.8'
    expect(strict.refusalStatus(visitor)).toBeNull()
    leave()
    expect(strict.refusalStatus(from('203.0.113.7'))).toBeNull()
    strict.acquire(from('203.0.113.7'))
    expect(strict.refusalStatus(from('203.0.113.7'))).toBe('429 Too Many Requests')
  })
})
