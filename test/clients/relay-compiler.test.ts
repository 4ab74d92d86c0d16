import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { operations, relayProject } from './relay-project.ts'

/** A story whose comments grow page by page, and which can be read again by its id. */
const STORY = `
  fragment Story_article on Article
  @refetchable(queryName: "StoryRefetchQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
    headline
    comments(first: $first, after: $after) @connection(key: "Story_comments") {
      edges {
        node {
          body
        }
      }
    }
  }`

test('relay-compiler takes the schema and every operation as they are', async () => {
  await using project = await relayProject('typescript')
  const documents = await operations()
  for (const [name, document] of documents) await project.add(name, document)

  expect(await project.compile()).toMatchObject({ code: 0 })
  const artifacts = [...documents.keys()].map((name) => `${name}.graphql.ts`)
  expect(await project.artifacts()).toEqual(expect.arrayContaining(artifacts))
})

test('relay-compiler makes the queries that read a story again and load more of its comments', async () => {
  await using project = await relayProject('typescript')
  await project.add('Story', STORY)

  expect(await project.compile()).toMatchObject({ code: 0 })
  const query = await readFile(project.pathOf('StoryRefetchQuery'), 'utf8')
  expect(query).toContain('node(id: $id)')
  expect(query).toContain('hasNextPage')
})

test('relay-compiler refuses what the schema does not have', async () => {
  await using project = await relayProject('typescript')
  await project.add('Story', STORY.replace('headline', 'headlines'))

  const { code, output } = await project.compile()
  expect(code).not.toBe(0)
  expect(output).toContain('The type `Article` has no field `headlines`')
})
