import { describe, expect, test } from 'vitest'
import { isSubject, viewerFrom } from '../../src/auth/claims.ts'
import { notAllowed } from '../../src/auth/refusal.ts'
import { anonymous, hasRole, isRole, roles } from '../../src/auth/viewer.ts'
import { withRevocation } from '../../src/auth/with-revocation.ts'
import { TemporarilyUnavailable } from '../../src/base/errors.ts'

// What the claims of a verified token make of their bearer.

const expiresAt = new Date('2026-03-01T12:00:00Z')
const viewer = (claims: object) => viewerFrom({ sub: 'user|7', ...claims }, expiresAt)

describe('the bearer of a token', () => {
  test.each([
    [{}, 'reader', 'Reader'],
    [{ role: 'moderator' }, 'moderator', 'Moderator'],
    [{ role: 'editor' }, 'editor', 'Editor'],
    [{ role: 'admin' }, 'admin', 'Administrator'],
    [{ name: 'Nadia' }, 'reader', 'Nadia'],
    [{ role: 'admin', name: '' }, 'admin', 'Administrator'],
    [{ name: '\u3164\u2800' }, 'reader', 'Reader'],
    [{ name: '\u0301' }, 'reader', 'Reader'],
    [{ name: 7 }, 'reader', 'Reader'],
    [{ name: null }, 'reader', 'Reader'],
    [{ name: 'Na\u3164dia\ud800' }, 'reader', 'Na dia\ufffd'],
    [{ name: ' Nadia\u0000\tHaddad\n' }, 'reader', 'Nadia Haddad'],
    [{ name: 'x'.repeat(80) }, 'reader', 'x'.repeat(80)],
    [{ name: 'x'.repeat(81) }, 'reader', 'x'.repeat(80)],
    // What the cut leaves at the end is no blank.
    [{ name: `${'x'.repeat(79)} y` }, 'reader', 'x'.repeat(79)],
    [{ name: `${'x'.repeat(79)}👨‍👩‍👧` }, 'reader', 'x'.repeat(79)],
  ])('with %j is a %s called %j', (claims, role, displayName) => {
    const found = viewer(claims)
    expect(found).toEqual({ role, subject: 'user|7', displayName, expiresAt })
    expect(Object.isFrozen(found)).toBe(true)
  })

  test.each([
    { role: 'partner' },
    { role: 'anonymous' },
    { role: 'Admin' },
    { role: '' },
    { role: null },
    { role: ['admin'] },
    { role: 'toString' },
  ])('with %j is nobody, and no reader either', (claims) => {
    expect(viewer(claims)).toBe(null)
  })
})

describe('a subject', () => {
  test.each(['x', 'x'.repeat(255), 'auth0|5f7c', 'هێمن', '😀', 'a b', '0'])('may be %j', (sub) => {
    expect(isSubject(sub)).toBe(true)
    expect(viewer({ sub })).toMatchObject({ subject: sub })
  })

  test.each([
    '',
    ' ',
    '\u00a0\n',
    'x'.repeat(256),
    'a\0',
    'a\tb',
    'a\u0085b',
    '\ud83d',
    'x\ude00',
    7,
    null,
    undefined,
    ['a'],
  ])('may not be %j', (sub) => {
    expect(isSubject(sub)).toBe(false)
    expect(viewer({ sub })).toBe(null)
  })
})

describe('a role', () => {
  const as = (role: string, more = {}) => ({ ...anonymous, role, subject: 'a', ...more }) as never

  test('may do what those below it may', () => {
    const may = (role: string) => roles.filter((needed) => hasRole(as(role), needed))
    expect(may('anonymous')).toEqual([])
    expect(may('reader')).toEqual(['reader'])
    expect(may('moderator')).toEqual(['reader', 'moderator'])
    expect(may('editor')).toEqual(['reader', 'moderator', 'editor'])
    expect(may('admin')).toEqual(['reader', 'moderator', 'editor', 'admin'])
  })

  test('is one of four', () => {
    expect(roles).toEqual(['reader', 'moderator', 'editor', 'admin'])
    expect(
      ['reader', 'moderator', 'editor', 'admin', 'partner', 'anonymous', '', null].filter(isRole),
    ).toEqual(roles)
  })

  test('is none of a partner’s, and none of whoever is banned', () => {
    for (const role of roles) {
      expect(hasRole(as('partner'), role)).toBe(false)
      expect(hasRole(as('admin', { isBanned: true }), role)).toBe(false)
      expect(hasRole(as('admin', { isBanned: false }), role)).toBe(true)
    }
  })

  test('that does not allow something is named in the refusal', () => {
    expect(notAllowed(anonymous)).toMatchObject({
      code: 'NOT_SIGNED_IN',
      message: 'Sign in first: send a token as "Authorization: Bearer …".',
    })
    expect(notAllowed(as('reader'))).toMatchObject({
      code: 'FORBIDDEN',
      message: 'The role "reader" does not allow this.',
    })
    const { code, message } = notAllowed(as('admin', { isBanned: true }))
    expect([code, message]).toEqual([
      'FORBIDDEN',
      'You are banned: you may not comment, moderate or edit here. Reading needs no token.',
    ])
    // It is the reason of a close frame too.
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(123)
  })
})

describe('whether the bearer is banned', () => {
  const reader = { ...anonymous, role: 'reader', subject: 'Ada' } as const
  const partner = { ...anonymous, role: 'partner', partnerId: 'p' } as const

  test('is looked up for readers, after the token was verified, and stands beside what the token says', async () => {
    const asked: unknown[] = []
    const standing = {
      async isRevoked(viewer: unknown) {
        asked.push(viewer)
        return true
      },
    }
    const verified: unknown[] = []
    const verify = withRevocation(async (...credentials) => {
      verified.push(credentials)
      return reader
    }, standing)
    expect(await verify('Bearer x', '203.0.113.7')).toEqual({ ...reader, isBanned: true })
    expect(verified).toEqual([['Bearer x', '203.0.113.7']])
    expect(asked).toEqual([reader])
    const good = withRevocation(async () => reader, { isRevoked: async () => false })
    expect(await good('Bearer x')).toBe(reader)
  })

  test('is not looked up for the anonymous and for partners', async () => {
    const standing = { isRevoked: async () => Promise.reject(new Error('looked up')) }
    for (const viewer of [anonymous, partner]) {
      expect(await withRevocation(async () => viewer, standing)(null)).toBe(viewer)
    }
  })

  test('when it can not be looked up, nobody is served as if they were good', async () => {
    const away = new TemporarilyUnavailable('Away.')
    const verify = withRevocation(async () => reader, { isRevoked: async () => Promise.reject(away) })
    await expect(verify('Bearer x')).rejects.toBe(away)
  })
})
