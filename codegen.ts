import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { type CodegenConfig, generate } from '@graphql-codegen/cli'
import { getOperationAST, isAbstractType, lexicographicSortSchema, print, printSchema } from 'graphql'
import { documentWithTypenames, textId } from './src/graphql/known-documents.ts'
import { operationNames } from './src/graphql/operations.ts'
import { schema } from './src/schema/schema.ts'

// Writes what clients stand on: the schema, a typed document for each operation in schema/operations, the ids of these
// documents, and which types each interface and union may be. `--check` writes nothing; it fails when a file is out of
// date.

interface GeneratedFile {
  readonly path: string
  readonly content: string
}

const root = import.meta.dirname
const inSchema = (name: string) => join(root, 'schema', name)

/** Also a configuration for the `graphql-codegen` command, which writes the documents from the written schema. */
const config: CodegenConfig = {
  schema: inSchema('schema.graphql'),
  documents: inSchema('operations/*.graphql'),
  generates: {
    [inSchema('documents.ts')]: {
      plugins: [
        {
          add: {
            content: '// Generated from schema/operations/*.graphql by `npm run codegen`. Do not edit.\n',
          },
        },
        'typescript-operations',
        'typed-document-node',
      ],
      config: {
        useTypeImports: true,
        scalars: { DateTime: 'string', Date: 'string', JSON: 'unknown', ID: 'string' },
        strictScalars: true,
      },
    },
  },
}

export default config

if (import.meta.main) {
  const files = [sdl(), ...(await documents()), persistedDocuments(), possibleTypes()]
  if (process.argv.includes('--check')) await check(files)
  else for (const { path, content } of files) await writeFile(path, content)
}

function sdl(): GeneratedFile {
  const header = '# Generated from src/schema/schema.ts by `npm run codegen`. Do not edit.'
  const content = `${header}\n\n${printSchema(lexicographicSortSchema(schema))}\n`
  return { path: inSchema('schema.graphql'), content }
}

async function documents(): Promise<GeneratedFile[]> {
  const outputs: { filename: string; content: string }[] = await generate(
    { ...config, schema: sdl().content, silent: true },
    false,
  )
  return outputs.map(({ filename, content }) => ({ path: filename, content }))
}

/** The manifest of the operations, in the form of Apollo: clients send the ids. */
function persistedDocuments(): GeneratedFile {
  const operations = operationNames().map((name) => {
    const document = documentWithTypenames(name)
    const body = print(document)
    return { id: textId(body), name, type: getOperationAST(document)?.operation, body }
  })
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations }
  return {
    path: inSchema('persisted-documents.json'),
    content: `${JSON.stringify(manifest, null, 2)}\n`,
  }
}

/** What caches that normalise need in order to read fragments on interfaces, in the form of Apollo Client. */
function possibleTypes(): GeneratedFile {
  const sorted = lexicographicSortSchema(schema)
  const types = Object.values(sorted.getTypeMap())
    .filter(isAbstractType)
    .map((type) => [
      type.name,
      sorted
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .sort(),
    ])
  const content = `${JSON.stringify(Object.fromEntries(types), null, 2)}\n`
  return { path: inSchema('possible-types.json'), content }
}

async function check(files: GeneratedFile[]): Promise<void> {
  const stale: string[] = []
  for (const { path, content } of files) {
    const committed = await readFile(path, 'utf8').catch(() => null)
    if (committed !== content) stale.push(relative(root, path))
  }
  if (stale.length === 0) return
  console.error(`Out of date: ${stale.join(', ')}. Run \`npm run codegen\` and commit.`)
  process.exitCode = 1
}
