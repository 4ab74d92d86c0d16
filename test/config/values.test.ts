import { describe, expect, test } from 'vitest'
import { type Config, loadConfig, ownAddress } from '../../src/config/config.ts'
import { type Environment, settingNames } from '../../src/config/settings.ts'

// The bounds of each setting: what may just be, and what may just not be.

const secret = 'x'.repeat(32)
const signedIn = { AUTH_SECRET: secret, AUTH_ISSUER: 'https://id.example', AUTH_AUDIENCE: 'news' }
const load = (env: Environment) => loadConfig({ ...signedIn, ...env })

describe('a value that a setting may have', () => {
  test.each<[string, string, keyof Config, unknown]>([
    ['PORT', '0', 'port', 0],
    ['PORT', ' 65535 ', 'port', 65_535],
    ['HOST', ' ::1 ', 'host', '::1'],
    ['HOST', 'a', 'host', 'a'],
    ['HOST', 'News-1.Example', 'host', 'News-1.Example'],
    ['PUBLIC_URL', 'HTTP://News.example//', 'publicUrl', 'http://news.example'],
    ['PUBLIC_URL', 'https://news.example:8443/a/b/', 'publicUrl', 'https://news.example:8443/a/b'],
    ['OUTLET', '  The Example  ', 'outlet', 'The Example'],
    ['ORIGINS', ' * ', 'origins', '*'],
    ['ORIGINS', 'https://a.example:443', 'origins', ['https://a.example']],
    [
      'TRUSTED_PROXIES',
      '10.0.0.0/8, ::1/128 ,192.0.2.1/32,',
      'trustedProxies',
      ['10.0.0.0/8', '::1/128', '192.0.2.1/32'],
    ],
    ['TRUSTED_PROXIES', '0.0.0.0/0', 'trustedProxies', ['0.0.0.0/0']],
    ['MAX_SOCKETS', '1', 'maxSockets', 1],
    ['MAX_SOCKETS_PER_ADDRESS', ' 7 ', 'maxSocketsPerAddress', 7],
    ['READ_CACHE_MB', '0', 'readCacheMb', 0],
    ['READ_CACHE_MB', '256', 'readCacheMb', 256],
    ['CDN_MAX_AGE', ' 4 ', 'cdn', { maxAge: 4, purge: null }],
    ['SUBMISSIONS_PER_MINUTE', '3', 'submissionsPerMinute', 3],
    ['SUBMISSIONS_PER_HOUR', '4', 'submissionsPerHour', 4],
    ['FAILED_SIGN_INS_PER_MINUTE', '5', 'failedSignInsPerMinute', 5],
    ['DATABASE_POOL', '6', 'databasePool', 6],
    ['GRAPHIQL', 'off', 'graphiql', false],
    ['GRAPHIQL', 'on', 'graphiql', true],
    ['PAGES', 'off', 'pages', false],
    ['PAGES', 'on', 'pages', true],
    ['DOCUMENTS', 'known', 'documents', 'known'],
    ['DOCUMENTS', 'any', 'documents', 'any'],
    ['PERSISTED_DOCUMENTS', '/etc/manifests', 'persistedDocuments', '/etc/manifests'],
    ['SAMPLE', 'on', 'sample', true],
    ['METRICS_PORT', '0', 'metricsPort', 0],
    ['METRICS_TOKEN', 'x'.repeat(16), 'metrics', { access: 'token', token: 'x'.repeat(16) }],
    [
      'METRICS_TOKEN',
      ` ${'x'.repeat(200)}== `,
      'metrics',
      { access: 'token', token: `${'x'.repeat(200)}==` },
    ],
    ['DRAIN_DELAY', '0s', 'drainDelayMs', 0],
    ['DRAIN_DELAY', '0', 'drainDelayMs', 0],
    ['DRAIN_DELAY', ' 5s ', 'drainDelayMs', 5_000],
    ['DRAIN_DELAY', '1h', 'drainDelayMs', 3_600_000],
    ['DRAIN_DELAY', '3600s', 'drainDelayMs', 3_600_000],
    ['DATABASE_URL', ' postgres://db/news ', 'databaseUrl', 'postgres://db/news'],
    ['DATABASE_LISTEN_URL', 'PostgreSQL://db/news', 'databaseListenUrl', 'PostgreSQL://db/news'],
    ['REDIS_URL', 'redis://db', 'redisUrl', 'redis://db'],
    ['REDIS_URL', 'redis://db/15', 'redisUrl', 'redis://db/15'],
    ['LOG_LEVEL', ' silent ', 'logLevel', 'silent'],
    [
      'AUTH_SECRET',
      'ü'.repeat(16),
      'auth',
      { kind: 'secret', secret: 'ü'.repeat(16), issuer: signedIn.AUTH_ISSUER, audience: 'news' },
    ],
    // A secret is taken as it is, with the space around it.
    [
      'AUTH_SECRET',
      ` ${secret} `,
      'auth',
      { kind: 'secret', secret: ` ${secret} `, issuer: signedIn.AUTH_ISSUER, audience: 'news' },
    ],
  ])('%s=%j', (name, text, key, value) => {
    expect(load({ [name]: text })[key]).toEqual(value)
  })

  test.each(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])('LOG_LEVEL=%s', (LOG_LEVEL) => {
    expect(load({ LOG_LEVEL }).logLevel).toBe(LOG_LEVEL)
  })
})

describe('a value that a setting may not have', () => {
  test.each([
    ['PORT', '100000'],
    ['PORT', '+80'],
    ['HOST', '-a'],
    ['HOST', 'a-'],
    ['HOST', 'two words'],
    ['HOST', '*'],
    ['PUBLIC_URL', 'https://news.example/#a'],
    ['PUBLIC_URL', 'https://ada@news.example'],
    ['PUBLIC_URL', 'https://'],
    ['ORIGINS', 'https://a.example/?b'],
    ['ORIGINS', 'https://a.example/#b'],
    ['ORIGINS', ','],
    ['ORIGINS', 'null'],
    ['TRUSTED_PROXIES', '::1/129'],
    ['TRUSTED_PROXIES', '10.0.0.0/'],
    ['TRUSTED_PROXIES', '10.0.0.0/-1'],
    ['TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['TRUSTED_PROXIES', '10.0.0'],
    ['MAX_SOCKETS', '-1'],
    ['MAX_SOCKETS', '1.5'],
    ['MAX_SOCKETS', '1e3'],
    ['MAX_SOCKETS', '9007199254740992'],
    ['SUBMISSIONS_PER_MINUTE', '0'],
    ['SUBMISSIONS_PER_HOUR', '0'],
    ['FAILED_SIGN_INS_PER_MINUTE', '0'],
    ['DATABASE_POOL', '0'],
    ['GRAPHIQL', 'On'],
    ['PAGES', 'On'],
    ['DOCUMENTS', 'persisted'],
    ['METRICS_TOKEN', 'x'.repeat(15)],
    ['METRICS_TOKEN', 'x'.repeat(201)],
    ['METRICS_TOKEN', `${'x'.repeat(16)} y`],
    ['METRICS_TOKEN', `=${'x'.repeat(16)}`],
    ['METRICS_PORT', '65536'],
    ['DRAIN_DELAY', '3601s'],
    ['DRAIN_DELAY', '61m'],
    ['DRAIN_DELAY', '1d'],
    ['DRAIN_DELAY', '5'],
    ['DATABASE_URL', 'postgres:/db/news'],
    ['DATABASE_LISTEN_URL', 'https://db/news'],
    ['REDIS_URL', 'redis://db?a=b'],
    ['REDIS_URL', 'redis://db#a'],
    ['REDIS_URL', 'redis:///1'],
    ['REDIS_URL', 'redis://db/1/2'],
    ['AUTH_SECRET', 'ü'.repeat(15)],
    ['NODE_ENV', 'Production'],
  ])('%s=%j', (name, text) => {
    expect(() => load({ [name]: text })).toThrow(expect.objectContaining({ name: 'SetupError' }))
    expect(() => load({ [name]: text })).toThrow(new RegExp(`^${name} .+\\.$`))
  })

  test('is repeated up to 60 characters, and an address without its name and password', () => {
    expect(() => load({ SAMPLE: 'y'.repeat(60) })).toThrow(`"${'y'.repeat(60)}"`)
    expect(() => load({ SAMPLE: 'y'.repeat(61) })).toThrow(`"${'y'.repeat(60)}…"`)
    expect(() => load({ ORIGINS: 'ftp://ada:hunter2@a.example' })).toThrow('"ftp://…@a.example"')
  })
})

describe('where settings meet', () => {
  test('a production gateway shows no GraphiQL and no metrics, and drains for 5 s, unless told otherwise', () => {
    const production = { NODE_ENV: 'production' }
    expect(load(production)).toMatchObject({
      development: false,
      graphiql: false,
      metrics: { access: 'closed' },
      drainDelayMs: 5_000,
    })
    const told = { ...production, GRAPHIQL: 'on', METRICS_TOKEN: secret, DRAIN_DELAY: '1s' }
    expect(load(told)).toMatchObject({ graphiql: true, metrics: { access: 'token' }, drainDelayMs: 1_000 })
    for (const NODE_ENV of ['development', 'test']) {
      expect(load({ NODE_ENV })).toMatchObject({
        development: true,
        graphiql: true,
        metrics: { access: 'open' },
      })
    }
  })

  test('AUTH_JWKS_URL may be of plain http on this machine alone', () => {
    const keys = { ...signedIn, AUTH_SECRET: '' }
    expect(() => loadConfig({ ...keys, AUTH_JWKS_URL: 'http://10.0.0.1/keys' })).toThrow('https://')
    expect(() => loadConfig({ ...keys, AUTH_JWKS_URL: 'http://localhost.example/keys' })).toThrow('https://')
    for (const host of ['LOCALHOST', '127.255.255.254', '[::1]']) {
      const url = `http://${host}/keys`
      expect(loadConfig({ ...keys, AUTH_JWKS_URL: url }).auth).toMatchObject({ kind: 'jwks' })
    }
  })

  test.each([
    ['127.0.0.1', 80, 'http://127.0.0.1:80'],
    ['0.0.0.0', 1, 'http://localhost:1'],
    ['::', 1, 'http://localhost:1'],
    ['fd00::1', 2, 'http://[fd00::1]:2'],
    ['news', 3, 'http://news:3'],
  ])('%s and %i are reached at %s', (host, port, address) => {
    expect(ownAddress(host, port)).toBe(address)
  })
})

test.each([
  ['AUTH_JWKS', 'AUTH_JWKS_URL'],
  ['AUTH_JWKS_URI', 'AUTH_JWKS_URL'],
  ['JWKS_URL', 'AUTH_JWKS_URL'],
  ['JWKS_URI', 'AUTH_JWKS_URL'],
  ['AUTH_KEY', 'AUTH_SECRET'],
  ['JWT_SECRET', 'AUTH_SECRET'],
  ['AUTH_ISS', 'AUTH_ISSUER'],
  ['JWT_ISSUER', 'AUTH_ISSUER'],
  ['AUTH_AUD', 'AUTH_AUDIENCE'],
  ['JWT_AUDIENCE', 'AUTH_AUDIENCE'],
  ['DATABASE', 'DATABASE_URL'],
  ['DB_URL', 'DATABASE_URL'],
  ['POSTGRES_URL', 'DATABASE_URL'],
  ['REDIS', 'REDIS_URL'],
  ['REDIS_URI', 'REDIS_URL'],
  ['DATADIR', 'DATA_DIR'],
  ['DATA_PATH', 'DATA_DIR'],
  ['ORIGIN', 'ORIGINS'],
  ['ALLOWED_ORIGINS', 'ORIGINS'],
  ['CORS_ORIGINS', 'ORIGINS'],
  ['PUBLIC_URI', 'PUBLIC_URL'],
  ['BASE_URL', 'PUBLIC_URL'],
  ['LOGLEVEL', 'LOG_LEVEL'],
])('%s is taken for a misspelt %s', (wrong, right) => {
  expect(loadConfig({ [wrong]: 'x' }).warnings).toEqual([
    `${wrong} is set but is not a setting; did you mean ${right}?`,
  ])
  expect(settingNames).toContain(right)
  expect(settingNames).not.toContain(wrong)
})
