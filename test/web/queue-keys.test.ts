import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commandOf } from '../../src/web/desk/queue/keys.ts'
import {
  extendTo,
  moveTo,
  NO_SELECTION,
  selectAll,
  targetsOf,
  toggle,
  without,
} from '../../src/web/desk/queue/selection.ts'
import { windowOf } from '../../src/web/desk/queue/window.ts'

const ids = ['a', 'b', 'c', 'd', 'e']

function key(key: string, code: string, modifiers: Partial<KeyboardEventInit> = {}): KeyboardEvent {
  return { key, code, target: null, isComposing: false, ...modifiers } as unknown as KeyboardEvent
}

interface KeyboardEventInit {
  shiftKey: boolean
  ctrlKey: boolean
  altKey: boolean
  metaKey: boolean
  isComposing: boolean
}

test.each([
  ['a Latin keyboard', key('a', 'KeyA'), 'approve'],
  ['capital letters', key('A', 'KeyA'), 'approve'],
  ['an AZERTY keyboard, where "a" is elsewhere', key('a', 'KeyQ'), 'approve'],
  ['a QWERTZ keyboard, where "z" is elsewhere', key('z', 'KeyY'), 'undo'],
  ['an Arabic keyboard', key('ش', 'KeyA'), 'approve'],
  ['a Cyrillic keyboard', key('к', 'KeyR'), 'reject'],
  ['an Arabic question mark', key('؟', 'Slash', { shiftKey: true }), 'help'],
  ['Shift and an arrow', key('ArrowDown', 'ArrowDown', { shiftKey: true }), 'extendNext'],
  ['Shift and "x"', key('X', 'KeyX', { shiftKey: true }), 'selectAll'],
  ['Shift and "a"', key('A', 'KeyA', { shiftKey: true }), null],
  ['Ctrl and "a"', key('a', 'KeyA', { ctrlKey: true }), null],
  ['Cmd and "r"', key('r', 'KeyR', { metaKey: true }), null],
  ['Alt and "x"', key('x', 'KeyX', { altKey: true }), null],
  ['a key of an input method', key('a', 'KeyA', { isComposing: true }), null],
  ['a key without a command', key('q', 'KeyQ'), null],
])('%s: the command is found', (_name, event, command) => {
  expect(commandOf(event)).toBe(command)
})

test('a decision is about the selection, or else about the active comment', () => {
  const active = moveTo(NO_SELECTION, 'b')
  expect(targetsOf(active, ids)).toEqual(['b'])
  expect(targetsOf(toggle(active, 'd'), ids)).toEqual(['d'])
  expect(targetsOf(moveTo(NO_SELECTION, 'gone'), ids)).toEqual([])
})

test('a range starts at the active comment, in both directions, and keeps what was selected', () => {
  const down = extendTo(moveTo(NO_SELECTION, 'b'), ids, 'd')
  expect(targetsOf(down, ids)).toEqual(['b', 'c', 'd'])
  expect(targetsOf(extendTo(moveTo(down, 'e'), ids, 'd'), ids)).toEqual(['b', 'c', 'd', 'e'])
  expect(targetsOf(extendTo(moveTo(NO_SELECTION, 'c'), ids, 'a'), ids)).toEqual(['a', 'b', 'c'])
})

test('all are selected, then none', () => {
  const all = selectAll(NO_SELECTION, ids)
  expect(targetsOf(all, ids)).toEqual(ids)
  expect(selectAll(all, ids).selected.size).toBe(0)
})

test('when the active comment leaves, the next one that stays is active, or else the one before', () => {
  expect(without(moveTo(NO_SELECTION, 'b'), ids, new Set(['b', 'c'])).activeId).toBe('d')
  expect(without(moveTo(NO_SELECTION, 'e'), ids, new Set(['d', 'e'])).activeId).toBe('c')
  expect(without(moveTo(NO_SELECTION, 'a'), ids, new Set(ids)).activeId).toBe(null)
  expect(without(moveTo(NO_SELECTION, 'a'), ids, new Set(['b'])).activeId).toBe('a')
})

test('the rows in the page cover the viewport, and the space of the others is kept', () => {
  const heights = fc.array(fc.integer({ min: 20, max: 400 }), { minLength: 1, maxLength: 300 })
  fc.assert(
    fc.property(heights, fc.integer({ min: -500, max: 100_000 }), (all, top) => {
      const { start, end, before, after } = windowOf(all, top, 800)
      const total = (rows: readonly number[]) => rows.reduce((sum, height) => sum + height, 0)
      expect(before + total(all.slice(start, end)) + after).toBe(total(all))
      const lower = Math.min(top, total(all))
      if (lower >= 0) expect(before).toBeLessThanOrEqual(lower)
      expect(before + total(all.slice(start, end))).toBeGreaterThanOrEqual(Math.min(top + 800, total(all)))
      expect(end - start).toBeLessThanOrEqual(800 / 20 + 14)
    }),
  )
})
