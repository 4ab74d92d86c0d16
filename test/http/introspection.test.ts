import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { connect, listen } from '../support/socket.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
})

afterAll(() => app.close())

/** How often the schema is walked while something is done. */
async function walksDuring(work: () => Promise<unknown>): Promise<number> {
  const walk = vi.spyOn(schema, 'getTypeMap')
  try {
    await work()
    return walk.mock.calls.length
  } finally {
    walk.mockRestore()
  }
}

test('the schema is read once, and answered from the same text from then on', async () => {
  const ask = () => app.post(getIntrospectionQuery())
  const first = await ask()
  expect(first.data.__schema.queryType.name).toBe('Query')
  const later: unknown[] = []
  const walks = await walksDuring(async () => {
    for (let i = 0; i < 20; i++) later.push(await ask())
  })
  expect(walks).toBe(0)
  for (const answer of later) expect(answer).toEqual(first)
})

test('other variables and other operations are other answers', async () => {
  const query = `query A($n: String!) { __type(name: $n) { name } } query B { __schema { queryType { name } } }`
  const ask = async (operationName: string, n?: string) => {
    const response = await fetch(app.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query, operationName, variables: n === undefined ? undefined : { n } }),
    })
    return response.json()
  }
  for (let i = 0; i < 2; i++) {
    expect(await ask('A', 'Article')).toEqual({ data: { __type: { name: 'Article' } } })
    expect(await ask('A', 'Person')).toEqual({ data: { __type: { name: 'Person' } } })
    expect(await ask('B')).toEqual({ data: { __schema: { queryType: { name: 'Query' } } } })
  }
})

test('what asks for anything else besides is never answered from an earlier answer', async () => {
  const query = '{ __schema { queryType { name } } viewer { displayName } }'
  const token = await app.token('reader', { name: 'Somebody' })
  expect((await app.ask(query, {}, token)).viewer.displayName).toBe('Somebody')
  expect((await app.ask(query)).viewer).toBeNull()
})

test('a token that is refused is refused here too', async () => {
  await app.ask('{ __schema { queryType { name } } }')
  const { errors } = await app.post('{ __schema { queryType { name } } }', {}, 'not.a.token')
  expect(errors).toMatchObject([{ extensions: { code: 'NOT_SIGNED_IN' } }])
})

test('a websocket is answered alike', async () => {
  const over = await app.ask('{ __schema { queryType { name } } }')
  for (let i = 0; i < 2; i++) {
    await using results = listen(connect(app.wsUrl), '{ __schema { queryType { name } } }')
    expect((await results.next()).data).toEqual(over)
  }
})
