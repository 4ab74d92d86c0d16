import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { freshSettings } from '../support/database.ts'
import { startGateway } from '../support/gateway.ts'

const production = {
  NODE_ENV: 'production',
  AUTH_SECRET: 'a secret of more than thirty-two bytes',
  AUTH_ISSUER: 'https://id.example',
  AUTH_AUDIENCE: 'news',
}

test('a gateway that was told to stop says 503 on /health/ready, serves on for DRAIN_DELAY, and ends with 0', {
  timeout: 120_000,
}, async () => {
  await using settings = await freshSettings()
  await using gateway = await startGateway({ ...settings.env, SAMPLE: 'off', DRAIN_DELAY: '3s' })
  const ready = async () => (await fetch(`${gateway.origin}/health/ready`)).status
  expect(await ready()).toBe(200)
  const stopped = gateway.stop()
  let status = 200
  while (status === 200) status = await ready()
  expect(status).toBe(503)
  // A new connection, as of a balancer that has not noticed yet.
  const answer = await fetch(`${gateway.origin}/graphql?query={__typename}`, {
    headers: { connection: 'close' },
  })
  expect(await answer.json()).toEqual({ data: { __typename: 'Query' } })
  expect(await stopped).toBe(0)
  await expect(ready()).rejects.toThrow()
})

test('DRAIN_DELAY is 5 s in production and 0 in development unless it is set', () => {
  expect(loadConfig({}).drainDelayMs).toBe(0)
  expect(loadConfig(production).drainDelayMs).toBe(5_000)
  expect(loadConfig({ ...production, DRAIN_DELAY: '0' }).drainDelayMs).toBe(0)
  expect(loadConfig({ DRAIN_DELAY: '1m' }).drainDelayMs).toBe(60_000)
  for (const wrong of ['5', '2h', '-1s', 'soon'])
    expect(() => loadConfig({ DRAIN_DELAY: wrong })).toThrow('DRAIN_DELAY')
})
