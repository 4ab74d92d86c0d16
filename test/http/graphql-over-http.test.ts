import { serverAudits } from 'graphql-http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'

// The audits that the GraphQL-over-HTTP specification's reference implementation has for servers.
// What is optional in the specification is not optional here.

let app: TestApp
beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())

// The address is known only when the gateway listens, but tests must be named before.
const audits = serverAudits({ url: () => app.url })

test('there are 61 audits', () => {
  expect(audits).toHaveLength(61)
})

describe('GraphQL over HTTP', () => {
  test.each(audits)('$id: $name', async ({ fn }) => {
    const { status, ...result } = await fn()
    expect(status, 'reason' in result ? result.reason : '').toBe('ok')
  })
})
