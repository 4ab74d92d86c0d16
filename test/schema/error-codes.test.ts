import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isEnumType, isInterfaceType } from 'graphql'
import { expect, test } from 'vitest'
import { errorCodes, untypedErrorCodes } from '../../src/base/error-codes.ts'
import { schema } from '../../src/schema/schema.ts'

const root = join(import.meta.dirname, '../..')

/** The rows of the table of error codes in docs/api.md. */
const rows = [
  ...readFileSync(join(root, 'docs/api.md'), 'utf8').matchAll(
    /^\| `([A-Z_]+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$/gm,
  ),
].map(([, code = '', where = '', meaning = '']) => ({ code, where, meaning }))

test('the table in the API guide has every code with its meaning', () => {
  const listed = Object.entries({ ...errorCodes, ...untypedErrorCodes })
  expect(Object.fromEntries(rows.map(({ code, meaning }) => [code, meaning]))).toEqual(
    Object.fromEntries(listed.map(([code, { description }]) => [code, description])),
  )
  expect(rows).toHaveLength(listed.length)
})

test('the table names the error types of each code that has some', () => {
  const named = rows.flatMap(({ code, where }) =>
    [...where.matchAll(/`([A-Z]\w+)`/g)].map(([, type]) => ({ code, type })),
  )
  expect(named.map(({ type }) => type).sort()).toEqual(errorTypes())
  expect([...new Set(named.map(({ code }) => code))].sort()).toEqual(Object.keys(errorCodes).sort())
})

test('the enum of the schema has the codes of the error types', () => {
  const type = schema.getType('ErrorCode')
  const values = isEnumType(type) ? type.getValues() : []
  expect(Object.fromEntries(values.map(({ name, description }) => [name, { description }]))).toEqual(
    errorCodes,
  )
})

/** The names of all types that implement Error. */
function errorTypes(): string[] {
  const type = schema.getType('Error')
  if (!isInterfaceType(type)) throw new Error('Error is an interface')
  return schema
    .getPossibleTypes(type)
    .map(({ name }) => name)
    .sort()
}
