import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { importsOf, problemsOf } from './layers.ts'
import { avoidablePhrases } from './phrases.ts'

describe('the check of layers', () => {
  test('accepts the source code', () => {
    const imports = importsOf(join(import.meta.dirname, '../../src'))
    expect(imports.size).toBeGreaterThan(300)
    expect(problemsOf(imports)).toEqual([])
  })

  test('names an import from a higher layer, types included', () => {
    expect(problemsOf(new Map([['articles/save.ts', ['schema/article.ts']]]))).toEqual([
      'articles/save.ts: imports schema/article.ts, which is of a higher layer',
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

test('the check of phrases finds whole words in any letter case, with their line', () => {
  expect(avoidablePhrases('Whoever reads\na renewed\nfeed that there is')).toEqual([
    { line: 1, phrase: 'whoever' },
    { line: 3, phrase: 'that there is' },
  ])
})
