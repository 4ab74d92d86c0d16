import { useText } from '../shell/texts.ts'
import { Button } from './button.tsx'

/** Loads the next page of a list. */
export function LoadMore({ pages }: { pages: { hasMore: boolean; isLoading: boolean; loadMore(): void } }) {
  const text = useText()
  if (!pages.hasMore) return null
  return (
    <p className="load-more">
      <Button isDisabled={pages.isLoading} onPress={() => pages.loadMore()}>
        {text('loadMore')}
      </Button>
    </p>
  )
}
