import { useState, useSyncExternalStore } from 'react'
import { Button } from '../components/button.tsx'
import { useErrorText } from '../components/errors.ts'
import { Notice } from '../components/notice.tsx'
import { Page } from '../components/page.tsx'
import { Empty, Loading } from '../components/states.tsx'
import { setFilters, usePlace } from '../shell/router.tsx'
import { useText } from '../shell/texts.ts'
import { useHidden } from './decisions.ts'
import { Facets } from './facets.tsx'
import { FILTER_NAMES, filterFrom, isFiltered } from './filter.ts'
import { KeysDialog, useShortcuts } from './keys-dialog.tsx'
import { CommentList } from './list.tsx'
import { QueueFilters } from './queue-filters.tsx'
import { RejectDialog } from './reject-dialog.tsx'
import { SelectionBar } from './selection-bar.tsx'
import { useUndoInQueue } from './undo-bar.tsx'
import { useActions } from './use-actions.ts'
import { useCounts } from './use-counts.ts'
import { type Queue, useQueue } from './use-queue.ts'
import { useResultToasts } from './use-result-toasts.tsx'

/** The live queue of comments that wait for a decision. */
export default function QueueView() {
  const text = useText()
  const { search } = usePlace()
  const filter = filterFrom(search)
  const queue = useQueue(filter)
  const counts = useCounts(filter, queue.changes)
  const [shortcuts, setShortcuts] = useShortcuts()
  const actions = useActions(queue, shortcuts)
  useUndoInQueue(actions.undo)
  useResultToasts()
  const isWide = useIsWide()
  const [isSideOpen, setSideOpen] = useState(false)
  const total = useTotal(queue, counts?.total ?? null)
  return (
    <Page
      title={text('nav.queue')}
      actions={
        <>
          {total !== null && <span className="queue-total">{text('queue.total', { count: total })}</span>}
          <Button kind="quiet" onPress={() => actions.setHelp(true)}>
            {text('queue.keys')}{' '}
            <span className="key" aria-hidden="true">
              ?
            </span>
          </Button>
        </>
      }
    >
      <div className="queue">
        <aside>
          <details
            className="queue-side"
            open={isWide || isSideOpen}
            onToggle={(event) => setSideOpen(event.currentTarget.open)}
          >
            <summary>{text('filter.label')}</summary>
            <QueueFilters />
            {counts && <Facets facets={counts.facets} filter={filter} />}
          </details>
        </aside>
        <div className="queue-main">
          <SelectionBar queue={queue} actions={actions} />
          <QueueContent queue={queue} actions={actions} isFiltered={isFiltered(filter)} />
        </div>
      </div>
      <RejectDialog
        rejection={actions.rejection}
        departures={queue.departures}
        onClose={actions.closeReject}
      />
      <KeysDialog
        isOpen={actions.isHelpOpen}
        onClose={() => actions.setHelp(false)}
        {...{ shortcuts, setShortcuts }}
      />
    </Page>
  )
}

/** Whether the filters are beside the list: see queue.css. */
const wide = window.matchMedia('(min-width: 56rem)')

function useIsWide(): boolean {
  const subscribe = (listener: () => void) => {
    wide.addEventListener('change', listener)
    return () => wide.removeEventListener('change', listener)
  }
  return useSyncExternalStore(subscribe, () => wide.matches)
}

interface ContentProps {
  queue: Queue
  actions: ReturnType<typeof useActions>
  isFiltered: boolean
}

function QueueContent({ queue, actions, isFiltered: hasFilter }: ContentProps) {
  const text = useText()
  const errorText = useErrorText()
  const { shown, error, isReady } = queue
  const isEmpty = shown.length === 0
  return (
    <>
      {error && <Notice kind="failure">{errorText(error)}</Notice>}
      {isEmpty && !isReady && !error && <Loading />}
      {isEmpty && isReady && !queue.queue.hasMore && <NothingWaiting hasFilter={hasFilter} />}
      {!isEmpty && <CommentList queue={queue} actions={actions} label={text('queue.list')} />}
    </>
  )
}

function NothingWaiting({ hasFilter }: { hasFilter: boolean }) {
  const text = useText()
  const clear = () => setFilters(Object.fromEntries(FILTER_NAMES.map((name) => [name, null])))
  return hasFilter ? (
    <Empty title={text('queue.noMatch')}>
      <Button onPress={clear}>{text('queue.clearFilters')}</Button>
    </Empty>
  ) : (
    <Empty title={text('queue.empty')}>
      <p>{text('queue.emptyHint')}</p>
    </Empty>
  )
}

/** How many comments wait: exact if all are loaded. */
function useTotal({ queue, shown, departures, isReady }: Queue, counted: number | null): number | null {
  const hidden = useHidden()
  if (isReady && !queue.hasMore && !queue.isLoading) return shown.length - departures.size
  return counted === null ? null : Math.max(counted - hidden.size, 0)
}
