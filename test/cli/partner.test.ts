import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../src/db/open.ts'
import { partnerWithKey } from '../../src/licensing/authenticate.ts'
import { freshSettings, type TestSettings } from '../support/database.ts'
import { startGateway } from '../support/gateway.ts'
import { addArticle } from '../support/newsroom.ts'
import { partnerCommand, shellWords } from '../support/partner-command.ts'
import { type Finished, runFile } from '../support/processes.ts'

const command = join(import.meta.dirname, '../../src/cli/partner.ts')
const SECRET = /^dl[kf]_[0-9a-f]{8}_[\w-]{43}$/m

let settings: TestSettings

function partner(...args: string[]): Promise<Finished> {
  return partnerCommand(args, settings.env)
}

/** Looks into the database between two runs of the command. */
function inDatabase<T>(work: (db: Database['prisma']) => Promise<T>): Promise<T> {
  return settings.inDatabase(({ prisma }) => work(prisma))
}

/** Whether a key is good now, for more than what a suspended partner must remove. */
function isGood(key: string): Promise<boolean> {
  const kind = key.startsWith('dlf') ? 'FEED' : 'FULL'
  return inDatabase((prisma) =>
    partnerWithKey(key, kind, { prisma, now: () => new Date() }).then(
      ({ isSuspended }) => !isSuspended,
      () => false,
    ),
  )
}

describe('npm run partner', { timeout: 90_000 }, () => {
  beforeEach(async () => {
    settings = await freshSettings()
  })
  afterEach(() => settings.remove())

  test('adds a partner, shows it, and prints its key once', async () => {
    const licence = ['--topics', '*', '--sections', '*', '--languages', 'en, CKB', '--agencies', 'AFP']
    const terms = ['--full-text', 'yes', '--until', '2030-01-31', '--retention-days', '30']
    const words = ['add', 'wire', '--name', 'Wire Service', '--per-day', '500', ...licence, ...terms]
    // In a process of its own, as administrators run it; the other tests save its start.
    const added = await runFile(command, words, settings.env)
    expect(added).toMatchObject({ code: 0, stderr: '' })
    expect(added.stdout).toContain('will not be shown again')
    const [key = ''] = SECRET.exec(added.stdout) ?? []
    expect(await isGood(key)).toBe(true)

    const shown = await partner('show', 'wire', '--json')
    expect(JSON.parse(shown.stdout)).toMatchObject({
      slug: 'wire',
      name: 'Wire Service',
      suspendedAt: null,
      quotaPerMinute: 60,
      quotaPerDay: 500,
      licence: {
        topics: ['*'],
        languages: ['en', 'ckb'],
        agencies: ['AFP'],
        fullText: true,
        quotations: false,
        validUntil: '2030-01-31T00:00:00.000Z',
        retentionDays: 30,
      },
      licenceHistory: [{ version: 1, admin: 'command line' }],
      keys: [{ prefix: key.slice(0, 12), kind: 'FULL', expiresAt: null }],
      usage: { minute: 0, day: 0 },
    })
    const asText = await partner('show', 'wire')
    expect(asText.stdout).toContain('languages: en, ckb')
    for (const { stdout } of [shown, asText]) {
      expect(stdout).not.toContain(key.slice(13))
      expect(stdout).not.toMatch(/[0-9a-f]{64}/)
    }
  })

  test('rotates keys with an overlap, or none, and makes keys for feeds', async () => {
    const [first = ''] = SECRET.exec((await partner('add', 'wire', '--name', 'Wire')).stdout) ?? []
    const rotated = await partner('rotate', 'wire')
    expect(rotated.stdout).toMatch(/expire at \d{4}-/)
    const [second = ''] = SECRET.exec(rotated.stdout) ?? []
    expect([await isGood(first), await isGood(second)]).toEqual([true, true])
    const [third = ''] = SECRET.exec((await partner('rotate', 'wire', '--overlap', '0')).stdout) ?? []
    expect([await isGood(first), await isGood(second), await isGood(third)]).toEqual([false, false, true])
    const [feed = ''] = SECRET.exec((await partner('rotate', 'wire', '--kind', 'feed')).stdout) ?? []
    expect(feed).toMatch(/^dlf_/)
    expect([await isGood(feed), await isGood(third)]).toEqual([true, true])
  })

  test('lists, suspends, reinstates, and changes licence and quota', async () => {
    expect((await partner('list')).stdout).toContain('There are no partners')
    const [key = ''] = SECRET.exec((await partner('add', 'wire', '--name', 'Wire')).stdout) ?? []
    expect(await partner('suspend', 'wire')).toMatchObject({ code: 0 })
    expect(await isGood(key)).toBe(false)
    expect((await partner('list')).stdout).toMatch(/^wire +Wire \(suspended since /)
    expect(await partner('reinstate', 'wire')).toMatchObject({ code: 0 })
    expect(await isGood(key)).toBe(true)
    const changed = await partner(
      'licence',
      'wire',
      '--agencies',
      'AFP,Getty Images',
      '--attribution',
      'From us',
    )
    const covered =
      'The licence covers 0 articles and 0 images now.\n' +
      'Warning: No image names the agency "AFP".\nWarning: No image names the agency "Getty Images".\n'
    expect(changed.stdout).toBe(`The licence of wire is at version 2.\n${covered}`)
    const again = await partner('licence', 'wire', '--attribution', 'From us')
    expect(again.stdout).toBe(`The licence of wire is unchanged (version 2).\n${covered}`)
    expect((await partner('quota', 'wire', '--per-minute', '5')).stdout).toContain('5 requests a minute')
    const [line = ''] = (await partner('list', '--json')).stdout.split('\n')
    expect(JSON.parse(line)).toMatchObject({ slug: 'wire', suspendedAt: null, quotaPerMinute: 5 })
    expect(line).not.toContain('"id"')
  })

  test('tells what a licence covers now, and at which entries nothing is', async () => {
    const words = ['--topics', '*', '--sections', '*', '--languages', 'en,de', '--agencies', 'AFP,Reutres']
    await inDatabase(async (prisma) => {
      const image = (name: string, agency: string) => ({
        url: `https://pictures.example/${name}.jpg`,
        agency,
      })
      const leadImage = image('one', 'AFP')
      const inBody = (name: string, agency: string) => ({
        kind: 'IMAGE' as const,
        image: image(name, agency),
      })
      await addArticle(prisma, { language: 'en', leadImage, blocks: [inBody('two', 'AFP')] })
      await addArticle(prisma, { language: 'ckb', leadImage, blocks: [inBody('other', 'Reuters')] })
    })
    const covered =
      'The licence covers 1 article and 1 image now.\n' +
      'Warning: No article is in the language "de".\nWarning: No image names the agency "Reutres".\n'
    const added = await partner('add', 'wire', '--name', 'Wire', ...words)
    expect(added.stdout).toContain(`Added wire.\n${covered}`)
    const { stdout } = await partner('licence', 'wire', '--languages', 'en,ckb', '--full-text', 'yes')
    expect(stdout).toBe(
      'The licence of wire is at version 2.\nThe licence covers 2 articles and 2 images now.\n' +
        'Warning: No image names the agency "Reutres".\n',
    )
    const ended = await partner('licence', 'wire', '--until', '2026-01-01')
    expect(ended.stdout).toContain('The licence is not in force now: it covers nothing.\n')
  })

  test('shows the latest deliveries first, and at most as many as asked for', async () => {
    await partner('add', 'wire', '--name', 'Wire')
    const slugs = await inDatabase(async (prisma) => {
      const { id: partnerId } = await prisma.partner.findUniqueOrThrow({ where: { slug: 'wire' } })
      const articles = [await addArticle(prisma), await addArticle(prisma), await addArticle(prisma)]
      for (const [i, { key: articleId }] of articles.entries()) {
        const at = new Date(Date.UTC(2026, 0, 1 + i))
        const when = { firstAt: at, lastAt: at, times: 1 }
        await prisma.delivery.create({
          data: { partnerId, articleId, version: 1, kind: 'ARTICLE', via: 'REST', ...when },
        })
      }
      return articles.map(({ slug }) => slug)
    })
    const stories = ({ stdout }: Finished) =>
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).article)
    expect(stories(await partner('ledger', '--json'))).toEqual(slugs.toReversed())
    expect(stories(await partner('ledger', '--last', '1', '--json'))).toEqual(slugs.slice(-1))
  })

  test.each([
    [['add', 'wire', '--name', 'Wire', '--topics', 'nowhere'], 'There is no topic "nowhere"'],
    [['show', 'nobody'], 'The partner "nobody" does not exist'],
  ])('refuses %j in one clear line', async (args, words) => {
    expect(await partner(...args)).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining(words) })
  })

  test('does what docs/partners.md says', async () => {
    await inDatabase((prisma) =>
      prisma.topic.createMany({ data: ['world', 'climate'].map((slug) => ({ slug, label: slug })) }),
    )
    const page = await readFile(join(import.meta.dirname, '../../docs/partners.md'), 'utf8')
    const scripts = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, script = '']) => script)
    expect(scripts.length).toBeGreaterThan(3)
    for (const line of scripts.join('').trim().split('\n')) {
      expect(line).toMatch(/^npm run partner -- /)
      const [, , , , ...args] = shellWords(line)
      expect(await partner(...args), line).toMatchObject({ code: 0, stderr: '' })
    }
    const shown = JSON.parse((await partner('show', 'example-wire', '--json')).stdout)
    expect(shown).toMatchObject({ suspendedAt: null, quotaPerMinute: 120, licence: { version: 2 } })
    expect(shown.keys).toHaveLength(3)
  })

  test('says what to do while a gateway holds the embedded database', async () => {
    if (settings.env.DATABASE_URL) return
    await using gateway = await startGateway({ ...settings.env, SAMPLE: 'off' })
    const { code, stderr } = await partner('list')
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^A gateway is using the embedded database\. .*GraphQL mutations and queries.*stop the gateway.*\n$/,
    )
    expect(gateway.pid).toBeGreaterThan(0)
  })
})

/** What needs no database opens none. */
describe('npm run partner, without a database', () => {
  const env = { DATABASE_URL: 'postgres://127.0.0.1:1/nothing' }
  const run = (...args: string[]) => partnerCommand(args, env)

  test('explains itself', async () => {
    const help = await runFile(command, ['--help'], env)
    expect(help).toMatchObject({ code: 0, stderr: '' })
    for (const name of ['add', 'list', 'show', 'licence', 'rotate', 'suspend']) {
      expect(help.stdout).toMatch(new RegExp(`^  ${name} +\\w`, 'm'))
    }
    expect((await run('add', '--help')).stdout).toContain('npm run partner -- add SLUG --name NAME')
  })

  test.each([
    [[], 'Usage'],
    [['frobnicate'], 'The command "frobnicate" does not exist'],
    [['add', 'wire'], '--name'],
    [['add', 'wire', '--name', 'Wire', '--full-text', 'maybe'], '--full-text must be yes or no'],
    [['add', 'wire', '--name', 'Wire', '--from', 'tomorrow'], '--from'],
    [['rotate', 'wire', '--overlap', 'soon'], '--overlap'],
    [['licence', 'wire'], 'Give at least one licence option'],
    [['suspend', 'wire', '--now'], '--now'],
  ])('refuses %j', async (args, words) => {
    const { code, stdout, stderr } = await run(...args)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toMatch(/\n {4}at /)
  })
})
