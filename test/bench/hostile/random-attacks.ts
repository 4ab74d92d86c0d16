import { type GraphQLInputObjectType, type GraphQLSchema, getNamedType, isInputObjectType } from 'graphql'
import { documents } from './documents.ts'
import { Random } from './random.ts'
import { mutated, RandomDocuments } from './random-documents.ts'
import { randomJson } from './random-json.ts'
import { BODY_BYTES, MESSAGE_BYTES, post } from './requests.ts'
import type { Attack } from './send.ts'

/** What a document, its variables and the JSON around them may take together. */
const room = (overWebsocket: boolean) => (overWebsocket ? MESSAGE_BYTES : BODY_BYTES) - 1_000

/** So many random operations, with the class that each belongs to; the seed decides all of them. */
export function* randomAttacks(
  schema: GraphQLSchema,
  count: number,
  seed: number,
): Generator<{ name: string; attack: Attack }> {
  for (let i = 0; i < count; i++) {
    // Each its own seed: one that is bad can be sent again alone.
    const random = new Random(seed * 1_000_003 + i)
    const overWebsocket = i % 3 === 2
    const [name, make] = random.pick(kinds)
    const { query, variables } = make(schema, random, overWebsocket)
    yield {
      name: `random ${name} over ${overWebsocket ? 'a websocket' : 'HTTP'}`,
      attack: overWebsocket ? message(query, variables) : fitted(query, variables),
    }
  }
}

interface Operation {
  query: string
  variables: string
}

type Make = (schema: GraphQLSchema, random: Random, overWebsocket: boolean) => Operation

const kinds: [string, Make][] = [
  ['documents', document],
  ['documents', document],
  ['changed documents', changed],
  ['changed documents', changed],
  ['variables', wild],
  ['variables', wild],
]

/** An operation that the schema allows. */
function document(schema: GraphQLSchema, random: Random, overWebsocket: boolean): Operation {
  const documentsOf = new RandomDocuments(schema, random)
  const queries = ['query', 'query', 'query', 'mutation'] as const
  return documentsOf.operation(room(overWebsocket), overWebsocket ? [...queries, 'subscription'] : queries)
}

/** A document, written by hand or random, with pieces of it changed. */
function changed(schema: GraphQLSchema, random: Random, overWebsocket: boolean): Operation {
  const { query, variables } = document(schema, random, overWebsocket)
  const text = random.chance(0.5) ? query : random.pick(Object.values(documents))
  // Quotes and line ends take two characters in JSON.
  return {
    query: mutated(random, text, room(overWebsocket) / 2),
    variables: text === query ? variables : '{}',
  }
}

/** Random JSON for an argument of some field, or for its fields. */
function wild(schema: GraphQLSchema, random: Random, overWebsocket: boolean): Operation {
  const { query, type } = random.pick(inputsOf(schema))
  const bytes = room(overWebsocket) - query.length - 500
  const fields = Object.keys(type.getFields()).filter(() => random.chance(0.7))
  const part = Math.floor(bytes / Math.max(1, fields.length)) - 30
  const inside = () => `{${fields.map((field) => `"${field}":${randomJson(random, part)}`).join(',')}}`
  const value = random.chance(0.6) ? inside() : randomJson(random, bytes)
  return { query, variables: random.chance(0.95) ? `{"v":${value}}` : value }
}

/** Operations of one field that take an input object as a variable. */
function inputsOf(schema: GraphQLSchema): { query: string; type: GraphQLInputObjectType }[] {
  return (['query', 'mutation'] as const).flatMap((kind) => {
    const fields = Object.values(schema.getRootType(kind as never)?.getFields() ?? {})
    return fields.flatMap((field) =>
      field.args.flatMap((argument) => {
        const type = getNamedType(argument.type)
        if (!isInputObjectType(type)) return []
        const operation = `${kind} ($v: ${argument.type}) { ${field.name}(${argument.name}: $v) { __typename } }`
        return [{ query: operation, type }]
      }),
    )
  })
}

function fitted(query: string, variables: string): Attack {
  const text = `{"query":${JSON.stringify(query)},"variables":${variables}}`
  if (Buffer.byteLength(text) <= BODY_BYTES) return post(text)
  return post(JSON.stringify({ query: query.slice(0, BODY_BYTES / 3) }))
}

function message(query: string, variables: string): Attack {
  const whole = `{"id":"1","type":"subscribe","payload":{"query":${JSON.stringify(query)},"variables":${variables}}}`
  if (Buffer.byteLength(whole) <= MESSAGE_BYTES) return { messages: [whole], streams: true }
  const text = JSON.stringify(query.slice(0, MESSAGE_BYTES / 3))
  return { messages: [`{"id":"1","type":"subscribe","payload":{"query":${text}}}`], streams: true }
}
