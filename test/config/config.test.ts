import { readFile } from 'node:fs/promises'
import { isAbsolute, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SetupError } from '../../src/base/errors.ts'
import { atPort, isAllowedOrigin, loadConfig } from '../../src/config/config.ts'
import { type Environment, settingNames } from '../../src/config/settings.ts'

const secret = 'a secret of more than thirty-two bytes'
const signedIn = { AUTH_SECRET: secret, AUTH_ISSUER: 'https://id.example', AUTH_AUDIENCE: 'news' }
const provider = {
  AUTH_JWKS_URL: 'https://id.example/keys',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'https://news.example/graphql',
  OIDC_CLIENT_ID: 'desk',
}
const purged = {
  CDN_MAX_AGE: '4',
  CDN_PURGE_URL: 'https://cdn.example/purge',
  CDN_PURGE_SECRET: `whsec_${'A'.repeat(32)}`,
}

describe('without any setting', () => {
  it('the gateway is a development one on this machine', () => {
    expect(loadConfig({})).toEqual({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: 'http://127.0.0.1:4000',
      outlet: 'Dateline',
      origins: [],
      databaseUrl: null,
      databaseListenUrl: null,
      databasePool: 10,
      redisUrl: null,
      trustedProxies: [],
      maxSockets: 20_000,
      maxSocketsPerAddress: 500,
      submissionsPerMinute: 10,
      submissionsPerHour: 100,
      failedSignInsPerMinute: 20,
      readCacheMb: 64,
      cdn: { maxAge: 0, purge: null },
      graphiql: true,
      pages: true,
      documents: 'any',
      persistedDocuments: null,
      metrics: { access: 'open' },
      metricsPort: null,
      drainDelayMs: 0,
      dataDir: resolve('.data'),
      sample: undefined,
      auth: { kind: 'development' },
      signIn: null,
      logLevel: 'info',
      development: true,
      warnings: [],
    })
  })

  it('an empty variable counts as unset', () => {
    const blank = Object.fromEntries(settingNames.map((name) => [name, ' ']))
    expect(loadConfig(blank)).toEqual(loadConfig({}))
  })

  it('nothing can be changed afterwards', () => {
    const config = loadConfig({ ORIGINS: 'https://a.example' })
    for (const value of [config, config.auth, config.origins, config.warnings, atPort(config, 1)]) {
      expect(Object.isFrozen(value)).toBe(true)
    }
  })
})

describe('a setting that is right', () => {
  it('is read in every part', () => {
    const config = loadConfig({
      ...signedIn,
      PORT: '8080',
      HOST: '0.0.0.0',
      PUBLIC_URL: 'https://api.example.org/news/',
      ORIGINS: 'https://www.example.org, https://M.example.org:8443/',
      DATABASE_URL: 'postgresql://u:p@db.example:5432/news',
      REDIS_URL: 'rediss://u:p@redis.example:6380/1',
      DATA_DIR: 'somewhere',
      SAMPLE: 'off',
      LOG_LEVEL: 'debug',
      NODE_ENV: 'production',
    })
    expect(config).toMatchObject({
      port: 8080,
      host: '0.0.0.0',
      publicUrl: 'https://api.example.org/news',
      origins: ['https://www.example.org', 'https://m.example.org:8443'],
      databaseUrl: 'postgresql://u:p@db.example:5432/news',
      redisUrl: 'rediss://u:p@redis.example:6380/1',
      graphiql: false,
      metrics: { access: 'closed' },
      drainDelayMs: 5_000,
      sample: false,
      auth: { kind: 'secret', secret, issuer: 'https://id.example', audience: 'news' },
      logLevel: 'debug',
      development: false,
    })
    expect(isAbsolute(config.dataDir)).toBe(true)
  })

  it('the purges of a CDN have an address and one secret or two', () => {
    const secrets = [`whsec_${'A'.repeat(32)}`, `whsec_${'b'.repeat(84)}`]
    const { cdn } = loadConfig({ ...purged, CDN_PURGE_SECRET: ` ${secrets.join('  ')} ` })
    expect(cdn).toEqual({ maxAge: 4, purge: { url: 'https://cdn.example/purge', secrets } })
    expect(Object.isFrozen(cdn)).toBe(true)
  })

  it.each([
    ['https://id.example/keys'],
    ['http://localhost:8080/keys'],
    ['http://127.0.0.1:8080/keys'],
    ['http://[::1]:8080/keys'],
  ])('AUTH_JWKS_URL may be %s', (url) => {
    const { auth } = loadConfig({ AUTH_JWKS_URL: url, AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' })
    expect(auth).toEqual({ kind: 'jwks', url, issuer: 'i', audience: 'a' })
  })

  it.each([['127.0.0.1'], ['127.9.8.7'], ['::1'], ['localhost']])('%s is a loopback address', (HOST) => {
    expect(loadConfig({ HOST }).development).toBe(true)
  })

  it.each([['http://localhost:8080'], ['https://127.0.0.1/news'], ['http://[::1]:4000']])(
    'PUBLIC_URL %s is on this machine, and so for development',
    (PUBLIC_URL) => {
      expect(loadConfig({ PUBLIC_URL }).development).toBe(true)
    },
  )

  it.each([{ PUBLIC_URL: 'https://news.example' }, { TRUSTED_PROXIES: '10.0.0.0/8' }])(
    'a gateway with %j is not for development, whatever its HOST',
    (env) => {
      expect(loadConfig({ ...signedIn, ...env }).development).toBe(false)
    },
  )

  it.each([
    ['0.0.0.0', 'http://localhost:4000'],
    ['::', 'http://localhost:4000'],
    ['::1', 'http://[::1]:4000'],
    ['news.example', 'http://news.example:4000'],
  ])('PUBLIC_URL follows HOST %s', (HOST, publicUrl) => {
    expect(loadConfig({ ...signedIn, HOST }).publicUrl).toBe(publicUrl)
  })

  it('a free port that was found shows in the public address, unless that was set', () => {
    expect(atPort(loadConfig({ PORT: '0' }), 5123)).toMatchObject({
      port: 5123,
      publicUrl: 'http://127.0.0.1:5123',
    })
    const set = loadConfig({ ...signedIn, PORT: '0', PUBLIC_URL: 'https://news.example' })
    expect(atPort(set, 5123).publicUrl).toBe('https://news.example')
  })
})

const wrong: [setting: string, env: Environment][] = [
  ['PORT', { PORT: 'http' }],
  ['PORT', { PORT: '65536' }],
  ['PORT', { PORT: '-1' }],
  ['PORT', { PORT: '80.5' }],
  ['PORT', { PORT: '1e3' }],
  ['HOST', { HOST: 'http://127.0.0.1' }],
  ['HOST', { HOST: '[::1]' }],
  ['HOST', { HOST: '127.0.0.1:4000' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'news.example.org' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'ftp://news.example.org' }],
  ['PUBLIC_URL', { PUBLIC_URL: 'https://news.example.org/?a=b' }],
  ['ORIGINS', { ORIGINS: 'www.example.org' }],
  ['ORIGINS', { ORIGINS: 'https://www.example.org/path' }],
  ['ORIGINS', { ORIGINS: 'https://*.example.org' }],
  ['ORIGINS', { ORIGINS: 'https://www.example.org,*' }],
  ['ORIGINS', { ORIGINS: 'https://someone:hunter2@www.example.org' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://someone:hunter2@db/news' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://someone:hunter2/@db:port/news' }],
  ['DATABASE_URL', { DATABASE_URL: 'host=db password=hunter2' }],
  ['REDIS_URL', { REDIS_URL: 'redis.example:6379' }],
  ['REDIS_URL', { REDIS_URL: 'https://someone:hunter2@redis.example' }],
  ['REDIS_URL', { REDIS_URL: 'redis://someone:hunter2@redis.example/news' }],
  ['REDIS_URL', { REDIS_URL: 'redis://someone:hunter2/@redis.example:port' }],
  ['REDIS_URL', { REDIS_URL: 'redis://' }],
  ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/8, proxy.example' }],
  ['TRUSTED_PROXIES', { TRUSTED_PROXIES: '10.0.0.0/33' }],
  ['MAX_SOCKETS', { MAX_SOCKETS: '0' }],
  ['MAX_SOCKETS_PER_ADDRESS', { MAX_SOCKETS_PER_ADDRESS: 'many' }],
  ['READ_CACHE_MB', { READ_CACHE_MB: '-1' }],
  ['CDN_MAX_AGE', { CDN_MAX_AGE: '5' }],
  ['CDN_MAX_AGE', { CDN_MAX_AGE: '1.5' }],
  ['CDN_MAX_AGE', { CDN_MAX_AGE: '4', READ_CACHE_MB: '0' }],
  ['CDN_PURGE_URL', { ...purged, CDN_PURGE_URL: 'cdn.example/purge' }],
  ['CDN_PURGE_URL', { ...purged, CDN_PURGE_URL: 'https://someone:hunter2@cdn.example/purge' }],
  ['CDN_PURGE_URL', { ...purged, CDN_PURGE_URL: 'https://cdn.example/purge#part' }],
  ['CDN_PURGE_URL', { ...purged, CDN_MAX_AGE: '' }],
  ['CDN_PURGE_SECRET', { ...purged, CDN_PURGE_SECRET: '' }],
  ['CDN_PURGE_SECRET', { ...purged, CDN_PURGE_URL: '' }],
  ['CDN_PURGE_SECRET', { ...purged, CDN_PURGE_SECRET: 'hunter2'.repeat(8) }],
  ['CDN_PURGE_SECRET', { ...purged, CDN_PURGE_SECRET: `whsec_${'A'.repeat(30)}` }],
  ['CDN_PURGE_SECRET', { ...purged, CDN_PURGE_SECRET: `whsec_${'A'.repeat(88)}` }],
  ['SAMPLE', { SAMPLE: 'yes' }],
  ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
  ['NODE_ENV', { NODE_ENV: 'prod' }],
  ['NODE_ENV', { NODE_ENV: 'two\nlines' }],
  ['AUTH_JWKS_URL', { ...signedIn, AUTH_SECRET: '', AUTH_JWKS_URL: 'id.example/keys' }],
  ['AUTH_JWKS_URL', { ...signedIn, AUTH_SECRET: '', AUTH_JWKS_URL: 'http://id.example/keys' }],
  ['AUTH_JWKS_URL', { ...signedIn, AUTH_SECRET: '', AUTH_JWKS_URL: 'https://a:hunter2@id.example/keys' }],
  ['AUTH_JWKS_URL and AUTH_SECRET', { ...signedIn, AUTH_JWKS_URL: 'https://id.example/keys' }],
  ['AUTH_SECRET', { ...signedIn, AUTH_SECRET: 'hunter2' }],
  ['AUTH_SECRET', { ...signedIn, AUTH_SECRET: 'x'.repeat(31) }],
  ['AUTH_ISSUER', { ...signedIn, AUTH_ISSUER: '' }],
  ['AUTH_AUDIENCE', { ...signedIn, AUTH_AUDIENCE: '' }],
  ['AUTH_ISSUER', { AUTH_ISSUER: 'https://id.example' }],
  ['AUTH_AUDIENCE', { AUTH_AUDIENCE: 'news' }],
  ['OIDC_CLIENT_ID', { OIDC_CLIENT_ID: 'desk' }],
  ['OIDC_CLIENT_ID', { ...signedIn, OIDC_CLIENT_ID: 'desk' }],
  ['OIDC_ISSUER', { ...provider, OIDC_CLIENT_ID: '', OIDC_ISSUER: 'https://id.example' }],
  ['OIDC_ISSUER', { ...provider, AUTH_ISSUER: 'news' }],
  ['OIDC_ISSUER', { ...provider, OIDC_ISSUER: 'http://id.example' }],
  ['OIDC_ISSUER', { ...provider, OIDC_ISSUER: 'https://a:hunter2@id.example' }],
  ['OIDC_SCOPE', { ...provider, OIDC_SCOPE: 'profile' }],
  ['OIDC_SCOPE', { OIDC_SCOPE: 'openid' }],
  ['OIDC_RESOURCE', { ...provider, OIDC_RESOURCE: 'news' }],
  ['OIDC_RESOURCE', { ...provider, OIDC_RESOURCE: 'https://news.example/#api' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { NODE_ENV: 'production' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { HOST: '0.0.0.0' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { HOST: '::' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { HOST: '192.168.1.5' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { HOST: '127.example.org' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { PUBLIC_URL: 'https://news.example' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { PUBLIC_URL: 'https://localhost.example' }],
  ['AUTH_JWKS_URL or AUTH_SECRET', { TRUSTED_PROXIES: '127.0.0.1' }],
]

describe('a setting that is wrong or missing', () => {
  it.each(wrong)('%s is named in one line: %j', (setting, env) => {
    const message = refusal(env)
    expect(message).toMatch(new RegExp(`^${setting} .+\\.$`))
    expect(message).not.toContain('\n')
    expect(message).not.toContain('hunter2')
    expect(message.length).toBeLessThan(250)
  })

  it('a long value is not repeated in full', () => {
    expect(refusal({ PORT: '9'.repeat(10_000) }).length).toBeLessThan(200)
  })
})

describe('a variable that looks like a setting', () => {
  it('is pointed out', () => {
    expect(loadConfig({ DATABASE_URI: 'postgres://db/news' }).warnings).toEqual([
      'DATABASE_URI is set but is not a setting; did you mean DATABASE_URL?',
    ])
  })

  it('is none of our business when the setting is there too', () => {
    const env = { DATABASE_URI: 'postgres://db/news', DATABASE_URL: 'postgres://db/news' }
    expect(loadConfig(env).warnings).toEqual([])
  })
})

describe('the sign-in at an identity provider', () => {
  it('uses the issuer and the audience of the tokens', () => {
    expect(loadConfig(provider).signIn).toEqual({
      clientId: 'desk',
      issuer: 'https://id.example',
      scope: 'openid profile',
      resource: 'https://news.example/graphql',
    })
  })

  it('requests no resource if the audience is not a URI, or OIDC_RESOURCE is off', () => {
    expect(loadConfig({ ...provider, AUTH_AUDIENCE: 'news' }).signIn?.resource).toBe(null)
    expect(loadConfig({ ...provider, OIDC_RESOURCE: 'off' }).signIn?.resource).toBe(null)
  })

  it('can differ from them', () => {
    const settings = {
      OIDC_ISSUER: ' http://localhost:4000/id ',
      OIDC_SCOPE: 'openid  offline_access',
      OIDC_RESOURCE: 'urn:news',
    }
    expect(loadConfig({ ...provider, ...settings }).signIn).toEqual({
      clientId: 'desk',
      issuer: 'http://localhost:4000/id',
      scope: 'openid offline_access',
      resource: 'urn:news',
    })
  })
})

describe('the origin of a browser page', () => {
  const outlet = loadConfig({
    ...signedIn,
    NODE_ENV: 'production',
    PUBLIC_URL: 'https://api.example.org/news',
    ORIGINS: 'https://www.example.org',
  })

  it.each([['https://www.example.org'], ['https://api.example.org']])('%s is allowed', (origin) => {
    expect(isAllowedOrigin(outlet, origin)).toBe(true)
  })

  it.each([
    ['http://www.example.org'],
    ['https://www.example.org.evil.example'],
    ['https://evil.example'],
    ['http://localhost:3000'],
    ['null'],
    [''],
  ])('%j is not', (origin) => {
    expect(isAllowedOrigin(outlet, origin)).toBe(false)
  })

  it('is allowed on any port of this machine in development, and nowhere else', () => {
    const development = loadConfig({})
    expect(isAllowedOrigin(development, 'http://localhost:3000')).toBe(true)
    expect(isAllowedOrigin(development, 'http://[::1]:3000')).toBe(true)
    expect(isAllowedOrigin(development, 'http://localhost.evil.example')).toBe(false)
  })

  it('does not matter when every origin is allowed', () => {
    expect(isAllowedOrigin(loadConfig({ ...signedIn, ORIGINS: '*' }), 'https://evil.example')).toBe(true)
  })
})

describe('docs/configuration.md', () => {
  it('explains every setting, and none that does not exist', async () => {
    const rows = await documented()
    expect(rows.map(([name]) => name).sort()).toEqual([...settingNames].sort())
  })

  it('gives the defaults that hold', async () => {
    const defaults = Object.fromEntries(await documented())
    const { port, host, publicUrl, logLevel, maxSockets, maxSocketsPerAddress, readCacheMb } = loadConfig({})
    expect(defaults).toMatchObject({
      PORT: `\`${port}\``,
      HOST: `\`${host}\``,
      PUBLIC_URL: `\`${publicUrl}\``,
      DATA_DIR: '`.data`',
      LOG_LEVEL: `\`${logLevel}\``,
      MAX_SOCKETS: `\`${maxSockets}\``,
      MAX_SOCKETS_PER_ADDRESS: `\`${maxSocketsPerAddress}\``,
      READ_CACHE_MB: `\`${readCacheMb}\``,
    })
  })
})

function refusal(env: Environment): string {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof SetupError) return error.message
    throw error
  }
  throw new Error('These settings were accepted.')
}

/** Name and default of each row of the table of settings. */
async function documented(): Promise<[name: string, byDefault: string][]> {
  const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8')
  const rows = page.matchAll(/^\| `([A-Z_]+)`\s+\| (.*?)\s+\|/gm)
  return Array.from(rows, ([, name = '', byDefault = '']) => [name, byDefault])
}
