import { type ExecutionArgs, getOperationAST, Kind, type OperationDefinitionNode } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { LruCache } from '../../base/lru-cache.ts'

/** Characters of all cached responses. */
const MAX_CACHED_LENGTH = 4_000_000

/** The longest cache key. Introspection queries have few and short variables. */
const MAX_KEY_LENGTH = 20_000

/**
 * Answers repeated introspection queries from a cache: the schema is the same for everybody while the process
 * runs. Responses are cached as text, so that no client can alter them.
 */
export function useIntrospectionCache(): Plugin {
  const answers = new LruCache<string, string>(MAX_CACHED_LENGTH, (key, answer) => key.length + answer.length)
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const key = cacheKeyOf(args)
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

/** A result with its JSON text, as Yoga takes it; over a websocket the text is parsed again. */
function written(text: string) {
  return {
    get data() {
      return JSON.parse(text).data as Record<string, unknown>
    },
    stringify: () => text,
  }
}

/** The cache key of an operation; null when it selects anything but the schema. */
function cacheKeyOf({ document, operationName, variableValues }: ExecutionArgs): string | null {
  const operation = getOperationAST(document, operationName)
  const text = document.loc?.source.body
  if (!operation || text === undefined || !asksForSchemaOnly(operation)) return null
  const key = JSON.stringify([text, operationName ?? null, variableValues ?? null])
  return key.length > MAX_KEY_LENGTH ? null : key
}

/** Only fields written in the operation itself: tools do not put them in fragments. */
function asksForSchemaOnly({ operation, selectionSet }: OperationDefinitionNode): boolean {
  return (
    operation === 'query' &&
    selectionSet.selections.every(
      (selection) =>
        selection.kind === Kind.FIELD && /^__(?:schema|type|typename)$/.test(selection.name.value),
    )
  )
}
