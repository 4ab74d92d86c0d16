import { diffArrays } from 'diff'
import { type Draft, fieldLines, type Line, listLines, type Part } from './draft.ts'

/** Some text of a line; `changed` if the other version does not have it there. */
export interface Piece {
  text: string
  changed: boolean
}

/** A part in two versions, side by side; null if a version does not have it. */
export interface Row {
  part: Part
  old: Piece[] | null
  new: Piece[] | null
  changed: boolean
}

/** Compares two versions of an article, part by part, and the words of each changed part. */
export function compareDrafts(old: Draft, next: Draft): Row[] {
  return [...compareFields(old, next), ...compareLists(listLines(old), listLines(next), next.language)]
}

function compareFields(old: Draft, next: Draft): Row[] {
  const before = new Map(fieldLines(old).map((line) => [line.part, line]))
  const after = new Map(fieldLines(next).map((line) => [line.part, line]))
  const parts = new Set([...before.keys(), ...after.keys()])
  return [...parts].map((part) => rowOf(before.get(part) ?? null, after.get(part) ?? null, next.language))
}

/** Equal lines stay side by side; between them, a removed line faces the added line of the same part. */
function compareLists(old: readonly Line[], next: readonly Line[], language: string): Row[] {
  const rows: Row[] = []
  let removed: Line[] = []
  const changes = diffArrays([...old], [...next], { comparator: isEqual })
  for (const { value, added, removed: isRemoved } of changes) {
    if (isRemoved) {
      removed = value
      continue
    }
    if (added) {
      rows.push(...pairLines(removed, value, language))
    } else {
      rows.push(...removed.map((line) => rowOf(line, null, language)))
      rows.push(...value.map((line) => rowOf(line, line, language)))
    }
    removed = []
  }
  return [...rows, ...removed.map((line) => rowOf(line, null, language))]
}

function pairLines(removed: readonly Line[], added: readonly Line[], language: string): Row[] {
  const rows: Row[] = []
  const rest = [...removed]
  for (const line of added) {
    const at = rest.findIndex(({ part }) => part === line.part)
    const skipped = at === -1 ? [] : rest.splice(0, at)
    rows.push(...skipped.map((old) => rowOf(old, null, language)))
    rows.push(rowOf(at === -1 ? null : (rest.shift() ?? null), line, language))
  }
  return [...rows, ...rest.map((line) => rowOf(line, null, language))]
}

function isEqual(a: Line, b: Line): boolean {
  return a.part === b.part && a.text === b.text
}

function rowOf(old: Line | null, next: Line | null, language: string): Row {
  const part = (next ?? old)?.part as Part
  if (old && next && old.text !== next.text) {
    return { part, ...compareWords(old.text, next.text, language), changed: true }
  }
  const changed = !old || !next
  return {
    part,
    old: old && [{ text: old.text, changed }],
    new: next && [{ text: next.text, changed }],
    changed,
  }
}

/** The words of two texts, as the language separates them. */
function compareWords(old: string, next: string, language: string): { old: Piece[]; new: Piece[] } {
  const pieces = { old: [] as Piece[], new: [] as Piece[] }
  for (const { value, added, removed } of diffArrays(words(old, language), words(next, language))) {
    const piece = { text: value.join(''), changed: added || removed }
    if (!added) pieces.old.push(piece)
    if (!removed) pieces.new.push(piece)
  }
  return pieces
}

function words(text: string, language: string): string[] {
  const segmenter = new Intl.Segmenter(language, { granularity: 'word' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}
