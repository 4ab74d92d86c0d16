import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { signToken } from '../../src/auth/sign.ts'
import { createVerifier } from '../../src/auth/verify.ts'
import { loadConfig } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/settings.ts'

const project = new URL('../..', import.meta.url)
let dataDir: string

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dateline-token-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

describe('npm run token', () => {
  it('prints a token that the gateway accepts, before the gateway ever ran', async () => {
    const args = ['run', '--silent', 'token', '--', '--role', 'moderator', '--name', 'Nadia Haddad']
    const { code, stdout, stderr } = await run('npm', args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await viewerOf(stdout)).toMatchObject({
      role: 'moderator',
      subject: 'moderator-nadia-haddad',
      displayName: 'Nadia Haddad',
    })
  })

  it('signs with AUTH_SECRET where that is set', async () => {
    const env = { AUTH_SECRET: 's'.repeat(32), AUTH_ISSUER: 'outlet', AUTH_AUDIENCE: 'news' }
    const { stdout } = await token(['--role', 'editor'], env)
    expect(await readdir(dataDir)).toEqual([])
    expect(await viewerOf(stdout, env)).toMatchObject({ role: 'editor', displayName: 'Editor' })
    await expect(viewerOf(stdout)).rejects.toThrow('could not be verified')
  })

  it('names the same bearer the same each time, and two bearers apart', async () => {
    const subject = async (...args: string[]) => decodeJwt((await token(['--role', ...args])).stdout).sub
    expect(await subject('reader')).toBe('reader')
    expect(await subject('reader', '--name', 'Şîlan  Æ!')).toBe('reader-şîlan-æ')
    expect(await subject('reader', '--name', 'هێمن')).toBe('reader-هێمن')
    expect(await subject('reader', '--name', 'A', '--sub', 'user|7')).toBe('user|7')
  })

  it.each([
    ['30s', 30],
    ['15m', 900],
    ['1h', 3600],
    ['7d', 604_800],
  ])('--ttl %s lasts %i seconds', async (ttl, seconds) => {
    const { exp = 0, iat = 0 } = decodeJwt((await token(['--role', 'reader', '--ttl', ttl])).stdout)
    expect(exp - iat).toBe(seconds)
  })

  it('lasts an hour unless told otherwise', async () => {
    const { exp = 0, iat = 0 } = decodeJwt((await token(['--role', 'reader'])).stdout)
    expect(exp - iat).toBe(3600)
  })

  it('refuses where the identity provider issues the tokens', async () => {
    const env = { AUTH_JWKS_URL: 'https://id.example/keys', AUTH_ISSUER: 'i', AUTH_AUDIENCE: 'a' }
    await expectOneLine(['--role', 'reader'], /^AUTH_JWKS_URL is set/, env)
  })

  it('refuses where the gateway would not start', async () => {
    await expectOneLine(['--role', 'reader'], /^AUTH_JWKS_URL or AUTH_SECRET is missing/, { HOST: '0.0.0.0' })
  })

  it.each([
    [[], /--role must be one of reader, moderator, editor, admin/],
    [['--role', 'king'], /--role/],
    [['--role'], /--role/],
    [['--rol', 'reader'], /--rol/],
    [['--role', 'reader', 'more'], /more/],
    [['--role', 'reader', '--name', ' '], /--name/],
    [['--role', 'reader', '--sub', ''], /--sub/],
    [['--role', 'reader', '--ttl', '1w'], /--ttl/],
    [['--role', 'reader', '--ttl', '0s'], /--ttl/],
    [['--role', 'reader', '--ttl', '1.5h'], /--ttl/],
    [['--role', 'reader', '--ttl', '-1h'], /--ttl/],
  ])('%j is answered with one line', async (args, message) => {
    await expectOneLine(args, message)
  })

  it('explains itself', async () => {
    const { code, stdout } = await token(['--help'])
    expect(code).toBe(0)
    for (const option of ['--role', '--name', '--sub', '--ttl']) expect(stdout).toContain(option)
  })
})

describe('the development key', () => {
  it('can be read by its owner alone', async () => {
    await token(['--role', 'reader'])
    expect((await stat(join(dataDir, 'dev-auth-key'))).mode & 0o777).toBe(0o600)
  })

  it('is made once, however many processes race to make it', async () => {
    const racers = await Promise.all(Array.from({ length: 6 }, () => token(['--role', 'reader'])))
    for (const { stdout } of racers) expect(await viewerOf(stdout)).toMatchObject({ role: 'reader' })
    expect(await readdir(dataDir)).toEqual(['dev-auth-key'])
  })

  it('is the same for everyone who asks while it is being made', async () => {
    const request = { auth: { kind: 'development' }, dataDir, role: 'reader', ttlSeconds: 60 } as const
    const pending: Promise<string>[] = []
    for (let asked = 0; asked < 100; asked++) {
      pending.push(signToken(request))
      await setImmediate()
    }
    for (const signed of await Promise.all(pending))
      expect(await viewerOf(`${signed}\n`)).toMatchObject({ role: 'reader' })
  })

  it('stays the same from one start to the next', async () => {
    await token(['--role', 'reader'])
    const before = await readFile(join(dataDir, 'dev-auth-key'), 'utf8')
    await token(['--role', 'reader'])
    expect(await readFile(join(dataDir, 'dev-auth-key'), 'utf8')).toBe(before)
  })

  it('that is damaged is reported, and not replaced', async () => {
    await writeFile(join(dataDir, 'dev-auth-key'), 'short')
    await expectOneLine(['--role', 'reader'], /dev-auth-key does not contain a key: delete this file/)
    expect(await readFile(join(dataDir, 'dev-auth-key'), 'utf8')).toBe('short')
  })

  it('in a folder that can not be made is reported', async () => {
    await writeFile(join(dataDir, 'file'), '')
    await expectOneLine(['--role', 'reader'], /^DATA_DIR/, { DATA_DIR: join(dataDir, 'file', 'deeper') })
  })
})

async function viewerOf(stdout: string, env: Environment = {}) {
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const config = loadConfig({ DATA_DIR: dataDir, ...env })
  const verify = await createVerifier(config.auth, config.dataDir)
  return verify(`Bearer ${stdout.trim()}`)
}

async function expectOneLine(args: string[], message: RegExp, env: Environment = {}) {
  const { code, stdout, stderr } = await token(args, env)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(message)
  expect(stderr.trimEnd()).not.toContain('\n')
}

function token(args: string[], env: Environment = {}) {
  return run(process.execPath, ['src/cli/token.ts', ...args], env)
}

function run(program: string, args: string[], settings: Environment = {}) {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, NODE_NO_WARNINGS: '1', DATA_DIR: dataDir, ...settings }
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    execFile(program, args, { cwd: project, env }, (error, stdout, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr })
    })
  })
}
