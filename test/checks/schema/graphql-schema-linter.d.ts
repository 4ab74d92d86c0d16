// The package has no types. Declares what linters.ts uses.
declare module 'graphql-schema-linter' {
  import type { ASTVisitor } from 'graphql'

  /** A rule takes the context of a validation, some after the configuration. */
  export type Rule = { readonly name: string; readonly length: number } & ((...args: unknown[]) => ASTVisitor)

  interface Configuration {
    getAllRules(): Rule[]
  }

  const linter: {
    configuration: { Configuration: new (schema: { definition: string; sourceMap: null }) => Configuration }
  }
  export default linter
}

declare module 'graphql-schema-linter/lib/validation_error.js' {
  import type { ASTNode, GraphQLError } from 'graphql'

  const exports: {
    ValidationError: new (rule: string, message: string, nodes: readonly ASTNode[]) => GraphQLError
  }
  export default exports
}
