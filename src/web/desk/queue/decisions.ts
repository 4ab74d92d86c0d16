import { useSyncExternalStore } from 'react'
import { beforeSignOut } from '../shell/session.ts'
import { type Batch, PendingDecisions } from './pending.ts'

/** The decisions of this window. */
export const decisions = new PendingDecisions()

// Whatever is not sent yet is sent when the page is hidden: it may never be shown again.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') decisions.flush({ keepalive: true })
})
window.addEventListener('pagehide', () => decisions.flush({ keepalive: true }))
beforeSignOut.add(() => decisions.flush({ keepalive: true }))

/** Browsers send at most 64 KiB after a page was closed. */
const MAX_COMMENTS_AFTER_CLOSE = 500

// More than that, or what is being sent: the browser asks the user to wait.
window.addEventListener('beforeunload', (event) => {
  const isBusy = decisions.batches().some(({ state }) => state === 'sending')
  if (isBusy || decisions.hidden().size > MAX_COMMENTS_AFTER_CLOSE) {
    decisions.flush({ keepalive: false })
    event.preventDefault()
  }
})

export function useBatches(): readonly Batch[] {
  return useSyncExternalStore(decisions.subscribe, decisions.batches)
}

export function useHidden(): ReadonlySet<string> {
  return useSyncExternalStore(decisions.subscribe, decisions.hidden)
}
