import { base64url, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { clockToleranceSeconds, createVerifier, jwksAlgorithms, type Verify } from '../../src/auth/verify.ts'
import { anonymous, type Viewer } from '../../src/auth/viewer.ts'
import { DomainError } from '../../src/base/errors.ts'
import { startProvider, usualClaims } from './provider.ts'

type Provider = Awaited<ReturnType<typeof startProvider>>
type Key = Awaited<ReturnType<Provider['addKey']>>

const now = Math.floor(Date.now() / 1000)
let provider: Provider
let key: Key
let verify: Verify

beforeAll(async () => {
  provider = await startProvider()
  key = await provider.addKey('first', 'RS256')
  verify = await createVerifier(provider.auth, '')
})
afterAll(() => provider.stop())

describe('a token of the identity provider', () => {
  it('says who the viewer is, and until when', async () => {
    const exp = now + 60
    const token = await key.sign({ sub: 'user|7', name: ' Nadia  Haddad ', role: 'editor', exp })
    expect(await verify(`Bearer ${token}`)).toEqual({
      role: 'editor',
      subject: 'user|7',
      displayName: 'Nadia Haddad',
      expiresAt: new Date((exp + clockToleranceSeconds) * 1000),
    })
  })

  it('may be sent as bearer, BEARER or behind several spaces', async () => {
    const token = await key.sign()
    for (const authorization of [`bearer ${token}`, `BEARER ${token}`, `Bearer  ${token}`]) {
      expect(await verify(authorization)).toMatchObject({ role: 'reader' })
    }
  })

  it('is not looked for in text that is too long for one', async () => {
    for (const authorization of [`Bearer${' '.repeat(65_000)}\n`, `Bearer ${'x'.repeat(8_193)}`]) {
      await expect(verify(authorization)).rejects.toThrow(
        'The authorization is too long. Send a shorter token.',
      )
    }
    await expect(verify(`Bearer ${'x'.repeat(8_192)}`)).rejects.toThrow('could not be verified')
  })

  it('without role or name makes a reader called Reader', async () => {
    expect(await verify(`Bearer ${await key.sign()}`)).toMatchObject({
      role: 'reader',
      displayName: 'Reader',
    })
  })

  it('may name us among other audiences', async () => {
    const token = await key.sign({ aud: ['elsewhere', provider.audience] })
    expect(await verify(`Bearer ${token}`)).toMatchObject({ subject: 'reader-1' })
  })

  it('may be off by the clock tolerance', async () => {
    const token = await key.sign({ exp: now + 100, nbf: now + 100 })
    const at = async (seconds: number) => {
      const then = await createVerifier(provider.auth, '', { now: () => new Date(seconds * 1000) })
      return then(`Bearer ${token}`)
    }
    expect(await at(now + 100 - clockToleranceSeconds)).toMatchObject({ role: 'reader' })
    expect(await at(now + 99 + clockToleranceSeconds)).toMatchObject({ role: 'reader' })
    await expect(at(now + 99 - clockToleranceSeconds)).rejects.toThrow('could not be verified')
    await expect(at(now + 100 + clockToleranceSeconds)).rejects.toThrow('The token has expired.')
  })

  it.each(jwksAlgorithms)('may be signed with %s', async (alg) => {
    await using other = await startProvider()
    const token = await (await other.addKey('one', alg)).sign()
    const verifyOther = await createVerifier(other.auth, '')
    expect(await verifyOther(`Bearer ${token}`)).toMatchObject({ role: 'reader' })
  })
})

describe('no token', () => {
  it.each([[null], [undefined]])('%s makes an anonymous viewer', async (authorization) => {
    expect(await verify(authorization)).toBe(anonymous)
  })
})

describe('a token is refused', () => {
  const claims: [why: string, claims: JWTPayload][] = [
    ['of another issuer', { iss: 'https://evil.example' }],
    ['without an issuer', { iss: undefined }],
    ['for another audience', { aud: 'elsewhere' }],
    ['without an audience', { aud: undefined }],
    ['that has expired', { exp: now - 3600 }],
    ['that never expires', { exp: undefined }],
    ['that expires beyond the calendar', { exp: 1e15 }],
    ['that is not valid yet', { nbf: now + 3600 }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '  ' }],
    ['with a subject of 256 characters', { sub: 'x'.repeat(256) }],
    ['with a NUL in the subject', { sub: 'a\0b' }],
    ['with half a surrogate pair in the subject', { sub: 'a\ud800' }],
    ['with an unknown role', { role: 'superuser' }],
    ['with an anonymous role', { role: 'anonymous' }],
    ['with the role of a list', { role: ['admin'] }],
    ['with a role that every object has', { role: 'constructor' }],
    ['with no role by intent', { role: null }],
    ['longer than 8,192 characters', { padding: 'x'.repeat(8192) }],
  ]
  it.each(claims)('%s', async (_why, wrong) => {
    await expectRefused(`Bearer ${await key.sign(wrong)}`)
  })

  it('whose claims were changed after signing', async () => {
    const [header, , signature] = (await key.sign()).split('.')
    const forged = encode(usualClaims({ iss: provider.issuer, aud: provider.audience, role: 'admin' }))
    await expectRefused(`Bearer ${header}.${forged}.${signature}`)
  })

  it.each([['none'], ['None'], ['NONE']])('with the algorithm %s', async (alg) => {
    const payload = encode(usualClaims({ iss: provider.issuer, aud: provider.audience, role: 'admin' }))
    for (const header of [{ alg }, { alg, kid: 'first' }]) {
      await expectRefused(`Bearer ${encode(header)}.${payload}.`)
      await expectRefused(`Bearer ${encode(header)}.${payload}.c2ln`)
    }
  })

  it.each([['HS256'], ['HS384'], ['HS512']])('signed by %s with our public key', async (alg) => {
    for (const secret of [key.publicPem, key.publicPem.trim(), `${key.publicPem}\n`]) {
      const token = await new SignJWT(usualClaims({ iss: provider.issuer, aud: provider.audience }))
        .setProtectedHeader({ alg, kid: 'first' })
        .sign(new TextEncoder().encode(secret))
      await expectRefused(`Bearer ${token}`)
    }
  })

  it('signed with a key that the provider does not publish, under the name of one that it does', async () => {
    await using impostor = await startProvider()
    const token = await (await impostor.addKey('first', 'RS256')).sign()
    await expectRefused(`Bearer ${token}`)
  })

  it('that is no token', async () => {
    const token = await key.sign()
    for (const authorization of [
      '',
      'Bearer',
      'Bearer ',
      'Bearer garbage',
      'Bearer a.b.c',
      'Basic dXNlcjpwYXNzd29yZA==',
      token,
      `Bearer ${token} `,
      `Bearer ${token}\n`,
      `Bearer ${token}, Bearer ${token}`,
      `Bearer ${token}.${token}`,
    ]) {
      await expectRefused(authorization)
    }
  })
})

describe('the keys of the identity provider', () => {
  it('are read once for many tokens', async () => {
    await using other = await startProvider()
    const one = await other.addKey('one')
    const verifyOther = await createVerifier(other.auth, '')
    const token = `Bearer ${await one.sign()}`
    await Promise.all([verifyOther(token), verifyOther(token), verifyOther(token)])
    await verifyOther(token)
    expect(other.requests).toBe(1)
  })

  it('are read again when a token names a new one', async () => {
    await using other = await startProvider()
    const old = await other.addKey('old')
    const verifyOther = await createVerifier(other.auth, '', { jwksCooldownMs: 0 })
    await verifyOther(`Bearer ${await old.sign()}`)
    const rotated = await other.addKey('new')
    expect(await verifyOther(`Bearer ${await rotated.sign({ sub: 'rotated' })}`)).toMatchObject({
      subject: 'rotated',
    })
    expect(await verifyOther(`Bearer ${await old.sign({ sub: 'old' })}`)).toMatchObject({ subject: 'old' })
  })

  it('are kept for ten minutes: one that was withdrawn is not accepted any longer', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await using other = await startProvider()
      const withdrawn = await other.addKey('withdrawn')
      const verifyOther = await createVerifier(other.auth, '')
      const token = `Bearer ${await withdrawn.sign({ exp: Math.floor(Date.now() / 1000) + 7_200 })}`
      await verifyOther(token)
      other.failure = { status: 200, body: '{"keys":[]}' }
      vi.setSystemTime(Date.now() + 599_000)
      expect(await verifyOther(token)).toMatchObject({ role: 'reader' })
      expect(other.requests).toBe(1)
      vi.setSystemTime(Date.now() + 1_000)
      await expectRefused(token, verifyOther)
      expect(other.requests).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('are asked for again for a new key name only half a minute after the last time', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      await using other = await startProvider()
      const one = await other.addKey('one')
      const verifyOther = await createVerifier(other.auth, '')
      const claims = { exp: Math.floor(Date.now() / 1000) + 3_600 }
      await verifyOther(`Bearer ${await one.sign(claims)}`)
      const token = `Bearer ${await (await other.addKey('two')).sign(claims)}`
      vi.setSystemTime(Date.now() + 29_000)
      await expectRefused(token, verifyOther)
      expect(other.requests).toBe(1)
      vi.setSystemTime(Date.now() + 1_000)
      expect(await verifyOther(token)).toMatchObject({ role: 'reader' })
      expect(other.requests).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('are not asked for again and again by tokens with invented key names', async () => {
    await using other = await startProvider()
    await other.addKey('one')
    await using elsewhere = await startProvider()
    const verifyOther = await createVerifier(other.auth, '')
    for (const kid of ['a', 'b', 'c']) {
      await expectRefused(`Bearer ${await (await elsewhere.addKey(kid)).sign()}`, verifyOther)
    }
    expect(other.requests).toBe(1)
  })

  it('keep serving those who sign in while the provider is away', async () => {
    await using other = await startProvider()
    const one = await other.addKey('one')
    const verifyOther = await createVerifier(other.auth, '')
    await verifyOther(`Bearer ${await one.sign()}`)
    await other.stop()
    expect(await verifyOther(`Bearer ${await one.sign()}`)).toMatchObject({ role: 'reader' })
  })

  it('that can not be reached are our fault and not the caller’s', async () => {
    const other = await startProvider()
    const token = `Bearer ${await (await other.addKey('one')).sign()}`
    const verifyOther = await createVerifier(other.auth, '')
    await other.stop()
    await expectUnavailable(verifyOther(token))
    expect(await verifyOther(null)).toBe(anonymous)
  })

  it.each([
    [503, 'busy'],
    [404, 'nothing'],
    [302, ''],
    [200, '<html>'],
    [200, '{"keys":1}'],
  ])('answered with %i %s are our fault too, until they are answered rightly', async (status, body) => {
    await using other = await startProvider()
    const token = `Bearer ${await (await other.addKey('one')).sign()}`
    const verifyOther = await createVerifier(other.auth, '')
    other.failure = { status, body }
    await expectUnavailable(verifyOther(token))
    other.failure = null
    expect(await verifyOther(token)).toMatchObject({ role: 'reader' })
  })
})

describe('a shared secret', () => {
  const auth = { kind: 'secret', secret: 'x'.repeat(40), issuer: 'outlet', audience: 'news' } as const
  const bytes = new TextEncoder().encode(auth.secret)

  it('verifies what it signed', async () => {
    const verifySecret = await createVerifier(auth, '')
    const token = await signToken({ auth, dataDir: '', role: 'admin', ttlSeconds: 60 })
    expect(await verifySecret(`Bearer ${token}`)).toMatchObject({
      role: 'admin',
      displayName: 'Administrator',
    })
  })

  it('accepts HS256 alone', async () => {
    const verifySecret = await createVerifier(auth, '')
    const signed = (alg: string) =>
      new SignJWT(usualClaims({ iss: 'outlet', aud: 'news' })).setProtectedHeader({ alg }).sign(bytes)
    expect(await verifySecret(`Bearer ${await signed('HS256')}`)).toMatchObject({ role: 'reader' })
    const long = await createVerifier({ ...auth, secret: 'x'.repeat(64) }, '')
    const token = await new SignJWT(usualClaims({ iss: 'outlet', aud: 'news' }))
      .setProtectedHeader({ alg: 'HS512' })
      .sign(new TextEncoder().encode('x'.repeat(64)))
    await expectRefused(`Bearer ${token}`, long)
  })

  it('refuses what another secret signed', async () => {
    const other = { ...auth, secret: 'y'.repeat(40) }
    const token = await signToken({ auth: other, dataDir: '', role: 'admin', ttlSeconds: 60 })
    await expectRefused(`Bearer ${token}`, await createVerifier(auth, ''))
  })
})

describe('a display name', () => {
  const names: [what: string, name: unknown, shown: string][] = [
    ['is cut to 80 characters', '𝒩'.repeat(90), '𝒩'.repeat(80)],
    ['is one line', 'Nadia\r\n\tHaddad\0', 'Nadia Haddad'],
    ['can not turn the text after it round', 'Nadia\u202e\u2066', 'Nadia'],
    ['keeps the joiners that Persian is spelt with', 'شاه\u200cرخ', 'شاه\u200cرخ'],
    ['of blanks is none', ' \n ', 'Reader'],
    ['that is no text is none', { first: 'Nadia' }, 'Reader'],
  ]
  it.each(names)('%s', async (_what, name, shown) => {
    expect(await verify(`Bearer ${await key.sign({ name })}`)).toMatchObject({ displayName: shown })
  })
})

/** Refused as the caller's doing, in one of the few fixed sentences and so without a hint for a forger. */
async function expectRefused(authorization: string, by = verify): Promise<void> {
  const error = await by(authorization).then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(DomainError)
  expect(error).toMatchObject({ code: 'NOT_SIGNED_IN' })
  expect([
    'The authorization must be "Bearer " followed by a token.',
    'The authorization is too long. Send a shorter token.',
    'The token has expired. Get a new one.',
    'The token could not be verified. Get a new one.',
    'The claims of the token are not valid. See docs/configuration.md.',
  ]).toContain((error as DomainError).message)
}

async function expectUnavailable(viewer: Promise<Viewer>): Promise<void> {
  await expect(viewer).rejects.toMatchObject({
    code: 'TEMPORARILY_UNAVAILABLE',
    message: "Tokens can't be verified at the moment. Try again in a few seconds.",
    cause: expect.anything(),
  })
}

function encode(value: object): string {
  return base64url.encode(JSON.stringify(value))
}
