import { describe, expect, test } from 'vitest'
import { normaliseName, scriptOf } from '../../src/names/names.ts'
import { organisations } from '../../src/sample/organisations.ts'
import { people } from '../../src/sample/people.ts'

const everybody = [...people, ...organisations]

describe('the people and organisations of the sample', () => {
  test('have a slug each, and a description that is one sentence', () => {
    expect(new Set(everybody.map(({ slug }) => slug)).size).toBe(everybody.length)
    for (const { slug, description } of everybody) expect(description, slug).toMatch(/^\p{Lu}[^!?]+\.$/u)
  })

  test('share no name, so that every name in a text means one of them', () => {
    const owners = new Map<string, Set<string>>()
    for (const { slug, name, names = [] } of everybody) {
      for (const text of [name, ...names.map((each) => each.text)]) {
        const key = normaliseName(text)
        owners.set(key, (owners.get(key) ?? new Set()).add(slug))
      }
    }
    expect([...owners].filter(([, slugs]) => slugs.size > 1)).toEqual([])
  })

  test('have names in the script of the language the name is in', () => {
    const scripts: Record<string, string> = { ar: 'Arab', ckb: 'Arab', fa: 'Arab', am: 'Ethi' }
    for (const { slug, names = [] } of everybody) {
      for (const { text, kind, language } of names) {
        const expected = kind === 'TRANSLITERATION' ? 'Latn' : (scripts[language ?? ''] ?? 'Latn')
        expect(scriptOf(text), `${slug}: ${text}`).toBe(expected)
      }
    }
  })

  test('hold posts only in organisations of the sample, and leave none before entering it', () => {
    const known = new Set(organisations.map(({ slug }) => slug))
    for (const { slug, affiliations = [] } of people) {
      for (const { organisation, from, to } of affiliations) {
        expect(known, slug).toContain(organisation)
        if (from && to) expect(from < to, slug).toBe(true)
      }
    }
  })
})
