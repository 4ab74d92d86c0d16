import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Checks that the files of src are short. Biome checks the maximum size of a file and of a function.

/** The 95th percentile of the lines per file, at most. */
export const MAX_P95_LINES = 180

/** Generated code and sample data are not counted. */
const UNCOUNTED = ['db/client/', 'sample/']

/** By file, relative to src: the number of lines. */
export type Sizes = ReadonlyMap<string, number>

/** The problem of some files, with the longest of them; null if there is none. */
export function sizeProblem(sizes: Sizes): string | null {
  const p95 = percentile([...sizes.values()], 0.95)
  if (p95 <= MAX_P95_LINES) return null
  const longest = [...sizes].filter(([, lines]) => lines > MAX_P95_LINES).sort((a, b) => b[1] - a[1])
  const names = longest.map(([file, lines]) => `${file} (${lines})`).join(', ')
  return `The 95th percentile of lines per file is ${p95}; the maximum is ${MAX_P95_LINES}. Split some of: ${names}`
}

/** The smallest value that is not exceeded by this share of the values; 0 for no values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

/** Reads the number of lines of each TypeScript file in a folder. */
export function sizesOf(root: string): Sizes {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !UNCOUNTED.some((folder) => file.startsWith(folder)),
  )
  return new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8').split('\n').length - 1]))
}

if (import.meta.main) {
  const problem = sizeProblem(sizesOf(join(import.meta.dirname, '../../src')))
  if (problem !== null) {
    console.error(problem)
    process.exitCode = 1
  }
}
