import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getArgumentValues,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type VariableValues,
} from 'graphql'
import { ALIAS_COMPLEXITY } from '../../graphql/limits.ts'

export interface MeasureContext {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: VariableValues
  context: object
}

interface Selected {
  selections: SelectionSetNode
  type: GraphQLNamedType
  /** How often it is resolved at most: the product of the page sizes around it. */
  rows: number
}

interface SelectedField extends Omit<Selected, 'selections'> {
  node: FieldNode
}

/**
 * The complexity of aliases that select a field for the same rows with different arguments. Only the first of
 * them is loaded with the statement for the rows; each other one costs a statement per row.
 *
 * Expands all fragments: limit the breadth of the operation first.
 */
export function aliasComplexity(
  root: SelectionSetNode,
  type: GraphQLNamedType,
  context: MeasureContext,
): number {
  let complexity = 0
  // Root fields are always resolved separately, so selections below two of them do not conflict.
  const byKey = Map.groupBy(
    fieldsOf({ selections: root, type, rows: 1 }, context),
    ({ node }) => node.alias?.value ?? node.name.value,
  )
  for (const fields of byKey.values()) complexity += childComplexity(fields, context)
  return complexity
}

/** Groups the selections by field, whatever their aliases, because that is how they are loaded. */
function childComplexity(fields: SelectedField[], context: MeasureContext): number {
  const selected = fields.flatMap((field) => childrenOf(field, context))
  const byName = Map.groupBy(
    selected.flatMap((each) => fieldsOf(each, context)),
    ({ node }) => node.name.value,
  )
  let complexity = 0
  for (const same of byName.values()) {
    const [first, ...others] = same.map((field) => ({ rows: field.rows, args: argumentsOf(field, context) }))
    for (const { rows, args } of others) if (args !== first?.args) complexity += rows * ALIAS_COMPLEXITY
    complexity += childComplexity(same, context)
  }
  return complexity
}

function fieldsOf({ selections, type, rows }: Selected, context: MeasureContext): SelectedField[] {
  return selections.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ node: selection, type, rows }]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : context.fragments.get(selection.name.value)
    if (!fragment) return []
    const condition = fragment.typeCondition && context.schema.getType(fragment.typeCondition.name.value)
    return fieldsOf({ selections: fragment.selectionSet, type: condition ?? type, rows }, context)
  })
}

function childrenOf(field: SelectedField, context: MeasureContext): Selected[] {
  const definition = definitionOf(field)
  const selections = field.node.selectionSet
  if (!definition || !selections) return []
  const rows = field.rows * multiplierOf(definition, field.node, context)
  return [{ selections, type: getNamedType(definition.type), rows }]
}

/** A key that is equal for equal arguments, literal or in variables. */
function argumentsOf(field: SelectedField, { variables }: MeasureContext): string {
  const definition = definitionOf(field)
  return definition ? JSON.stringify(getArgumentValues(definition, field.node, variables)) : ''
}

/** Null for introspection fields, which cost no statement. */
function definitionOf({ node, type }: SelectedField): GraphQLField<unknown, unknown> | null {
  if (!isObjectType(type) && !isInterfaceType(type)) return null
  return type.getFields()[node.name.value] ?? null
}

type Cost = number | { multiplier?: number } | undefined

/** The multiplier of a field's complexity, evaluated as the complexity plugin does. */
function multiplierOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { variables, context }: MeasureContext,
): number {
  const declared = definition.extensions.complexity as Cost | ((args: object, context: object) => Cost)
  const cost =
    typeof declared === 'function'
      ? declared(getArgumentValues(definition, node, variables), context)
      : declared
  return typeof cost === 'object' ? (cost.multiplier ?? 1) : 1
}
