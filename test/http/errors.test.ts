import { buildSchema, execute, type GraphQLError, parse } from 'graphql'
import { expect, test } from 'vitest'
import { errorMask } from '../../src/http/errors.ts'

const schema = buildSchema(`
  interface Thing { name: String }
  type Query { list: [Int] thing: Thing at(n: Int!): Int }
`)

/** What a client is shown of the only failure of an operation, and what was written down of it. */
async function shown(query: string) {
  const logged: unknown[] = []
  const mask = errorMask({ error: (details) => logged.push(details) })
  const rootValue = { list: 5, thing: { name: 'none of a type that there is' } }
  const { errors } = await execute({ schema, document: parse(query), rootValue })
  expect(errors).toHaveLength(1)
  const { message, extensions } = mask(errors?.[0], 'Unexpected error.') as GraphQLError
  return { message, code: extensions.code, logged: logged.length }
}

test('what a resolver returned against the schema is our fault: written down, and not told', async () => {
  const told = { message: 'Unexpected error.', code: 'INTERNAL_SERVER_ERROR', logged: 1 }
  expect(await shown('{ list }')).toEqual(told)
  expect(await shown('{ thing { name } }')).toEqual(told)
})

test('an argument that does not fit is the fault of who asked, and told', async () => {
  const asked = { code: 'INVALID_INPUT', logged: 0 }
  expect(await shown('{ at }')).toMatchObject(asked)
  expect(await shown('{ at(n: "one") }')).toMatchObject(asked)
  expect(await shown('query ($n: Int) { at(n: $n) }')).toMatchObject(asked)
  expect(await shown('query ($n: Int!) { at(n: $n) }')).toMatchObject(asked)
})
