import {
  type GraphQLField,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isRequiredArgument,
} from 'graphql'
import { schema } from '../../src/schema/schema.ts'

// Writes queries that walk the schema: all plain fields of whatever they meet, along any path.

/** How the fields of a type lead on: "body { ... on Paragraph" is one step, "comments { edges { node" another. */
export interface Step {
  /** The text before the fields of the type that it leads to, and the braces that close it. */
  open: string
  close: string
  to: GraphQLObjectType
}

/** The steps from a type. `first` is the size of the pages on the way. */
export function stepsFrom(type: GraphQLObjectType, first: number): Step[] {
  return Object.values(type.getFields()).flatMap((field) =>
    isCompositeType(getNamedType(field.type)) ? stepsThrough(field, first) : [],
  )
}

/** The same for one field, with arguments of its own. */
export function stepsThrough(field: GraphQLField<unknown, unknown>, first: number, given?: string): Step[] {
  const args = given ?? argumentsOf(field, first)
  const page = field.type instanceof GraphQLNonNull ? connected(field.type.ofType) : undefined
  const target = page?.node ?? getNamedType(field.type)
  const total = page?.hasTotal ? 'totalCount ' : ''
  const open = page ? `{ ${total}${PAGE_INFO} edges { cursor node { ` : '{ '
  const close = page ? ' } } }' : ' }'
  return objectsOf(target).map((to) => ({
    open: `${field.name}${args} ${open}${isAbstractType(target) ? `... on ${to.name} { ` : ''}`,
    close: isAbstractType(target) ? ` }${close}` : close,
    to,
  }))
}

/** All walks of so many steps from a type. */
export function walks(from: GraphQLObjectType, steps: number): Step[][] {
  if (steps === 0) return [[]]
  const onward = stepsFrom(from, 3)
  if (onward.length === 0) return [[]]
  return onward.flatMap((step) => walks(step.to, steps - 1).map((rest) => [step, ...rest]))
}

/** How many levels of nesting a walk has. */
export function depthOf(path: Step[]): number {
  return path.reduce((depth, { open }) => depth + (open.match(/\{/g)?.length ?? 0), 0)
}

/** A selection that follows the steps, taking every plain field on the way. */
export function follow(steps: Step[]): string {
  const [step, ...rest] = steps
  if (!step) return ''
  return `${step.open}${plainFields(step.to)} ${follow(rest)}${step.close}`
}

/** The names of all fields that need neither a selection nor an argument, __typename first. */
function plainFields(type: GraphQLObjectType): string {
  const plain = Object.values(type.getFields()).filter(
    (field) => !isCompositeType(getNamedType(field.type)) && !field.args.some(isRequiredArgument),
  )
  return ['__typename', ...plain.map(({ name }) => name)].join(' ')
}

const PAGE_INFO = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }'

/** The type of a connection's items; undefined for a type that is no connection. */
function connected(type: unknown): { node: GraphQLNamedType; hasTotal: boolean } | undefined {
  if (!isObjectType(type) || !type.name.endsWith('Connection')) return undefined
  const fields = type.getFields()
  const edge = getNamedType(fields.edges!.type) as GraphQLObjectType
  return { node: getNamedType(edge.getFields().node!.type), hasTotal: 'totalCount' in fields }
}

function objectsOf(type: GraphQLNamedType): GraphQLObjectType[] {
  if (isObjectType(type)) return [type]
  return isAbstractType(type) ? [...schema.getPossibleTypes(type)] : []
}

function argumentsOf({ args }: GraphQLField<unknown, unknown>, first: number): string {
  const names = new Set(args.map(({ name }) => name))
  if (names.has('first')) return `(first: ${first})`
  if (names.has('version')) return '(version: 1)'
  return names.has('namedIn') ? '(namedIn: [ARTICLE, CAPTION, CREDIT, BYLINE])' : ''
}
