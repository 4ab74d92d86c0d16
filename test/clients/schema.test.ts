import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'

test('everything in the schema has a description', () => {
  const ours = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  )
  expect(ours.length).toBeGreaterThan(50)
  expect(ours.flatMap(undescribed)).toEqual([])
})

interface Described {
  name: string
  description?: string | null
  args?: readonly Described[]
}

/** What lacks a description in a type, itself included: "Type", "Type.field", "Type.field(argument)". */
function undescribed(type: GraphQLNamedType): string[] {
  const missing = type.description ? [] : [type.name]
  for (const { name, description, args = [] } of membersOf(type)) {
    if (!description) missing.push(`${type.name}.${name}`)
    for (const argument of args) {
      if (!argument.description) missing.push(`${type.name}.${name}(${argument.name})`)
    }
  }
  return missing
}

function membersOf(type: GraphQLNamedType): readonly Described[] {
  if (isEnumType(type)) return type.getValues()
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return Object.values(type.getFields())
  return []
}
