import { type DocumentNode, type GraphQLSchema, Kind, TypeInfo, visit, visitWithTypeInfo } from 'graphql'

/**
 * Whether a document selects the schema more than once: under two names, or a part of it under an alias. No
 * tool does that, and each response would contain the whole schema.
 */
export function repeatsIntrospection(schema: GraphQLSchema, document: DocumentNode): boolean {
  const types = new TypeInfo(schema)
  const asked = new Set<string>()
  let renamed = false
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]({ name, alias }) {
        const key = alias?.value ?? name.value
        if (name.value === '__schema' || name.value === '__type') asked.add(key)
        else if (types.getParentType()?.name.startsWith('__') && key !== name.value) renamed = true
      },
    }),
  )
  return renamed || asked.size > 1
}
