import { type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { decisions } from './decisions.ts'
import type { WaitingComment } from './filter.ts'
import { type Command, useCommands } from './keys.ts'
import {
  extendTo,
  idAt,
  moveTo,
  NO_SELECTION,
  type Selection,
  selectAll,
  targetsOf,
  toggle,
  without,
} from './selection.ts'
import type { Verdict } from './sending.ts'
import type { Queue } from './use-queue.ts'

/** After somebody else decided the active comment, keys decide nothing for this time, in ms: they are late. */
const LATE_MS = 800

/** A rejection that the moderator is about to explain. */
export interface Rejection {
  comments: readonly WaitingComment[]
  reject(guidelines: readonly string[], note: string): void
}

/** What the moderator can do with the list, by keys and by buttons. */
export interface Actions {
  selection: Selection
  /** The comment that should get the focus; a new object for each request. */
  focus: { id: string } | null
  rejection: Rejection | null
  isHelpOpen: boolean
  setHelp(isOpen: boolean): void
  closeReject(): void
  activate(id: string): void
  select(id: string, isRange: boolean): void
  selectLoaded(): void
  clear(): void
  /** Decides about one comment; without an id, about the selection or the active comment. */
  approve(id?: string): void
  reject(id?: string): void
  undo(): void
}

export function useActions(queue: Queue, shortcuts: boolean): Actions {
  const [selection, setSelection] = useState<Selection>(NO_SELECTION)
  const [focus, setFocus] = useState<{ id: string } | null>(null)
  const [rejection, setRejection] = useState<Rejection | null>(null)
  const [isHelpOpen, setHelp] = useState(false)
  const ids = useMemo(() => queue.shown.map(({ id }) => id), [queue.shown])
  const open = ids.filter((id) => !queue.departures.has(id))
  const departedAt = useDepartedSelection(ids, selection, setSelection, setFocus)

  const go = (next: Selection) => {
    setSelection(next)
    if (next.activeId !== null) setFocus({ id: next.activeId })
  }
  const commentsFor = (id: string | undefined) => {
    const targets = new Set(id === undefined ? targetsOf(selection, open) : [id])
    return queue.shown.filter((comment) => targets.has(comment.id) && !queue.departures.has(comment.id))
  }
  const decide = (comments: readonly WaitingComment[], verdict: Verdict) => {
    decisions.decide(comments, verdict)
    go(without(selection, ids, new Set(comments.map((comment) => comment.id))))
  }
  const actions: Actions = {
    selection,
    focus,
    rejection,
    isHelpOpen,
    setHelp,
    closeReject: () => setRejection(null),
    activate: (id) => setSelection((before) => (before.activeId === id ? before : moveTo(before, id))),
    select: (id, isRange) => setSelection(isRange ? extendTo(selection, open, id) : toggle(selection, id)),
    selectLoaded: () => setSelection(selectAll(selection, open)),
    clear: () => setSelection({ ...selection, selected: new Set() }),
    approve: (id) => decide(commentsFor(id), { kind: 'approve' }),
    reject: (id) => {
      const comments = commentsFor(id)
      if (comments.length === 0) return
      const reject = (guidelines: readonly string[], note: string) => {
        setRejection(null)
        decide(comments, { kind: 'reject', guidelines, note })
      }
      setRejection({ comments, reject })
    },
    undo: () => {
      const [first] = decisions.undo()?.comments ?? []
      if (first) go(moveTo(selection, first.id))
    },
  }
  useCommands(shortcuts, (command) => {
    const isLate = Date.now() < departedAt.current + LATE_MS
    if (isLate && (command === 'approve' || command === 'reject')) return
    runCommand(command, actions, ids, open, go)
  })
  return actions
}

function runCommand(
  command: Command,
  actions: Actions,
  ids: readonly string[],
  open: readonly string[],
  go: (selection: Selection) => void,
): void {
  const { selection } = actions
  const { activeId } = selection
  const extend = (step: number) => {
    const id = idAt(ids, activeId, step)
    if (id !== null) go(extendTo(selection, open, id))
  }
  const commands: Record<Command, () => void> = {
    next: () => go(moveTo(selection, idAt(ids, activeId, 1))),
    previous: () => go(moveTo(selection, idAt(ids, activeId, -1))),
    extendNext: () => extend(1),
    extendPrevious: () => extend(-1),
    select: () => activeId !== null && open.includes(activeId) && go(toggle(selection, activeId)),
    selectAll: () => actions.selectLoaded(),
    approve: () => actions.approve(),
    reject: () => actions.reject(),
    undo: () => actions.undo(),
    help: () => actions.setHelp(true),
    filter: () => document.querySelector<HTMLElement>('[data-filter=text]')?.focus(),
    escape: () => {
      const focused = document.activeElement
      if (!(focused instanceof HTMLElement) || !focused.closest('.queue-side')) return actions.clear()
      focused.blur()
      if (activeId !== null) go(selection)
    },
  }
  commands[command]()
}

/**
 * When comments leave the list, the next one becomes active; it gets the focus only if the comment had it.
 * @returns when the active comment left last by somebody else's decision
 */
function useDepartedSelection(
  ids: readonly string[],
  selection: Selection,
  setSelection: (selection: Selection) => void,
  setFocus: (focus: { id: string }) => void,
): RefObject<number> {
  const departedAt = useRef(0)
  const before = useRef<readonly string[]>([])
  useEffect(() => {
    const known = before.current
    before.current = ids
    const { activeId } = selection
    const [first] = ids
    const left = new Set(ids)
    const gone = new Set(known.filter((id) => !left.has(id)))
    if (activeId === null && first !== undefined) return setSelection(moveTo(selection, first))
    if (gone.size === 0) return
    const next = without(selection, known, gone)
    setSelection(next)
    if (activeId !== null && gone.has(activeId)) departedAt.current = Date.now()
    const hadFocus = activeId !== null && gone.has(activeId) && document.activeElement === document.body
    if (hadFocus && next.activeId !== null) setFocus({ id: next.activeId })
  }, [ids, selection, setSelection, setFocus])
  return departedAt
}
