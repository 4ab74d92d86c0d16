import { useEffect, useRef } from 'react'

/** What keys do in the queue. */
export type Command =
  | 'next'
  | 'previous'
  | 'extendNext'
  | 'extendPrevious'
  | 'select'
  | 'selectAll'
  | 'approve'
  | 'reject'
  | 'undo'
  | 'help'
  | 'filter'
  | 'escape'

/** The commands with the keys that are shown for them. */
export const SHOWN_KEYS: readonly { command: Command; keys: readonly string[] }[] = [
  { command: 'next', keys: ['j', '↓'] },
  { command: 'previous', keys: ['k', '↑'] },
  { command: 'approve', keys: ['a'] },
  { command: 'reject', keys: ['r'] },
  { command: 'undo', keys: ['z'] },
  { command: 'select', keys: ['x'] },
  { command: 'extendNext', keys: ['⇧ j', '⇧ ↓'] },
  { command: 'extendPrevious', keys: ['⇧ k', '⇧ ↑'] },
  { command: 'selectAll', keys: ['⇧ x'] },
  { command: 'filter', keys: ['/'] },
  { command: 'escape', keys: ['Esc'] },
  { command: 'help', keys: ['?'] },
]

const LETTERS: Readonly<Record<string, Command>> = {
  j: 'next',
  k: 'previous',
  x: 'select',
  a: 'approve',
  r: 'reject',
  z: 'undo',
}

const WITH_SHIFT: Readonly<Partial<Record<Command, Command>>> = {
  next: 'extendNext',
  previous: 'extendPrevious',
  select: 'selectAll',
}

/** The commands that a held key repeats. */
const REPEATED: ReadonlySet<Command> = new Set(['next', 'previous', 'extendNext', 'extendPrevious'])

/** The command of a key; null if it has none. */
export function commandOf(event: KeyboardEvent): Command | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return null
  if (event.key === '?' || event.key === '؟') return 'help'
  if (event.key === 'Escape') return 'escape'
  const command = withoutShift(event)
  if (!event.shiftKey || command === null) return command
  return WITH_SHIFT[command] ?? null
}

function withoutShift(event: KeyboardEvent): Command | null {
  if (event.key === 'ArrowDown') return 'next'
  if (event.key === 'ArrowUp') return 'previous'
  if (event.key === ' ') return isControl(event.target) ? null : 'select'
  const character = latinOf(event)
  return character === '/' ? 'filter' : (LETTERS[character] ?? null)
}

/** The character on a Latin keyboard. Other layouts have no "a": there, the position of the key counts. */
export function latinOf({ key, code }: KeyboardEvent): string {
  if (/^[\u0020-\u024f]$/.test(key)) return key.toLowerCase()
  if (code === 'Slash') return '/'
  return /^(?:Key|Digit|Numpad)(.)$/.exec(code)?.[1]?.toLowerCase() ?? ''
}

/** Whether the key goes to something that reacts to the space bar itself. */
function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button, a, input, summary') !== null
}

/** Whether the user is typing, or choosing in a field. */
export function isField(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null
  )
}

/**
 * Runs commands by keys: not while the user is typing, nor while a dialog is open.
 * @param isOn whether single keys are used; Escape works in any case
 */
export function useCommands(isOn: boolean, run: (command: Command) => void): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || document.querySelector('[role=dialog]')) return
      const command = commandOf(event)
      if (command === null || (!isOn && command !== 'escape')) return
      if (isField(event.target) && command !== 'escape') return
      event.preventDefault()
      if (!event.repeat || REPEATED.has(command)) latest.current(command)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [isOn])
}
