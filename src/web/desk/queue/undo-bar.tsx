import { useEffect, useState } from 'react'
import { Button } from '../components/button.tsx'
import { useText } from '../shell/texts.ts'
import { decisions, useBatches } from './decisions.ts'
import { type Batch, UNDO_MS } from './pending.ts'

/** How the queue undoes a decision: it also moves the focus. null while another view is shown. */
let undoInQueue: (() => void) | null = null

export function useUndoInQueue(undo: () => void): void {
  useEffect(() => {
    undoInQueue = undo
    return () => {
      undoInQueue = null
    }
  }, [undo])
}

/** In all views: the latest decision, as long as it can be undone; then the progress of sending. */
export function UndoBar({ isInQueue }: { isInQueue: boolean }) {
  const text = useText()
  const batches = useBatches()
  const waiting = batches.findLast(({ state }) => state === 'waiting')
  const sending = batches.find(({ state }) => state === 'sending')
  return (
    <div className="undo-bar" role="status">
      {waiting ? (
        <div className="undo-bar-content">
          <span>{summary(waiting)}</span>
          <Button onPress={() => (undoInQueue ? undoInQueue() : decisions.undo())}>
            {text('undo')}{' '}
            {isInQueue && (
              <span className="key" aria-hidden="true">
                z
              </span>
            )}
          </Button>
          <Countdown key={waiting.id} />
        </div>
      ) : (
        sending &&
        sending.comments.length > 1 && (
          <div className="undo-bar-content">
            <span>
              {text('sending')}{' '}
              <span aria-hidden="true">
                {text('sending.progress', { done: sending.answered, all: sending.comments.length })}
              </span>
            </span>
            <progress max={sending.comments.length} value={sending.answered} aria-label={text('sending')} />
          </div>
        )
      )}
    </div>
  )

  function summary({ verdict, comments }: Batch): string {
    const count = comments.length
    return verdict.kind === 'approve' ? text('undo.approved', { count }) : text('undo.rejected', { count })
  }
}

/** The seconds that are left. Screen readers hear the summary only. */
function Countdown() {
  const [seconds, setSeconds] = useState(Math.ceil(UNDO_MS / 1000))
  useEffect(() => {
    const timer = setInterval(() => setSeconds((left) => Math.max(left - 1, 0)), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="undo-countdown" aria-hidden="true">
      {seconds}
    </span>
  )
}
