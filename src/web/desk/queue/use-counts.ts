import { useEffect, useState } from 'react'
import { ModerationCountsDocument, type ModerationCountsQuery } from '../../../../schema/documents.ts'
import { post } from '../shell/post.ts'
import { moderationFilter, type QueueFilter } from './filter.ts'

export interface Counts {
  /** By article and by language, under all other filters. */
  facets: ModerationCountsQuery['moderationCounts']
  /** Under all filters. */
  total: number
}

/** Changes wait this long before the counts are loaded again, in ms. */
const CALM_MS = 1_500

/** The counts of the queue. They are loaded again after changes; the old ones stay meanwhile. */
export function useCounts(filter: QueueFilter, changes: number): Counts | null {
  const key = JSON.stringify(filter)
  const [state, setState] = useState<{ key: string; counts: Counts } | null>(null)
  const isFirst = state?.key !== key
  // biome-ignore lint/correctness/useExhaustiveDependencies: changes make the counts out of date
  useEffect(() => {
    let isCurrent = true
    const timer = setTimeout(
      async () => {
        const counts = await loadCounts(JSON.parse(key) as QueueFilter).catch(() => null)
        if (isCurrent && counts) setState({ key, counts })
      },
      isFirst ? 0 : CALM_MS,
    )
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [key, changes, isFirst])
  return state?.counts ?? null
}

async function loadCounts(filter: QueueFilter): Promise<Counts> {
  const others = { ...filter, article: null, language: null }
  const hasFacet = filter.article !== null || filter.language !== null
  const [facets, filtered] = await Promise.all([countsOf(others, 20), hasFacet ? countsOf(filter, 1) : null])
  return { facets, total: (filtered ?? facets).total }
}

async function countsOf(filter: QueueFilter, articles: number) {
  const variables = { filter: moderationFilter(filter, Date.now()), articles }
  return (await post(ModerationCountsDocument, variables)).moderationCounts
}
