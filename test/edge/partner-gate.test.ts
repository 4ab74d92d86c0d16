import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { openStream } from '../support/event-stream.ts'
import { addArticle, globalId } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// A story as readers see it has every picture, so a partner gets at nothing but what was made for partners.
// Who adds a root field that answers partners must mark it FOR_PARTNERS, and say so here.

const FOR_PARTNERS = {
  query: ['changes', 'licensedArticle', 'licensedArticleResult', 'viewerPartner', 'removals'],
  mutation: ['acknowledge'],
  subscription: ['changes'],
} as const

const NO_ID = globalId('Article', crypto.randomUUID())

let app: TestApp
let key: string

beforeAll(async () => {
  app = await freshApp()
  await addArticle(app.database.prisma)
  key = (await addPartner(app.database.prisma, { quotaPerMinute: 1_000 })).key
})

afterAll(() => app.close())

type Operation = keyof typeof FOR_PARTNERS
type Field = GraphQLField<unknown, unknown>

const fields = (['query', 'mutation', 'subscription'] as const).flatMap((operation) =>
  Object.values(schema.getRootType(operation as never)?.getFields() ?? {}).map(
    (field) => [operation, field.name, field] as const,
  ),
)

test.each(fields)('%s %s answers partners only if it is made for them', async (operation, name, field) => {
  const isMade = FOR_PARTNERS[operation].some((each) => each === name)
  expect(field.extensions.forPartners === true).toBe(isMade)
  expect(await isRefused(operation, field)).toBe(!isMade)
})

/** Whether a partner who asks for the field is told that it is not for partners. */
async function isRefused(operation: Operation, field: Field): Promise<boolean> {
  const query = `${operation} { ${field.name}${given(field.args)}${selection(field.type)} }`
  if (operation === 'subscription') {
    await using stream = await openStream(app.url, query, {}, key)
    if (field.name === 'changes' && stream.status === 200) return false
    const { value } = await stream.events.next()
    return isGateRefusal(JSON.stringify(value), field.name)
  }
  const { errors, data } = await app.post(query, {}, key)
  return isGateRefusal(JSON.stringify([errors, data]), field.name)
}

function isGateRefusal(answer: string, name: string): boolean {
  return answer.includes(`\\"${name}\\" is not available to partners`)
}

function selection(type: GraphQLOutputType): string {
  const named = getNamedType(type)
  if (!isCompositeType(named)) return ''
  return named.name.endsWith('Result') ? ' { __typename ... on Error { message } }' : ' { __typename }'
}

/** The arguments that the field must have, with any value that fits. */
function given(args: readonly GraphQLArgument[]): string {
  const required = args.filter(({ type }) => isNonNullType(type))
  if (required.length === 0) return ''
  return `(${required.map(({ name, type }) => `${name}: ${sample(type)}`).join(', ')})`
}

function sample(type: GraphQLInputType): string {
  if (isNonNullType(type)) return sample(type.ofType)
  if (isListType(type)) return '[]'
  if (isEnumType(type)) return type.getValues()[0]?.name ?? ''
  if (isInputObjectType(type)) {
    const inner = Object.values(type.getFields()).filter((field) => isNonNullType(field.type))
    return `{ ${inner.map((field) => `${field.name}: ${sample(field.type)}`).join(', ')} }`
  }
  const samples: Record<string, string> = {
    ID: `"${NO_ID}"`,
    String: '"text"',
    Int: '1',
    Float: '1',
    Boolean: 'true',
    DateTime: '"2026-01-01T00:00:00Z"',
  }
  return samples[type.name] ?? '""'
}
