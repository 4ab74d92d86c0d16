import { describe, expect, test } from 'vitest'
import { lint } from './linters.ts'
import { readRulesPage, ruleProblems } from './rules.ts'

const page = `# Rules

## Rules that are off

| Rule | Reason |
| --- | --- |
| \`strict-id-in-types\` | Only nodes have an id. |
| \`no-unreachable-types\` | The test needs it. |

## Options

| Rule | Options | Reason |
| --- | --- | --- |
| \`relay-edge-types\` | \`{"listTypeCanWrapOnlyEdgeType":false}\` | Short lists are plain lists. |

## Exceptions

| Rule | Elements | Reason |
| --- | --- | --- |
| \`relay-arguments\` | \`Query.a\`, \`Query.b\` | They are read forwards only. |
`

test('the page gives the rules that are off, options, and one exception for each element', () => {
  expect(readRulesPage(page)).toEqual({
    off: ['strict-id-in-types', 'no-unreachable-types'],
    options: new Map([['relay-edge-types', { listTypeCanWrapOnlyEdgeType: false }]]),
    exceptions: [
      { rule: 'relay-arguments', element: 'Query.a' },
      { rule: 'relay-arguments', element: 'Query.b' },
    ],
  })
})

test('a row without a reason is refused', () => {
  expect(() => readRulesPage(page.replace('They are read forwards only.', ''))).toThrow('a row has no reason')
})

describe('the linters find', () => {
  const findings = (sdl: string) => lint(sdl, new Map()).map(({ rule, element }) => `${rule} ${element}`)

  test.each([
    ['a missing description', '"""Reads."""\ntype Query {\n  a: Int\n}', 'require-description Query.a'],
    [
      'a missing description, twice',
      '"""Reads."""\ntype Query {\n  a: Int\n}',
      'fields-have-descriptions Query.a',
    ],
    ['a name in another case', 'type Query {\n  a: E\n}\nenum E {\n  low\n}', 'naming-convention E.low'],
    [
      'values in another order',
      'type Query {\n  a: E\n}\nenum E {\n  B\n  A\n}',
      'enum-values-sorted-alphabetically E',
    ],
    [
      'a description in lower case',
      'type Query {\n  "a number" a: Int\n}',
      'descriptions-are-capitalized Query.a',
    ],
    [
      'a deprecation without a reason',
      'type Query {\n  a: Int @deprecated\n}',
      'deprecations-have-a-reason Query.a',
    ],
    ['an unused type', 'type Query {\n  a: Int\n}\ntype B {\n  x: Int\n}', 'defined-types-are-used B'],
    [
      'an argument of a mutation',
      'type Query {\n  a: Int\n}\ntype Mutation {\n  b(x: Int): Int\n}',
      'input-name Mutation.b(x:)',
    ],
    [
      'a connection without the arguments of Relay',
      'type Query {\n  a: AConnection\n}\ntype AConnection {\n  edges: [Int]\n}',
      'relay-arguments Query.a',
    ],
  ])('%s', (_name, sdl, finding) => {
    expect(findings(sdl)).toContain(finding)
  })
})

describe('the check of rules', () => {
  const sdl = '"""Reads."""\ntype Query {\n  a: Int\n}'
  const both = [
    { rule: 'require-description', element: 'Query.a' },
    { rule: 'fields-have-descriptions', element: 'Query.a' },
  ]
  const config = { off: ['relay-page-info', 'relay-page-info-spec'], options: new Map(), exceptions: both }

  test('accepts a finding that the page explains', () => {
    expect(ruleProblems(sdl, config)).toEqual([])
  })

  test('names a finding that the page does not explain', () => {
    expect(ruleProblems(sdl, { ...config, exceptions: both.slice(0, 1) })).toEqual([
      'Query.a: The field `Query.a` is missing a description (fields-have-descriptions). Correct it, or explain it ' +
        'under "Exceptions" in docs/schema-rules.md.',
    ])
  })

  test('names an exception that is no longer needed', () => {
    const exceptions = [...both, { rule: 'relay-arguments', element: 'Query.a' }]
    expect(ruleProblems(sdl, { ...config, exceptions })).toEqual([
      'docs/schema-rules.md: Query.a no longer breaks relay-arguments. Remove the exception.',
    ])
  })

  test('names a rule that the linters do not have', () => {
    expect(ruleProblems(sdl, { ...config, off: ['no-such-rule', ...config.off] })).toEqual([
      'docs/schema-rules.md: the linters have no rule no-such-rule.',
    ])
  })
})
