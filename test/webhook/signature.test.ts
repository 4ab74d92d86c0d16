import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { newSecret, signatures } from '../../src/webhook/signature.ts'

test("the signature is that of the specification's own example", () => {
  const signed = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' }
  expect(signatures(signed, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  )
})

test('a secret has from 24 to 64 bytes, and is another one each time', () => {
  const [one, other] = [newSecret(), newSecret()]
  expect(one).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/)
  const { length } = Buffer.from(one.slice('whsec_'.length), 'base64')
  expect(length).toBeGreaterThanOrEqual(24)
  expect(length).toBeLessThanOrEqual(64)
  expect(one).not.toBe(other)
})

test('each of several secrets verifies what was signed with all', () => {
  const secrets = [newSecret(), newSecret()]
  const timestamp = Math.floor(Date.now() / 1000)
  const body = '{"type":"ping"}'
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatures({ id: 'msg_1', timestamp, body }, secrets),
  }
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toEqual({ type: 'ping' })
  expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow()
})
