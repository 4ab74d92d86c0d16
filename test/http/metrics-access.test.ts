import { once } from 'node:events'
import { createServer, Server } from 'node:net'
import { describe, expect, test, vi } from 'vitest'
import { freshApp } from '../support/app.ts'
import { freshSettings } from '../support/database.ts'
import { startInVain } from '../support/gateway.ts'

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

  test.each(['METRICS_PORT', 'PORT'])(
    'where %s is in use, the gateway ends with one line',
    async (setting) => {
      await using settings = await freshSettings()
      await using other = createServer().listen(0, '127.0.0.1')
      await once(other, 'listening')
      const { port } = other.address() as { port: number }
      const both = { METRICS_PORT: '0', HOST: '127.0.0.1', SAMPLE: 'off', [setting]: String(port) }
      const { code, stdout, stderr } = await startInVain({ ...settings.env, ...both })
      expect({ code, stdout, stderr }).toEqual({
        code: 1,
        stdout: '',
        stderr: `dateline: ${setting} ${port} is in use on 127.0.0.1: stop the other program, or set ${setting} to another port.\n`,
      })
    },
  )

  test('where METRICS_PORT is in use, the main port is not opened', async () => {
    await using other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const listening = vi.spyOn(Server.prototype, 'listen')
    await expect(freshApp({ env: { METRICS_PORT: String(port) } })).rejects.toThrow('is in use')
    const ports = listening.mock.calls.map(([first]) => first)
    listening.mockRestore()
    expect(ports).toEqual([port])
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
