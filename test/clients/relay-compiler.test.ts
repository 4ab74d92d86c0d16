import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

// relay-compiler brings its binary along; nothing is downloaded.

const schemaFolder = join(import.meta.dirname, '../../schema')
const compiler = fileURLToPath(import.meta.resolve('relay-compiler/cli.js'))

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

let project: string
beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'dateline-relay-'))
  await mkdir(join(project, 'src/artifacts'), { recursive: true })
  await cp(join(schemaFolder, 'schema.graphql'), join(project, 'schema.graphql'))
  const config = {
    src: './src',
    schema: './schema.graphql',
    artifactDirectory: './src/artifacts',
    language: 'typescript',
    customScalarTypes: { DateTime: 'string' },
    requireCustomScalarTypes: true,
  }
  await writeFile(join(project, 'relay.config.json'), JSON.stringify(config))
})
afterEach(() => rm(project, { recursive: true, force: true }))

test('relay-compiler takes the schema and every operation as they are', async () => {
  const names = (await readdir(join(schemaFolder, 'operations'))).map((file) => file.replace('.graphql', ''))
  for (const name of names)
    await source(name, await readFile(join(schemaFolder, `operations/${name}.graphql`), 'utf8'))

  expect(await compile()).toMatchObject({ code: 0 })
  expect(await readdir(join(project, 'src/artifacts'))).toEqual(
    expect.arrayContaining(names.map((name) => `${name}.graphql.ts`)),
  )
})

test('relay-compiler makes the queries that read a story again and load more of its comments', async () => {
  await source('Story', STORY)

  expect(await compile()).toMatchObject({ code: 0 })
  const query = await readFile(join(project, 'src/artifacts/StoryRefetchQuery.graphql.ts'), 'utf8')
  expect(query).toContain('node(id: $id)')
  expect(query).toContain('hasNextPage')
})

test('relay-compiler refuses what the schema does not have', async () => {
  await source('Story', STORY.replace('headline', 'headlines'))

  const { code, output } = await compile()
  expect(code).not.toBe(0)
  expect(output).toContain('The type `Article` has no field `headlines`')
})

async function source(name: string, document: string): Promise<void> {
  const code = `import { graphql } from 'relay-runtime'\n\ngraphql\`\n${document}\n\`\n`
  await writeFile(join(project, `src/${name}.ts`), code)
}

async function compile(): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [compiler, 'relay.config.json'], { cwd: project })
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ])
  return { code, output: stdout + stderr }
}
