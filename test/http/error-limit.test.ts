import { GraphQLError } from 'graphql'
import { createSchema, createYoga } from 'graphql-yoga'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { limitErrors } from '../../src/graphql/error-limit.ts'
import { errorMask } from '../../src/http/errors.ts'
import { useErrorLimit } from '../../src/http/graphql/error-limit.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { connect } from '../support/socket.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})
afterAll(() => app.close())

const failing = (count: number, alias: string) =>
  `{ ${Array.from({ length: count }, (_, i) => `${alias}${i}: node(id: "a") { id }`).join(' ')} }`

describe('the errors of one result', () => {
  test('are all returned while they are short', async () => {
    const { errors } = await app.post(failing(50, 'a'))
    expect(errors).toHaveLength(50)
  })

  test('are cut at about 16,000 characters, and the last one says how many are left out', async () => {
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify({ query: failing(190, 'a'.repeat(120)) }),
    })
    const text = await response.text()
    expect(text.length).toBeLessThan(64 * 1024)
    const { data, errors } = JSON.parse(text) as { data: object; errors: { message: string }[] }
    expect(Object.keys(data)).toHaveLength(190)
    expect(JSON.stringify(errors).length).toBeLessThan(20_000)
    expect(errors.at(-1)).toEqual({
      message: `${190 - (errors.length - 1)} more errors are not shown. Request less at once.`,
      extensions: { code: 'INVALID_INPUT' },
    })
  })

  test('are cut over a websocket too', async () => {
    const client = connect(app.wsUrl)
    const { value } = await client.iterate({ query: failing(190, 'a'.repeat(120)) }).next()
    await client.dispose()
    expect(JSON.stringify(value).length).toBeLessThan(64 * 1024)
    expect(value.errors.at(-1).message).toMatch(/^[0-9]+ more errors are not shown\./)
  })
})

test('unexpected errors that are left out are logged too, and the last error has their code', async () => {
  const logged: object[] = []
  const yoga = createYoga({
    schema: createSchema({
      typeDefs: 'type Query { broken: Int }',
      resolvers: {
        Query: {
          broken() {
            throw new Error('unexpected')
          },
        },
      },
    }),
    plugins: [useErrorLimit()],
    maskedErrors: { maskError: errorMask({ error: (details) => void logged.push(details) }) },
    logging: false,
  })
  const fields = Array.from({ length: 190 }, (_, i) => `${'a'.repeat(120)}${i}: broken`)
  const response = await yoga.fetch('http://localhost/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: `{ ${fields.join(' ')} }` }),
  })
  const { errors } = (await response.json()) as { errors: object[] }
  expect(errors.at(-1)).toEqual({
    message: `${190 - (errors.length - 1)} more errors are not shown. Request less at once.`,
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  })
  expect(logged).toHaveLength(190)
})

test('one error is returned however long it is', () => {
  const long = new GraphQLError('x'.repeat(20_000))
  expect(limitErrors([long])).toEqual([long])
  expect(limitErrors([long, long]).map(({ message }) => message.slice(0, 20))).toEqual([
    'x'.repeat(20),
    '1 more errors are no',
  ])
})
