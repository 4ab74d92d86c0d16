import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshSettings } from '../support/database.ts'
import { type Gateway, startGateway, startInVain } from '../support/gateway.ts'
import type { Json } from '../support/json.ts'
import { killAgainAndAgain } from '../support/kills.ts'

const run = promisify(execFile)
const onServer = Boolean(process.env.DATABASE_URL)
const pictures = join(import.meta.dirname, '../../src/sample/pictures')

/** A newsroom that nobody has started yet: an empty folder, or an empty database on the server. */
async function newNewsroom() {
  if (onServer) {
    const settings = await freshSettings()
    return { env: { ...settings.env, SAMPLE: 'on' }, remove: settings.remove }
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-start-'))
  return { env: { DATA_DIR: dataDir }, remove: () => rm(dataDir, { recursive: true, force: true }) }
}

describe('a gateway started for the first time', { timeout: 120_000 }, () => {
  let newsroom: Awaited<ReturnType<typeof newNewsroom>>
  let gateway: Gateway

  beforeAll(async () => {
    newsroom = await newNewsroom()
    gateway = await startGateway(newsroom.env)
  }, 120_000)
  afterAll(async () => {
    await gateway?.kill()
    await newsroom?.remove()
  })

  test('serves the sample newsroom', async () => {
    const { articles } = await gateway.ask('{ articles(first: 50) { edges { node { headline language } } } }')
    expect(articles.edges.length).toBeGreaterThanOrEqual(12)
    const languages = new Set(articles.edges.map(({ node }: Json) => node.language))
    for (const language of ['en', 'ar', 'ckb', 'tr']) expect(languages).toContain(language)
  })

  test.skipIf(onServer)('says at once that it creates the database', () => {
    const [first] = gateway.screen.split('\n')
    expect(first).toBe(`Creating the database in ${newsroom.env.DATA_DIR}. This can take a minute.`)
  })

  test('shows the addresses of the newsroom, a story and the desk, which open', async () => {
    const address = (label: string) => new RegExp(`^ +${label} +(\\S+)$`, 'm').exec(gateway.screen)?.[1] ?? ''
    expect(address('Newsroom')).toBe(`${gateway.origin}/`)
    expect(address('Desk')).toBe(`${gateway.origin}/desk`)
    for (const label of ['Newsroom', 'A story', 'Desk']) {
      const page = await fetch(address(label))
      expect([label, page.status, page.headers.get('content-type')]).toEqual([
        label,
        200,
        'text/html; charset=utf-8',
      ])
      expect(await page.text()).not.toContain('graphiql')
    }
    const slug = address('A story').split('/').at(-1)
    const { article } = await gateway.ask(`{ article(slug: "${slug}") { commentCount commentingOpen } }`)
    expect(article).toEqual({ commentCount: 13, commentingOpen: true })
  })

  test('says that GraphiQL opens at the address of the API', async () => {
    expect(gateway.screen).toContain('In a browser, this address opens GraphiQL.')
    const page = await fetch(`${gateway.origin}/graphql`, { headers: { accept: 'text/html' } })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('<title>Dateline</title>')
  })

  test('shows a curl line that answers as it stands', async (context) => {
    if (!(await hasCurl())) context.skip('curl is not installed')
    const line = /^ +Try +(curl .+?)\n +Tokens/ms.exec(gateway.screen)?.[1] as string
    const { stdout } = await run('sh', ['-c', line])
    expect(JSON.parse(stdout).data.article).toMatchObject({
      headline: expect.stringMatching(/\S/),
      commentCount: expect.any(Number),
    })
  })

  test('says that it is live and ready, and gives its figures', async () => {
    for (const [path, text] of [
      ['/health/live', 'live\n'],
      ['/health/ready', 'ready\n'],
    ]) {
      const answer = await fetch(gateway.origin + path)
      expect([answer.status, await answer.text()]).toEqual([200, text])
    }
    const figures = await (await fetch(`${gateway.origin}/metrics`)).text()
    expect(figures).toMatch(/^dateline_sockets 0$/m)
    expect(figures).toMatch(/^process_cpu_seconds_total /m)
  })

  test('serves the pictures of its stories as pictures', async () => {
    const { articles } = await gateway.ask('{ articles(first: 50) { edges { node { leadImage { url } } } } }')
    const urls = articles.edges.flatMap(({ node }: Json) => node.leadImage?.url ?? [])
    expect(urls.length).toBeGreaterThan(0)
    for (const url of urls) {
      const answer = await fetch(new URL(url, gateway.origin))
      expect([url, answer.status, answer.headers.get('content-type')]).toEqual([
        url,
        200,
        'image/svg+xml; charset=utf-8',
      ])
      expect(await answer.text()).toBe(await readFile(join(pictures, url.split('/').at(-1)), 'utf8'))
    }
  })

  test.each([
    '/pictures/',
    '/pictures/none.svg',
    '/pictures/..%2fload.ts',
    '/pictures/%2e%2e/load.ts',
    '/pictures/../load.ts',
  ])('serves no other file: %s', async (path) => {
    expect((await fetch(gateway.origin + path)).status).toBe(404)
  })

  // With DATABASE_URL any number of gateways may share the newsroom.
  test.skipIf(onServer)('keeps its folder: a second process is refused, and it goes on', async () => {
    const line = await refusal(newsroom.env)
    expect(line).toContain(newsroom.env.DATA_DIR)
    expect(line).toContain(`process ${gateway.pid}`)
    expect(line).toContain('set DATA_DIR')
    expect((await gateway.ask('{ guidelines { code } }')).guidelines).not.toHaveLength(0)
  })

  // The last one: it stops the gateway of the others.
  test('stops with exit code 0 at SIGTERM, and starts again with what it had', async () => {
    const everything = '{ articles(first: 50) { edges { node { id version commentCount } } } }'
    const before = await gateway.ask(everything)
    expect(await gateway.stop()).toBe(0)
    expect(gateway.stderr()).not.toMatch(/^ +at /m)

    const env = onServer ? { ...newsroom.env, SAMPLE: undefined } : newsroom.env
    await using again = await startGateway(env)
    expect(await again.ask(everything)).toEqual(before)
    expect(again.stderr()).toBe('')
  })
})

test('SAMPLE=off starts an empty newsroom', { timeout: 120_000 }, async () => {
  const newsroom = await newNewsroom()
  const gateway = await startGateway({ ...newsroom.env, SAMPLE: 'off' })
  const { articles } = await gateway.ask('{ articles { edges { node { id } } } }')
  expect(articles.edges).toEqual([])
  await gateway.kill()
  await newsroom.remove()
})

describe('a setting that is wrong ends the start with one line that names it', { timeout: 60_000 }, () => {
  let dataDir: string
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'dateline-start-'))
  })
  afterAll(() => rm(dataDir, { recursive: true, force: true }))

  test.each<[string, Record<string, string>, RegExp]>([
    ['PORT is no number', { PORT: 'http' }, /PORT/],
    ['DATABASE_URL is no address', { DATABASE_URL: 'localhost/news' }, /DATABASE_URL/],
    [
      'no server listens at DATABASE_URL',
      { DATABASE_URL: 'postgres://somebody:pa55word@127.0.0.1:1/news' },
      /DATABASE_URL.*127\.0\.0\.1:1/,
    ],
    ['production has no keys', { NODE_ENV: 'production' }, /AUTH_JWKS_URL or AUTH_SECRET.*AUTH_ISSUER/],
    ['other machines can connect and there are no keys', { HOST: '0.0.0.0' }, /AUTH_JWKS_URL or AUTH_SECRET/],
  ])('%s', async (_case, env, named) => {
    const line = await refusal({ DATA_DIR: dataDir, ...env })
    expect(line).toMatch(named)
    expect(line).not.toContain('pa55word')
  })

  test('DATA_DIR is a file', async () => {
    const file = join(dataDir, 'file')
    await writeFile(file, '')
    const line = await refusal({ DATA_DIR: file })
    expect(line).toContain('DATA_DIR')
    expect(line).toContain(file)
  })

  test('a manifest has a document that is not valid: no database is created', async () => {
    const file = join(dataDir, 'manifest.json')
    await writeFile(file, '{ "page": "{ none }" }')
    const folder = join(dataDir, 'not-created')
    const line = await refusal({ DATA_DIR: folder, PERSISTED_DOCUMENTS: file })
    expect(line).toMatch(/PERSISTED_DOCUMENTS: entry "page" of manifest\.json is not valid: .*"none"/)
    await expect(readdir(folder)).rejects.toThrow('ENOENT')
  })

  test('PORT is in use', async () => {
    await using settings = await freshSettings()
    await using other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as { port: number }
    expect(await refusal({ ...settings.env, PORT: String(port) })).toMatch(
      new RegExp(`PORT ${port} is in use.*set PORT`),
    )
  })
})

// PostgreSQL's own durability is not ours to test.
test.skipIf(onServer)(
  'kill -9 in the middle of writing, again and again, loses nothing that was acknowledged',
  { timeout: 600_000 },
  async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'dateline-start-'))
    const { lost, approved, positions, feedPosition, commentCount } = await killAgainAndAgain(dataDir, 3)
    expect(lost).toEqual([])
    expect(approved).toBeGreaterThan(0)
    expect(positions).toEqual(Array.from({ length: feedPosition }, (_, index) => index + 1))
    expect(commentCount).toBe(feedPosition)
    await rm(dataDir, { recursive: true, force: true })
  },
)

/** The line with which a start was refused: alone on standard error, with exit code 1. */
async function refusal(env: Record<string, string | undefined>): Promise<string> {
  const { code, stdout, stderr } = await startInVain(env)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr.trimEnd().split('\n')).toHaveLength(1)
  return stderr
}

async function hasCurl(): Promise<boolean> {
  return run('curl', ['--version']).then(
    () => true,
    () => false,
  )
}
