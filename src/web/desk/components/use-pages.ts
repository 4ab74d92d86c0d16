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
  /** Reads all pages that are shown again. */
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
    async (after: string | null, atLeast = 0) => {
      latest.current.run += 1
      const { run } = latest.current
      setState((before) =>
        before.key === key
          ? { ...before, isLoading: true, error: null }
          : { key, nodes: null, error: null, isLoading: true, endCursor: null, hasMore: false },
      )
      const read = async (cursor: string | null) => {
        const all = { ...JSON.parse(key), ...(cursor === null ? {} : { after: cursor }) } as Variables
        const { data, error } = await client
          .query(document, all, { requestPolicy: 'network-only' })
          .toPromise()
        return { page: data ? latest.current.connectionOf(data) : null, error }
      }
      let { page, error } = await read(after)
      const nodes = nodesOf(page)
      while (latest.current.run === run && nodes.length < atLeast && page?.pageInfo.hasNextPage) {
        ;({ page, error } = await read(page.pageInfo.endCursor ?? null))
        nodes.push(...nodesOf(page))
      }
      if (latest.current.run !== run) return
      setState((before) => ({
        ...before,
        key,
        isLoading: false,
        error: error ?? null,
        ...(page && {
          nodes: [...(after === null ? [] : (before.nodes ?? [])), ...nodes],
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
  const count = useRef(0)
  count.current = shown.nodes?.length ?? 0
  const reload = useCallback(() => void load(null, count.current), [load])
  return {
    nodes: shown.nodes,
    error: shown.error,
    isLoading: shown.isLoading,
    hasMore: shown.hasMore,
    loadMore: () => {
      if (!shown.isLoading && shown.hasMore) void load(shown.endCursor)
    },
    reload,
  }
}

function nodesOf<Node>(page: Connection<Node> | null | undefined): Node[] {
  return page?.edges.map(({ node }) => node) ?? []
}
