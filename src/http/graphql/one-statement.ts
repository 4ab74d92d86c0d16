import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  print,
  type SelectionSetNode,
  visit,
} from 'graphql'
import { fragmentsOf } from './fragments.ts'

/** Whether a field with this name occurs in a document. */
export function selectsField(document: DocumentNode, fieldName: string): boolean {
  let found = false
  visit(document, {
    Field: ({ name }) => {
      found ||= name.value === fieldName
    },
  })
  return found
}

/**
 * Whether the Prisma plugin reads each field of an operation with the statement of the root: there is one root field,
 * and no field is selected twice with different arguments. The first selection is read with the statement of its
 * parent, each other one by a statement of its own. Arguments are compared as text, so the answer may be false for equal
 * values. Two fields that read one relation with different arguments are not noticed: `people` and `organisations` of an
 * article. No two fields read the comments of an article (`test/graphql/columns.test.ts`).
 * @param roots the root fields that read their whole selection with one statement
 */
export function isOneStatement(
  document: DocumentNode,
  { selectionSet }: OperationDefinitionNode,
  roots: ReadonlySet<string>,
): boolean {
  const fragments = fragmentsOf(document)
  const fields = fieldsOf([selectionSet], fragments)
  const keys = new Set(fields.map(({ alias, name }) => (alias ?? name).value))
  return (
    keys.size === 1 && fields.every(({ name }) => roots.has(name.value)) && hasNoConflict(fields, fragments)
  )
}

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>

/** Expands fragments: validation has refused cycles, and the breadth of the operation is limited. */
function fieldsOf(sets: readonly SelectionSetNode[], fragments: Fragments): FieldNode[] {
  return sets.flatMap(({ selections }) =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection]
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value)
      return fragment ? fieldsOf([fragment.selectionSet], fragments) : []
    }),
  )
}

/** Whether fields that are read together have equal arguments, at each level below. */
function hasNoConflict(fields: readonly FieldNode[], fragments: Fragments): boolean {
  for (const same of Map.groupBy(fields, ({ name }) => name.value).values()) {
    const [first, ...others] = same.map(argumentsOf)
    if (others.some((args) => args !== first)) return false
    const below = same.flatMap(({ selectionSet }) => selectionSet ?? [])
    if (below.length > 0 && !hasNoConflict(fieldsOf(below, fragments), fragments)) return false
  }
  return true
}

function argumentsOf({ arguments: given = [] }: FieldNode): string {
  return given.map(print).sort().join()
}
