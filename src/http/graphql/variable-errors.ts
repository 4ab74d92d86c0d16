import {
  GraphQLError,
  type GraphQLInputType,
  type GraphQLSchema,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  isScalarType,
  isSpecifiedScalarType,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql'
import { MAX_REQUEST_ERRORS } from '../../graphql/limits.ts'

/**
 * Errors of an operation's variables, at most a few. They name the path and type, and never repeat a value or
 * an unknown key.
 */
export function variableErrors(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
): GraphQLError[] {
  const errors: GraphQLError[] = []
  for (const definition of variableDefinitions) {
    const report = (path: string, problem: string) => {
      errors.push(invalid(definition, path, problem))
      return errors.length < MAX_REQUEST_ERRORS
    }
    const name = definition.variable.name.value
    const type = typeFromAST(schema, definition.type)
    if (!isInputType(type)) continue
    const value = Object.hasOwn(inputs, name) ? inputs[name] : undefined
    if (value === undefined && (definition.defaultValue || !isNonNullType(type))) continue
    if (!check(value, type, `$${name}`, report)) break
  }
  return errors
}

type Report = (path: string, problem: string) => boolean

/** @returns false when enough errors were reported */
function check(value: unknown, type: GraphQLInputType, path: string, report: Report): boolean {
  if (isNonNullType(type)) {
    return value == null
      ? report(path, `is required and of type "${type}".`)
      : check(value, type.ofType, path, report)
  }
  if (value == null) return true
  if (isListType(type)) {
    if (!Array.isArray(value)) return check(value, type.ofType, path, report)
    return value.every((item, i) => check(item, type.ofType, `${path}[${i}]`, report))
  }
  if (isInputObjectType(type)) {
    if (typeof value !== 'object' || Array.isArray(value)) {
      return report(path, `must be an object of type "${type}".`)
    }
    const fields = type.getFields()
    const unknown = Object.keys(value).some((key) => !Object.hasOwn(fields, key))
    if (unknown && !report(path, `has a field that the type "${type}" does not have.`)) return false
    if (type.isOneOf && Object.values(value).filter((inner) => inner != null).length !== 1) {
      return report(path, `must set exactly one of the fields of the type "${type}".`)
    }
    return Object.values(fields).every((field) => {
      const inner = (value as Record<string, unknown>)[field.name]
      if (inner === undefined && !isRequiredInputField(field)) return true
      return check(inner, field.type, `${path}.${field.name}`, report)
    })
  }
  try {
    if (type.coerceInputValue(value) !== undefined) return true
  } catch (error) {
    // The messages of GraphQL's built-in types repeat the value.
    const isUnshared = isScalarType(type) && !isSpecifiedScalarType(type)
    if (isUnshared && error instanceof GraphQLError) return report(path, `is invalid. ${error.message}`)
  }
  return report(path, `must be of type "${type}".`)
}

function invalid(definition: VariableDefinitionNode, path: string, problem: string): GraphQLError {
  return new GraphQLError(`Variable "${path}" ${problem}`, {
    nodes: definition,
    extensions: { code: 'INVALID_INPUT' },
  })
}
