import { type ExecutionArgs, getOperationAST, Kind, type OperationDefinitionNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LruCache } from '../../base/lru-cache.ts'

/** Characters of all answers that are kept. */
const MAX_CACHED_LENGTH = 4_000_000

/** Variables of introspection are few and short; what is longer is not kept. */
const MAX_KEY_LENGTH = 20_000

/**
 * Answers questions about the schema from the text of the first answer: the schema is the same for everybody
 * until the process ends. Only their text is kept, so an answer can't be altered for the next client.
 */
export function useIntrospectionCache(): Plugin {
  const answers = new LruCache<string, string>(MAX_CACHED_LENGTH, (key, answer) => key.length + answer.length)
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const key = keyOf(args)
      if (key === null) return
      const known = answers.get(key)
      if (known !== undefined) return setResultAndStopExecution(written(known))
      return {
        onExecuteDone({ result, setResult }) {
          if (Symbol.asyncIterator in result || result.errors || !result.data) return
          const text = JSON.stringify({ data: result.data })
          answers.set(key, text)
          setResult(written(text))
        },
      }
    },
  }
}

/** A result as yoga takes it, whose text is known already; over a websocket it is parsed once more. */
function written(text: string) {
  return {
    get data() {
      return JSON.parse(text).data as Record<string, unknown>
    },
    stringify: () => text,
  }
}

/** What the answer depends on, or null for an operation that asks for anything but the schema. */
function keyOf({ document, operationName, variableValues }: ExecutionArgs): string | null {
  const operation = getOperationAST(document, operationName)
  const text = document.loc?.source.body
  if (!operation || text === undefined || !asksForSchemaOnly(operation)) return null
  const key = JSON.stringify([text, operationName ?? null, variableValues ?? null])
  return key.length > MAX_KEY_LENGTH ? null : key
}

/** Only what is written in the operation itself: the introspection of tools has its fields there. */
function asksForSchemaOnly({ operation, selectionSet }: OperationDefinitionNode): boolean {
  return (
    operation === 'query' &&
    selectionSet.selections.every(
      (selection) =>
        selection.kind === Kind.FIELD && /^__(?:schema|type|typename)$/.test(selection.name.value),
    )
  )
}
