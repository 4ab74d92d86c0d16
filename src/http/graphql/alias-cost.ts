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

export interface Measured {
  schema: GraphQLSchema
  fragments: ReadonlyMap<string, FragmentDefinitionNode>
  variables: VariableValues
  context: object
}

interface Asked {
  selections: SelectionSetNode
  type: GraphQLNamedType
  /** How often it may be asked: the page sizes of the lists around it, multiplied. */
  rows: number
}

interface AskedField extends Omit<Asked, 'selections'> {
  node: FieldNode
}

/**
 * The complexity of aliases that ask one field for the same rows with different arguments. Only the first of
 * them comes with the statement that reads the rows; each other one costs a statement for every row.
 *
 * Expands fragments wherever they stand: measure the breadth of the operation first.
 */
export function aliasComplexity(root: SelectionSetNode, type: GraphQLNamedType, measured: Measured): number {
  let complexity = 0
  // Root fields are read one by one whatever they are called, so nothing below two of them conflicts.
  const byKey = Map.groupBy(
    fieldsOf({ selections: root, type, rows: 1 }, measured),
    ({ node }) => node.alias?.value ?? node.name.value,
  )
  for (const fields of byKey.values()) complexity += below(fields, measured)
  return complexity
}

/** Selections of one field are taken together under whatever alias: that is how they are read. */
function below(fields: AskedField[], measured: Measured): number {
  const asked = fields.flatMap((field) => childrenOf(field, measured))
  const byName = Map.groupBy(
    asked.flatMap((each) => fieldsOf(each, measured)),
    ({ node }) => node.name.value,
  )
  let complexity = 0
  for (const same of byName.values()) {
    const [first, ...others] = same.map((field) => ({ rows: field.rows, args: argumentsOf(field, measured) }))
    for (const { rows, args } of others) if (args !== first?.args) complexity += rows * ALIAS_COMPLEXITY
    complexity += below(same, measured)
  }
  return complexity
}

function fieldsOf({ selections, type, rows }: Asked, measured: Measured): AskedField[] {
  return selections.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [{ node: selection, type, rows }]
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : measured.fragments.get(selection.name.value)
    if (!fragment) return []
    const condition = fragment.typeCondition && measured.schema.getType(fragment.typeCondition.name.value)
    return fieldsOf({ selections: fragment.selectionSet, type: condition ?? type, rows }, measured)
  })
}

function childrenOf(field: AskedField, measured: Measured): Asked[] {
  const definition = definitionOf(field)
  const selections = field.node.selectionSet
  if (!definition || !selections) return []
  const rows = field.rows * multiplierOf(definition, field.node, measured)
  return [{ selections, type: getNamedType(definition.type), rows }]
}

/** The same text for the same arguments, whether written out or in variables. */
function argumentsOf(field: AskedField, { variables }: Measured): string {
  const definition = definitionOf(field)
  return definition ? JSON.stringify(getArgumentValues(definition, field.node, variables)) : ''
}

/** Null for the fields of introspection, which cost no statement. */
function definitionOf({ node, type }: AskedField): GraphQLField<unknown, unknown> | null {
  if (!isObjectType(type) && !isInterfaceType(type)) return null
  return type.getFields()[node.name.value] ?? null
}

type Price = number | { multiplier?: number } | undefined

/** What the field's own complexity says, as the plugin that adds complexities up reads it. */
function multiplierOf(
  definition: GraphQLField<unknown, unknown>,
  node: FieldNode,
  { variables, context }: Measured,
): number {
  const declared = definition.extensions.complexity as Price | ((args: object, context: object) => Price)
  const price =
    typeof declared === 'function'
      ? declared(getArgumentValues(definition, node, variables), context)
      : declared
  return typeof price === 'object' ? (price.multiplier ?? 1) : 1
}
