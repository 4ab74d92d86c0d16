import { describe, expect, test } from 'vitest'
import { baselineProblem, compareWithReleased } from './changes.ts'
import { newestRelease, readReleased, writeReleased } from './released.ts'

const COMMIT = '0123456789abcdef0123456789abcdef01234567'

function compare(before: string, after: string, version = '0.3.1') {
  return compareWithReleased({ version: '0.3.0', commit: COMMIT, sdl: before }, after, version)
}

describe('a breaking change fails the check', () => {
  test.each([
    ['a removed field', 'type Query { a: Int b: Int }', 'type Query { a: Int }', "Field 'b' was removed"],
    [
      'a field of another type',
      'type Query { a: Int }',
      'type Query { a: String }',
      "from 'Int' to 'String'",
    ],
    [
      'a field that may now be null',
      'type Query { a: Int! }',
      'type Query { a: Int }',
      "from 'Int!' to 'Int'",
    ],
    ['a removed argument', 'type Query { a(x: Int): Int }', 'type Query { a: Int }', "'x: Int' was removed"],
    [
      'an argument that is now required',
      'type Query { a(x: Int): Int }',
      'type Query { a(x: Int!): Int }',
      "from 'Int' to 'Int!'",
    ],
    [
      'a new required argument',
      'type Query { a: Int }',
      'type Query { a(x: Int!): Int }',
      "'x: Int!' added to field 'Query.a'",
    ],
    [
      'a removed enum value',
      'type Query { a: E } enum E { A B }',
      'type Query { a: E } enum E { A }',
      "Enum value 'B' was removed",
    ],
    [
      'a removed union member',
      'type Query { a: U b: B } union U = A | B type A { x: Int } type B { x: Int }',
      'type Query { a: U b: B } union U = A type A { x: Int } type B { x: Int }',
      "Member 'B' was removed",
    ],
    [
      'a removed type',
      'type Query { a: A } type A { x: Int }',
      'type Query { a: B } type B { x: Int }',
      "Type 'A' was removed",
    ],
    [
      'an interface that a type no longer implements',
      'type Query { a: A } interface N { x: Int } type A implements N { x: Int }',
      'type Query { a: A } interface N { x: Int } type A { x: Int }',
      "no longer implements 'N'",
    ],
    [
      'a removed input field',
      'type Query { a(i: I): Int } input I { x: Int y: Int }',
      'type Query { a(i: I): Int } input I { x: Int }',
      "Input field 'y' was removed",
    ],
    [
      'a new required input field',
      'type Query { a(i: I): Int } input I { x: Int }',
      'type Query { a(i: I): Int } input I { x: Int y: Int! }',
      "Input field 'y' of type 'Int!' was added",
    ],
    [
      'an input of which only one field may now be given',
      'type Query { a(i: I): Int } input I { x: Int y: Int }',
      'type Query { a(i: I): Int } input I @oneOf { x: Int y: Int }',
      "'oneOf' was added",
    ],
    [
      'a removed operation type',
      'type Query { a: Int } type Mutation { b: Int }',
      'type Query { a: Int }',
      "mutation type 'Mutation' was removed",
    ],
  ])('%s', async (_name, before, after, message) => {
    const { problems } = await compare(before, after, '0.4.0')
    expect(problems.join('\n')).toContain(message)
    expect(problems[0]).toMatch(/^Breaking change since 0\.3\.0: .*\. Keep it, mark it @deprecated/)
  })
})

describe('a change that clients survive passes the check', () => {
  test.each([
    ['a new field', 'type Query { a: Int }', 'type Query { a: Int b: Int }'],
    ['a field that is never null now', 'type Query { a: Int }', 'type Query { a: Int! }'],
    ['a description', 'type Query { a: Int }', 'type Query { "A number." a: Int }'],
    ['a deprecation', 'type Query { a: Int }', 'type Query { a: Int @deprecated(reason: "Use b.") }'],
  ])('%s', async (_name, before, after) => {
    expect(await compare(before, after)).toEqual({ problems: [], notes: [] })
  })

  test.each([
    [
      'a new enum value',
      'type Query { a: E } enum E { A }',
      'type Query { a: E } enum E { A B }',
      "Dangerous change: Enum value 'B' was added to enum 'E'.",
    ],
    [
      'a new optional argument',
      'type Query { a: Int }',
      'type Query { a(x: Int): Int }',
      "Dangerous change: Argument 'x: Int' added to field 'Query.a'.",
    ],
    [
      'another default value',
      'type Query { a(x: Int = 1): Int }',
      'type Query { a(x: Int = 2): Int }',
      "Dangerous change: Default value for argument 'x' on field 'Query.a' changed from '1' to '2'.",
    ],
  ])('%s, which is printed because some clients may not expect it', async (_name, before, after, note) => {
    expect(await compare(before, after)).toEqual({ problems: [], notes: [note] })
  })
})

describe('what was deprecated in the released schema', () => {
  const removals: [name: string, before: string, after: string][] = [
    ['a field', 'type Query { a: Int b: Int @deprecated }', 'type Query { a: Int }'],
    ['an argument', 'type Query { a(x: Int @deprecated): Int }', 'type Query { a: Int }'],
    [
      'an argument of a deprecated field',
      'type Query { a(x: Int): Int @deprecated b: Int }',
      'type Query { a: Int b: Int }',
    ],
    ['an enum value', 'type Query { a: E } enum E { A B @deprecated }', 'type Query { a: E } enum E { A }'],
    [
      'an input field',
      'type Query { a(i: I): Int } input I { x: Int y: Int @deprecated }',
      'type Query { a(i: I): Int } input I { x: Int }',
    ],
    [
      'a type of a deprecated field only, with the types below it',
      'type Query { a: Int b: U @deprecated } union U = B type B { c: C } type C { x(e: E): Int } enum E { A }',
      'type Query { a: Int }',
    ],
    [
      'an object with an id, all of whose fields are deprecated',
      'type Query { node(id: ID!): Node a: A @deprecated } interface Node { id: ID! } type A implements Node { id: ID! }',
      'type Query { node(id: ID!): Node } interface Node { id: ID! }',
    ],
  ]

  test.each(removals)('%s may be removed a minor version later', async (_name, before, after) => {
    const { problems, notes } = await compare(before, after, '0.4.0')
    expect(problems).toEqual([])
    expect(notes[0]).toMatch(/^Deprecated in 0\.3\.0, changed in 0\.4\.0: /)
    expect((await compare(before, after, '1.0.0')).problems).toEqual([])
  })

  test.each(removals)('%s may not be removed in a patch', async (_name, before, after) => {
    const { problems } = await compare(before, after, '0.3.7')
    expect(problems[0]).toMatch(
      /It is deprecated: raise the minor version in package\.json before you remove it\.$/,
    )
  })

  test('a type that another field still returns may not be removed', async () => {
    const before = 'type Query { b: B @deprecated a: A } type A { b: B } type B { x: Int }'
    const { problems } = await compare(before, 'type Query { a: A } type A { x: Int }', '0.4.0')
    expect(problems.join('\n')).toContain("Type 'B' was removed")
  })

  test('a mark that was not released yet does not count', async () => {
    const { problems } = await compare('type Query { a: Int b: Int }', 'type Query { a: Int }', '0.4.0')
    expect(problems).toHaveLength(1)
  })
})

describe('the stored schema of the last release', () => {
  const base = { version: '0.3.0', commit: COMMIT, sdl: 'type Query { a: Int }\n' }
  const log = (version: string, commit: string) =>
    `# Changelog\n\n## Unreleased\n\n## ${version} (2026-11-29)\n\n${commit}\n\n## 0.2.0 (2026-11-29)\n`

  test('is written with its version and commit, instead of the first comment of the schema', () => {
    const content = writeReleased({ ...base, sdl: `# Generated.\n${base.sdl}` })
    expect(content.split('\n')[0]).toContain(`version 0.3.0, from commit ${COMMIT}`)
    expect(readReleased(content)).toEqual(base)
  })

  test('is refused without its version and commit', () => {
    expect(() => readReleased(base.sdl)).toThrow('must name its version and commit')
  })

  test('may be missing before version 0.3.0, and not later', () => {
    expect(baselineProblem(null, '0.2.0', '')).toBeNull()
    expect(baselineProblem(null, '0.3.0', '')).toContain('Version 0.3.0 has no schema/released.graphql')
    expect(baselineProblem(null, '1.0.0', '')).toContain('Version 1.0.0 has no')
  })

  test('must be the schema of the last release in the changelog, which names its commit', () => {
    expect(baselineProblem(base, '0.3.0', log('0.3.0', 'Commit: 0123456789'))).toBeNull()
    expect(baselineProblem(base, '0.4.0', log('0.4.0', 'Commit: 0123456789'))).toContain(
      'has 0.4.0 as the last release, but schema/released.graphql is the schema of 0.3.0',
    )
    expect(baselineProblem(base, '0.3.0', log('0.3.0', 'Commit: 9876543210'))).toContain(
      'must name the commit of 0.3.0',
    )
  })

  test('ignores the section of changes that are not released', () => {
    expect(newestRelease(log('0.3.0', ''), COMMIT)).toEqual({ version: '0.3.0', namesCommit: false })
    expect(newestRelease('# Changelog\n\n## Unreleased\n', COMMIT)).toBeNull()
  })
})
