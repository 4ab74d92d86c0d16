import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { type DocumentNode, type ExecutionResult, print } from 'graphql'
import { anonymous } from '../../auth/viewer.ts'
import type { Services } from '../../graphql/context.ts'
import type { GraphQLHandler } from '../../http/graphql/handler.ts'
import type { Reads } from '../../read-cache/reads.ts'

/**
 * Executes a document as an anonymous client would send it: with the same limits, visibility and masking.
 * @param reads records what is read
 * @throws DocumentError
 */
export type RunDocument = <Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  reads: Reads,
) => Promise<Data>

/** A document whose result has errors. */
export class DocumentError extends Error {
  /** The code of the first error. */
  readonly code: string | undefined

  constructor(message: string, code: string | undefined) {
    super(message)
    this.code = code
  }
}

export interface DocumentRunnerDeps {
  graphqlHandler: Pick<GraphQLHandler, 'yoga'>
  services: Pick<Services, 'now'>
}

export function documentRunner({ graphqlHandler: { yoga }, services }: DocumentRunnerDeps): RunDocument {
  return async (document, variables, reads) => {
    const query = textOf(document)
    const params = { query, variables: variables as Record<string, unknown> }
    const { schema, parse, validate, contextFactory, execute } = yoga.getEnveloped({
      viewer: anonymous,
      reads,
      receivedAt: services.now(),
      params,
    })
    const parsed = parse(query)
    const invalid = validate(schema, parsed)
    if (invalid[0]) throw failure(invalid[0])
    const { data, errors } = (await execute({
      schema,
      document: parsed,
      variableValues: params.variables,
      contextValue: await contextFactory(),
    })) as ExecutionResult
    if (errors?.[0]) throw failure(errors[0])
    return data as never
  }
}

function failure({
  message,
  extensions,
}: {
  message: string
  extensions: { code?: unknown }
}): DocumentError {
  return new DocumentError(message, extensions.code as string | undefined)
}

/** The text of each document, printed once. */
const texts = new WeakMap<object, string>()

function textOf(document: DocumentNode): string {
  const known = texts.get(document)
  if (known !== undefined) return known
  const text = print(document)
  texts.set(document, text)
  return text
}
