import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { useApi } from '../shell/viewer.ts'
import { decisions, useHidden } from './decisions.ts'
import type { QueueFilter, WaitingComment } from './filter.ts'
import { type OthersDecision, type QueueSnapshot, QueueStore } from './queue-store.ts'
import { merged } from './state.ts'

/** How long a comment that somebody else decided stays in the list, in ms. */
const DEPARTURE_MS = 4_000

export interface Departure {
  comment: WaitingComment
  decision: OthersDecision
}

export interface Queue extends QueueSnapshot {
  /** What the list shows: without the comments that this user decided, with those that somebody else just decided. */
  shown: readonly WaitingComment[]
  departures: ReadonlyMap<string, Departure>
  want(count: number): void
}

/** The live queue under a filter, for a view. */
export function useQueue(filter: QueueFilter): Queue {
  const { live } = useApi()
  const hidden = useHidden()
  const [departures, setDepartures] = useState<ReadonlyMap<string, Departure>>(new Map())
  const key = JSON.stringify(filter)
  const store = useMemo(() => {
    const onDecided = (comment: WaitingComment, decision: OthersDecision) => {
      if (decisions.hidden().has(comment.id)) return
      setDepartures((before) => new Map(before).set(comment.id, { comment, decision }))
      setTimeout(() => setDepartures((before) => mapWithout(before, comment.id)), DEPARTURE_MS)
    }
    return new QueueStore({ live, filter: JSON.parse(key) as QueueFilter, onDecided })
  }, [live, key])
  useEffect(() => {
    setDepartures(new Map())
    store.start()
    const stopListening = decisions.onResult(({ outcomes }) => {
      for (const { comment, outcome } of outcomes) if (isDecided(outcome.__typename)) store.remove(comment.id)
    })
    return () => {
      stopListening()
      store.stop()
    }
  }, [store])
  const snapshot = useSyncExternalStore(store.subscribe, store.snapshot)
  const { comments } = snapshot.queue
  const shown = useMemo(() => {
    const left = hidden.size === 0 ? comments : comments.filter(({ id }) => !hidden.has(id))
    return departures.size === 0
      ? left
      : merged(
          left,
          [...departures.values()].map(({ comment }) => comment),
        )
  }, [comments, hidden, departures])
  return { ...snapshot, shown, departures, want: (count) => store.want(count) }
}

/** Whether the comment left the queue: by this decision, or by another moderator's before it. */
function isDecided(typename: string): boolean {
  return ['CommentDecided', 'DecisionConflict', 'NotFound'].includes(typename)
}

function mapWithout<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const rest = new Map(map)
  rest.delete(key)
  return rest
}
