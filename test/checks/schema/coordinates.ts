import { type ASTNode, type DocumentNode, isTypeDefinitionNode, Kind } from 'graphql'

/**
 * The schema coordinate of the innermost definition at a place of a document, such as "Article.comments(first:)".
 * @param offset the number of characters before the place
 * @returns an empty text outside of all definitions
 */
export function coordinateAt({ definitions }: DocumentNode, offset: number): string {
  const definition = definitions.find((node) => contains(node, offset))
  if (!definition) return ''
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return `@${definition.name.value}`
  if (!isTypeDefinitionNode(definition)) return ''
  const type = definition.name.value
  const member = membersOf(definition).find((node) => contains(node, offset))
  if (!member) return type
  const args = member.kind === Kind.FIELD_DEFINITION ? (member.arguments ?? []) : []
  const argument = args.find((node) => contains(node, offset))
  return `${type}.${member.name.value}${argument ? `(${argument.name.value}:)` : ''}`
}

function membersOf(node: DocumentNode['definitions'][number]) {
  if (node.kind === Kind.ENUM_TYPE_DEFINITION) return node.values ?? []
  if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) return node.fields ?? []
  if (node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION)
    return node.fields ?? []
  return []
}

function contains({ loc }: ASTNode, offset: number): boolean {
  return loc !== undefined && loc.start <= offset && offset < loc.end
}
