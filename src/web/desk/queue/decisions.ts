import { useSyncExternalStore } from 'react'
import { beforeSignOut } from '../shell/session.ts'
import { type Batch, PendingDecisions } from './pending.ts'
import { MAX_KEPT_BYTES } from './sending.ts'

/** The decisions of this window. */
export const decisions = new PendingDecisions()

// Whatever is not sent yet is sent when the page is hidden: it may never be shown again.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') decisions.flush()
})
window.addEventListener('pagehide', () => decisions.flush())
beforeSignOut.add(() => decisions.finish())

// More than the browser sends after the page was closed, or what is being sent: the browser asks the user to wait.
window.addEventListener('beforeunload', (event) => {
  const isBusy = decisions.batches().some(({ state }) => state === 'sending')
  if (isBusy || decisions.unsentBytes() > MAX_KEPT_BYTES) {
    decisions.flush()
    event.preventDefault()
  }
})

export function useBatches(): readonly Batch[] {
  return useSyncExternalStore(decisions.subscribe, decisions.batches)
}

export function useHidden(): ReadonlySet<string> {
  return useSyncExternalStore(decisions.subscribe, decisions.hidden)
}
