import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import { type AnyVariables, type CombinedError, useClient } from 'urql'

interface Connection<Node> {
  edges: readonly { node: Node }[]
  pageInfo: { hasNextPage: boolean; endCursor?: string | null | undefined }
}

export interface Pages<Node> {
  /** null until the first page is loaded. */
  nodes: readonly Node[] | null
  error: CombinedError | null
  isLoading: boolean
  hasMore: boolean
  loadMore(): void
  reload(): void
}

interface State<Node> {
  key: string
  nodes: readonly Node[] | null
  error: CombinedError | null
  isLoading: boolean
  endCursor: string | null
  hasMore: boolean
}

/**
 * Loads a connection page by page, and begins again when the variables change.
 * @param variables all but the cursor, which is `$after` in the document
 */
export function usePages<Data, Variables extends AnyVariables, Node>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<NonNullable<Variables>, 'after'>,
  connectionOf: (data: Data) => Connection<Node> | null | undefined,
): Pages<Node> {
  const client = useClient()
  const key = JSON.stringify(variables)
  const start = { key, nodes: null, error: null, isLoading: true, endCursor: null, hasMore: false }
  const [state, setState] = useState<State<Node>>(start)
  const latest = useRef({ connectionOf, run: 0 })
  latest.current.connectionOf = connectionOf

  const load = useCallback(
    async (after: string | null) => {
      latest.current.run += 1
      const { run } = latest.current
      setState((before) =>
        before.key === key
          ? { ...before, isLoading: true, error: null }
          : { key, nodes: null, error: null, isLoading: true, endCursor: null, hasMore: false },
      )
      const all = { ...JSON.parse(key), ...(after === null ? {} : { after }) } as Variables
      const { data, error } = await client.query(document, all, { requestPolicy: 'network-only' }).toPromise()
      if (latest.current.run !== run) return
      const page = data ? latest.current.connectionOf(data) : null
      setState((before) => ({
        ...before,
        key,
        isLoading: false,
        error: error ?? null,
        ...(page && {
          nodes: [...(after === null ? [] : (before.nodes ?? [])), ...page.edges.map(({ node }) => node)],
          endCursor: page.pageInfo.endCursor ?? null,
          hasMore: page.pageInfo.hasNextPage,
        }),
      }))
    },
    [client, document, key],
  )
  useEffect(() => {
    void load(null)
    return () => {
      latest.current.run += 1
    }
  }, [load])
  const shown = state.key === key ? state : start
  return {
    nodes: shown.nodes,
    error: shown.error,
    isLoading: shown.isLoading,
    hasMore: shown.hasMore,
    loadMore: () => {
      if (!shown.isLoading && shown.hasMore) void load(shown.endCursor)
    },
    reload: () => void load(null),
  }
}
