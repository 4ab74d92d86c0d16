import { once } from 'node:events'
import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})

afterAll(() => app.close())

describe('a Host header that is no host is the client’s mistake', () => {
  test.each(['][', 'a b', '%', 'a/b', 'a:99999', 'me@a'])('%s', async (host) => {
    for (const path of ['/graphql', '/health/live']) {
      expect((await ask(host, path)).status).toBe(400)
    }
  })

  test.each(['news.example', 'news.example:8443', '192.0.2.1', '[2001:db8::1]:80'])(
    'but %j is one',
    async (host) => {
      expect((await ask(host, '/graphql?query={viewer{role}}')).status).toBe(200)
    },
  )
})

describe('GraphiQL', () => {
  test.each(['localhost', 'LOCALHOST:4000', '127.0.0.1', '[::1]:4000'])(
    'carries tokens of a day when asked for as %s',
    async (host) => {
      const tokens = tokensIn((await ask(host, '/graphql')).body)
      expect(new Set(tokens.map((token) => decodeJwt(token).role))).toEqual(new Set(['reader', 'moderator']))
      for (const { exp = 0, iat = 0 } of tokens.map((token) => decodeJwt(token))) {
        expect(exp - iat).toBe(24 * 3600)
      }
    },
  )

  test.each(['news.example', 'localhost.example', '127.0.0.1.example:4000'])(
    'carries none when asked for as %j',
    async (host) => {
      const { status, body } = await ask(host, '/graphql')
      expect(status).toBe(200)
      expect(body).toContain('ModerationQueue')
      expect(tokensIn(body)).toEqual([])
    },
  )
})

test('only pictures have something under them', async () => {
  expect((await ask('localhost', '/metrics/')).status).toBe(404)
  expect((await ask('localhost', '/graphql/x')).status).toBe(404)
  expect((await ask('localhost', '/pictures/citadel.svg')).status).toBe(200)
})

async function ask(host: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const url = new URL(app.url)
  const accept = path.includes('?') ? 'application/json' : 'text/html'
  const request = get({ host: url.hostname, port: url.port, path, headers: { host, accept } })
  const [response] = await once(request, 'response')
  return { status: response.statusCode, body: await text(response) }
}

function tokensIn(page: string): string[] {
  return page.match(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g) ?? []
}
