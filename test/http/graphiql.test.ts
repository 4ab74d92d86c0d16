import { once } from 'node:events'
import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

const production = {
  NODE_ENV: 'production',
  AUTH_SECRET: 'a secret of more than thirty-two bytes',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'news',
}

/** Without the decompression that fetch does by itself. */
async function get(url: string | URL, headers: Record<string, string> = {}) {
  const [answer] = await once(request(url, { headers }).end(), 'response')
  const body = Buffer.concat(await answer.toArray())
  return { status: answer.statusCode, headers: answer.headers, body }
}

const html = { accept: 'text/html,*/*;q=0.8' }

test('GraphiQL is a small page and one compressed asset that browsers keep', async () => {
  await using app = await freshApp()
  const page = await get(app.url, html)
  expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(page.body.length).toBeLessThan(16 * 1024)
  const [, path = ''] = /<script src="([^"]+)">/.exec(String(page.body)) ?? []
  expect(path).toMatch(/^graphiql\/[0-9a-f]{16}\.js$/)
  const asset = new URL(path, app.url)

  const plain = await get(asset)
  const br = await get(asset, { 'accept-encoding': 'gzip, deflate, br' })
  const gzip = await get(asset, { 'accept-encoding': 'gzip;q=0.5, br;q=0' })
  for (const { status, headers } of [plain, br, gzip]) {
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
    })
  }
  expect([plain, br, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([
    undefined,
    'br',
    'gzip',
  ])
  expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
  expect(br.body.length).toBeLessThan(plain.body.length / 3)
  expect((await get(new URL('/graphiql/0000000000000000.js', app.url))).status).toBe(404)
})

test('loads of GraphiQL send no statements, but for one look at the newsroom in a while', async () => {
  let time = Date.now()
  const statements: string[] = []
  await using app = await freshApp({ onStatement: (sql) => statements.push(sql), now: () => new Date(time) })
  const { slug } = await addArticle(app.database.prisma)
  expect(String((await get(app.url, html)).body)).toContain(slug)
  // The gateway's own looks at the database go on meanwhile.
  const ofPages = () => statements.filter((sql) => sql.includes('"commentingOpen" = ')).length
  const before = ofPages()
  await Promise.all(Array.from({ length: 50 }, () => get(app.url, html)))
  expect(ofPages()).toBe(before)
  time += 10_000
  await get(app.url, html)
  expect(ofPages()).toBe(before + 1)
})

test('GraphiQL is off in production unless GRAPHIQL is on, and off in development when it is off', async () => {
  const servesPages = async (env: Record<string, string>) => {
    await using app = await freshApp({ env })
    const { headers, body } = await get(app.url, html)
    const isPage = headers['content-type']?.includes('html') ?? false
    expect(String(body).includes('graphiql')).toBe(isPage)
    return isPage
  }
  expect(await servesPages({})).toBe(true)
  expect(await servesPages({ GRAPHIQL: 'off' })).toBe(false)
  expect(await servesPages(production)).toBe(false)
  expect(await servesPages({ ...production, GRAPHIQL: 'on' })).toBe(true)
})

test('without the pages for readers, / leads to the desk below the path of PUBLIC_URL', async () => {
  await using plain = await freshApp({ env: { PAGES: 'off' } })
  await using below = await freshApp({ env: { PAGES: 'off', PUBLIC_URL: 'http://127.0.0.1/news/live/' } })
  const home = async (url: string) => (await get(new URL('/', url))).headers.location
  expect([await home(plain.url), await home(below.url)]).toEqual(['/desk', '/news/live/desk'])
})
