import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { newSecret, signatures } from '../../src/webhooks/signature.ts'

test.each([
  {
    vector: "the specification's own libraries",
    secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    signed: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' },
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  {
    vector: 'the guide to verify by hand',
    secret: 'whsec_plJ3nmyCDGBKInavdOK15jsl',
    signed: {
      id: 'msg_loFOjxBNrRLzqYUf',
      timestamp: 1731705121,
      body: '{"event_type":"ping","data":{"success":true}}',
    },
    signature: 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
  },
])('the signature is that of the test vector of $vector', ({ secret, signed, signature }) => {
  expect(signatures(signed, [secret])).toBe(signature)
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
