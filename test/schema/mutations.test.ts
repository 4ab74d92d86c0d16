import {
  buildSchema,
  type GraphQLField,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'

/** The rules of docs/decisions/0024 that the mutations of a schema break, one line each. */
function brokenRules(schema: GraphQLSchema): string[] {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {})
  return mutations.flatMap((field) => [...inputProblems(field), ...resultProblems(field, schema)])
}

function inputProblems({ name, args }: GraphQLField<unknown, unknown>): string[] {
  const given = args.map((arg) => `${arg.name}: ${arg.type}`).join(', ')
  const wanted = `input: ${pascal(name)}Input!`
  return given === wanted ? [] : [`${name} takes (${given}), not (${wanted})`]
}

function resultProblems({ name, type }: GraphQLField<unknown, unknown>, schema: GraphQLSchema): string[] {
  const union = schema.getType(`${pascal(name)}Result`)
  if (!isUnionType(union) || String(type) !== `${union.name}!`)
    return [`${name} returns ${type}, not the union ${pascal(name)}Result!`]
  const payloads = union.getTypes().filter((member) => !isError(member))
  const given = payloads.map((member) => member.name).join(', ')
  return given === `${pascal(name)}Payload` ? [] : [`${union.name} has the payload ${given}`]
}

function isError(type: unknown): boolean {
  return isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'Error')
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

test('every mutation takes its input, and returns its payload or an error', () => {
  expect(Object.keys(schema.getMutationType()?.getFields() ?? {}).length).toBeGreaterThan(20)
  expect(brokenRules(schema)).toEqual([])
})

test('a mutation that breaks a rule is named with the rule', () => {
  const broken = buildSchema(`
    type Query { ok: Boolean }
    type Mutation {
      good(input: GoodInput!): GoodResult!
      addThing(name: String!): AddThingResult!
      dropThing(input: GoodInput!): DropThingResult!
      hideThing(input: HideThingInput): HideThingPayload!
    }
    input GoodInput { id: ID! }
    input HideThingInput { id: ID! }
    interface Error { message: String! }
    type NotFound implements Error { message: String! }
    type GoodPayload { ok: Boolean }
    type HideThingPayload { ok: Boolean }
    type Thing { ok: Boolean }
    union GoodResult = GoodPayload | NotFound
    union AddThingResult = Thing | NotFound
    union DropThingResult = GoodPayload | Thing | NotFound
  `)
  expect(brokenRules(broken)).toEqual([
    'addThing takes (name: String!), not (input: AddThingInput!)',
    'AddThingResult has the payload Thing',
    'dropThing takes (input: GoodInput!), not (input: DropThingInput!)',
    'DropThingResult has the payload GoodPayload, Thing',
    'hideThing takes (input: HideThingInput), not (input: HideThingInput!)',
    'hideThing returns HideThingPayload!, not the union HideThingResult!',
  ])
})

test('the payload of every mutation that changes one article has the same interface', () => {
  const edits = ['publish', 'update', 'correct', 'withhold', 'release', 'cancel', 'embargo']
  const payloads = [...edits.map((edit) => `${pascal(edit)}ArticlePayload`), 'SetCommentingPayload']
  const shared = schema.getType('ArticleEditPayload')
  const types = isInterfaceType(shared) ? schema.getPossibleTypes(shared) : []
  expect(types.map(({ name }) => name).sort()).toEqual(payloads.sort())
})
