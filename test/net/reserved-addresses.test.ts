import { expect, test } from 'vitest'
import { isAllowedAddress } from '../../src/net/reserved-addresses.ts'

const strict = { allowLoopback: false }

test.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450::1'])(
  '%s is dialled',
  (address) => expect(isAllowedAddress(address, strict)).toBe(true),
)

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.8.8.8',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:8.8.8.8',
  '::127.0.0.1',
  '64:ff9b::a9fe:a9fe',
  '64:ff9b:1::1',
  '2001::1',
  '2002:7f00:1::',
  'fc00::1',
  'fd12:3456::1',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  'localhost',
  '',
])('%s is not', (address) => expect(isAllowedAddress(address, strict)).toBe(false))

test('in development this machine is dialled too, and nothing else of its network', () => {
  const mild = { allowLoopback: true }
  expect(['127.0.0.1', '::1'].map((address) => isAllowedAddress(address, mild))).toEqual([true, true])
  const others = ['10.0.0.1', '::ffff:127.0.0.1', '169.254.169.254', '0.0.0.0']
  expect(others.map((address) => isAllowedAddress(address, mild))).toEqual([false, false, false, false])
})
