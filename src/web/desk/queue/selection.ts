/** The comment that keys act on, and the selected ones. */
export interface Selection {
  activeId: string | null
  /** Where a range starts. */
  anchorId: string | null
  selected: ReadonlySet<string>
}

export const NO_SELECTION: Selection = { activeId: null, anchorId: null, selected: new Set() }

/** Makes another comment the active one. */
export function moveTo(selection: Selection, id: string | null): Selection {
  return { ...selection, activeId: id, anchorId: id }
}

/** The active comment, some steps further; the first one if none is active. */
export function idAt(ids: readonly string[], activeId: string | null, step: number): string | null {
  const index = activeId === null ? -1 : ids.indexOf(activeId)
  if (index < 0) return ids[0] ?? null
  return ids[Math.min(Math.max(index + step, 0), ids.length - 1)] ?? null
}

export function toggle(selection: Selection, id: string): Selection {
  const selected = new Set(selection.selected)
  if (!selected.delete(id)) selected.add(id)
  return { activeId: id, anchorId: id, selected }
}

/** Selects everything from the start of the range to this comment. */
export function extendTo(selection: Selection, ids: readonly string[], id: string): Selection {
  const anchorId = selection.anchorId ?? selection.activeId ?? id
  const [from, to] = [ids.indexOf(anchorId), ids.indexOf(id)].sort((a, b) => a - b) as [number, number]
  const range = from < 0 ? [id] : ids.slice(from, to + 1)
  return { activeId: id, anchorId, selected: new Set([...selection.selected, ...range]) }
}

/** All comments, or none if all are selected. */
export function selectAll(selection: Selection, ids: readonly string[]): Selection {
  const hasAll = ids.every((id) => selection.selected.has(id))
  return { ...selection, selected: new Set(hasAll ? [] : ids) }
}

/** The comments that a decision is about: the selected ones, or else the active one. */
export function targetsOf({ selected, activeId }: Selection, ids: readonly string[]): string[] {
  const chosen = ids.filter((id) => selected.has(id))
  if (chosen.length > 0) return chosen
  return activeId !== null && ids.includes(activeId) ? [activeId] : []
}

/** The selection after some comments left: the next remaining one is active, or else the last. */
export function without(selection: Selection, ids: readonly string[], gone: ReadonlySet<string>): Selection {
  const selected = new Set([...selection.selected].filter((id) => !gone.has(id)))
  const { activeId } = selection
  if (activeId === null || !gone.has(activeId)) return { ...selection, selected }
  const index = ids.indexOf(activeId)
  const next =
    ids.slice(index + 1).find((id) => !gone.has(id)) ?? ids.slice(0, index).findLast((id) => !gone.has(id))
  return { activeId: next ?? null, anchorId: next ?? null, selected }
}
