import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf, problemsOf } from './layers.ts'
import { avoidablePhrases } from './phrases.ts'
import { MAX_P95_LINES, percentile, sizeProblem, sizesOf } from './sizes.ts'

describe('the check of layers', () => {
  test('accepts the source code', () => {
    const imports = importsOf(join(import.meta.dirname, '../../src'))
    expect(imports.size).toBeGreaterThan(300)
    expect(problemsOf(imports)).toEqual([])
  })

  test('names an import from a layer with a higher number, types included', () => {
    expect(problemsOf(new Map([['articles/save.ts', ['schema/article.ts']]]))).toEqual([
      'articles/save.ts: imports schema/article.ts, which is of a layer with a higher number',
    ])
  })

  test('names two folders of one layer that import each other', () => {
    const imports = new Map([
      ['bus/a.ts', ['jobs/b.ts']],
      ['jobs/c.ts', ['bus/d.ts']],
    ])
    expect(problemsOf(imports)).toEqual(['bus and jobs import each other: bus/a.ts, jobs/c.ts'])
  })

  test('names a folder without a layer', () => {
    expect(problemsOf(new Map([['utils/a.ts', []]]))).toEqual([
      'utils/a.ts: its folder has no layer; add it to LAYERS',
    ])
  })
})

describe('the check of sizes', () => {
  const files = (count: number, lines: number, name: string) =>
    Array.from({ length: count }, (_, i): [string, number] => [`${name}${i}.ts`, lines])

  test('accepts the source code, without generated code and sample data', () => {
    const sizes = sizesOf(join(import.meta.dirname, '../../src'))
    expect(sizes.size).toBeGreaterThan(300)
    expect([...sizes.keys()].filter((file) => /^(?:db\/client|sample)\//.test(file))).toEqual([])
    expect(sizeProblem(sizes)).toBeNull()
  })

  test('accepts one long file of twenty, and names two', () => {
    const short = files(19, MAX_P95_LINES, 'short')
    expect(sizeProblem(new Map([...short, ...files(1, 340, 'long')]))).toBeNull()
    const problem = sizeProblem(new Map([...short, ...files(2, MAX_P95_LINES + 1, 'long')]))
    expect(problem).toContain('is 181')
    expect(problem).toContain('long0.ts (181), long1.ts (181)')
  })

  test('computes percentiles', () => {
    expect(percentile([3, 1, 2, 4], 0.5)).toBe(2)
    expect(percentile([3, 1, 2, 4], 0.75)).toBe(3)
    expect(percentile([], 0.95)).toBe(0)
  })
})

test('the check of phrases finds whole words in any letter case, with their line', () => {
  expect(avoidablePhrases('Whoever reads\na renewed\nfeed that there is')).toEqual([
    { line: 1, phrase: 'whoever' },
    { line: 3, phrase: 'that there is' },
  ])
})

test('every statement that takes a lock is in src/db/locks.ts', () => {
  const src = join(import.meta.dirname, '../../src')
  const files = globSync('**/*.ts', { cwd: src, exclude: ['db/client/**'] })
  const locks = /\bFOR (?:NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)\b|pg_(?:try_)?advisory|LOCK TABLE/
  expect(files.filter((file) => locks.test(readFileSync(join(src, file), 'utf8')))).toEqual(['db/locks.ts'])
})
