import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'

const production = {
  NODE_ENV: 'production',
  AUTH_SECRET: 'a secret of more than thirty-two bytes',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'news',
}
const token = 'a-token-for-prometheus'

async function statuses(url: string, ...authorizations: (string | undefined)[]): Promise<number[]> {
  const answers = authorizations.map((authorization) =>
    fetch(new URL('/metrics', url), { headers: authorization ? { authorization } : {} }),
  )
  return (await Promise.all(answers)).map(({ status }) => status)
}

describe('/metrics', () => {
  test('answers everybody in development', async () => {
    await using app = await freshApp()
    expect(await statuses(app.url, undefined)).toEqual([200])
  })

  test('answers nobody in production', async () => {
    await using app = await freshApp({ env: production })
    expect(await statuses(app.url, undefined, `Bearer ${token}`)).toEqual([404, 404])
  })

  test.each([{}, production])('answers only the bearer of METRICS_TOKEN where that is set', async (env) => {
    await using app = await freshApp({ env: { ...env, METRICS_TOKEN: token } })
    expect(
      await statuses(app.url, undefined, 'Bearer something-else', `Basic ${token}`, `bearer ${token}`),
    ).toEqual([401, 401, 401, 200])
  })

  test('answers on METRICS_PORT, at which nothing else is, until the gateway closes', async () => {
    const port = await freePort()
    const app = await freshApp({ env: { ...production, METRICS_PORT: String(port) } })
    const there = `http://127.0.0.1:${port}`
    expect(await statuses(app.url, undefined)).toEqual([404])
    const answer = await fetch(`${there}/metrics`)
    expect(await answer.text()).toMatch(/^dateline_sockets 0$/m)
    expect((await fetch(`${there}/graphql`)).status).toBe(404)
    await app.close()
    await expect(fetch(`${there}/metrics`)).rejects.toThrow()
  })

  test('keeps the gateway from starting where METRICS_PORT is in use', async () => {
    await using other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    await expect(freshApp({ env: { METRICS_PORT: String(port) } })).rejects.toThrow(
      `METRICS_PORT ${port} is in use`,
    )
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
