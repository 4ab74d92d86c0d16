import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

// Compares docs/extending-the-schema.md with the code that it shows.

const root = join(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/extending-the-schema.md'), 'utf8')

/** Every file or folder of the repository in backticks; a name with <…> stands for a new file. */
const paths = new Set(
  [...page.matchAll(/`((?:src|test|prisma|schema|docs)\/[^`<]+)`/g)].map(([, path]) => path as string),
)

/** `name` in `file`. */
const names = [...page.matchAll(/`(\w+)` in `((?:src|test)\/[^`]+\.ts)`/g)].map(
  ([, name, file]) => [name, file] as [string, string],
)

const samples = [...page.matchAll(/^ *```ts\n *\/\/ (\S+)\n(.*?)^ *```$/gms)].map(
  ([, file, code]) => [file, code] as [string, string],
)

test('the page names files, exports and code', () => {
  expect(paths.size).toBeGreaterThan(20)
  expect(names.length).toBeGreaterThan(10)
  expect(samples).toHaveLength(8)
})

test.each([...paths])('%s exists', (path) => {
  expect(existsSync(join(root, path))).toBe(true)
})

test.each(names)('%s is exported by %s', (name, file) => {
  const exported = new RegExp(
    String.raw`^export (?:async )?(?:const|function|class|interface|type) ${name}\b`,
    'm',
  )
  expect(readFileSync(join(root, file), 'utf8')).toMatch(exported)
})

describe('code of the page', () => {
  test.each(samples)('is code of %s, without the lines at "…": %s', (file, code) => {
    const source = linesOf(readFileSync(join(root, file), 'utf8'))
    let from = 0
    for (const part of code.split(/^ *…$/m).map(linesOf)) {
      const at = indexOf(source, part, from)
      expect(at, `${file} does not contain:\n${part.join('\n')}`).toBeGreaterThanOrEqual(0)
      from = at + part.length
    }
  })
})

/** The lines without indentation and blank lines. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function indexOf(lines: readonly string[], part: readonly string[], from: number): number {
  return lines.findIndex((_line, at) => at >= from && part.every((line, i) => lines[at + i] === line))
}
