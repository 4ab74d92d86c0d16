import type { ReactNode } from 'react'
import { LoadMore } from '../components/load-more.tsx'
import { Empty, Failure, Loading } from '../components/states.tsx'
import type { Pages } from '../components/use-pages.ts'

interface ListProps<Node> {
  pages: Pages<Node>
  /** What it means that nothing is there. */
  empty: string
  children: (nodes: readonly Node[]) => ReactNode
}

/** What a list has loaded, and the way to the rest. After a failure, what was loaded stays. */
export function List<Node>({ pages, empty, children }: ListProps<Node>) {
  const { nodes, error, isLoading, hasMore, loadMore, reload } = pages
  return (
    <div aria-busy={isLoading}>
      {nodes !== null && (nodes.length === 0 ? <Empty title={empty} /> : children(nodes))}
      {error && <Failure error={error} onRetry={nodes?.length && hasMore ? loadMore : reload} />}
      {nodes === null && isLoading && <Loading />}
      {!error && <LoadMore pages={pages} />}
    </div>
  )
}
