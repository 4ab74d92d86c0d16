import {
  type GraphQLArgument,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql'

/** A field, argument or enum value. */
interface Element {
  readonly deprecationReason?: string | null | undefined
  readonly args?: readonly GraphQLArgument[]
}

/**
 * Tells which elements clients may rely on, because they are not marked as deprecated: neither they, nor what
 * contains them, nor every path to their type.
 * @returns a function of the path of an element, such as "Article.comments.first"; no path is the schema itself
 */
export function unmarkedElements(schema: GraphQLSchema): (path: string | undefined) => boolean {
  const types = reachableTypes(schema)
  return (path) => {
    if (path === undefined || path.startsWith('@')) return true
    const [typeName = '', memberName, argumentName] = path.split('.')
    if (!types.has(typeName)) return false
    const member = memberName === undefined ? null : memberOf(schema.getType(typeName), memberName)
    const argument = member?.args?.find(({ name }) => name === argumentName)
    return !isDeprecated(member) && !isDeprecated(argument)
  }
}

function memberOf(type: GraphQLNamedType | undefined, name: string): Element | null {
  if (isEnumType(type)) return type.getValue(name) ?? null
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    return type.getFields()[name] ?? null
  return null
}

function isDeprecated(element: Element | null | undefined): boolean {
  return element?.deprecationReason != null
}

/**
 * The types that a client can reach without a deprecated element. The implementations of Node do not count as
 * reachable by it: an id of an object comes from another field.
 */
function reachableTypes(schema: GraphQLSchema): ReadonlySet<string> {
  const reached = new Set<string>()
  const waiting: (GraphQLNamedType | null | undefined)[] = [
    schema.getQueryType(),
    schema.getMutationType(),
    schema.getSubscriptionType(),
  ]
  for (let type = waiting.pop(); waiting.length > 0 || type; type = waiting.pop()) {
    if (!type || reached.has(type.name)) continue
    reached.add(type.name)
    waiting.push(...neighbours(schema, type))
  }
  return reached
}

function neighbours(schema: GraphQLSchema, type: GraphQLNamedType): GraphQLNamedType[] {
  if (isUnionType(type)) return [...type.getTypes()]
  if (isInputObjectType(type)) return inUse(Object.values(type.getFields()))
  if (!isObjectType(type) && !isInterfaceType(type)) return []
  const fields = Object.values(type.getFields()).filter((field) => !isDeprecated(field))
  const implementations =
    isInterfaceType(type) && type.name !== 'Node' ? schema.getImplementations(type).objects : []
  return [
    ...type.getInterfaces(),
    ...implementations,
    ...fields.map((field) => getNamedType(field.type)),
    ...fields.flatMap(({ args }) => inUse(args)),
  ]
}

function inUse(inputs: readonly Pick<GraphQLArgument, 'type' | 'deprecationReason'>[]): GraphQLNamedType[] {
  return inputs.filter((input) => !isDeprecated(input)).map(({ type }) => getNamedType(type))
}
