import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

// relay-compiler brings its binary along; nothing is downloaded.

const schemaFolder = join(import.meta.dirname, '../../schema')
const compiler = fileURLToPath(import.meta.resolve('relay-compiler/cli.js'))

/** A folder with the schema and documents of a client that uses Relay. */
export interface RelayProject extends AsyncDisposable {
  readonly path: string
  /** Adds a document, in a file of its own. */
  add(name: string, document: string): Promise<void>
  compile(): Promise<{ code: number | null; output: string }>
  /** The names of what the compiler made. */
  artifacts(): Promise<string[]>
  /** Where the artifact of a document is. */
  pathOf(name: string): string
}

/** @param settings more settings of the compiler */
export async function relayProject(
  language: 'typescript' | 'javascript',
  settings: object = {},
): Promise<RelayProject> {
  const folder = await mkdtemp(join(tmpdir(), 'dateline-relay-'))
  const artifacts = join(folder, 'src/artifacts')
  const ending = language === 'typescript' ? 'ts' : 'js'
  await mkdir(artifacts, { recursive: true })
  await cp(join(schemaFolder, 'schema.graphql'), join(folder, 'schema.graphql'))
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const config = {
    src: './src',
    schema: './schema.graphql',
    artifactDirectory: './src/artifacts',
    language,
    eagerEsModules: true,
    customScalarTypes: { DateTime: 'string', Date: 'string', JSON: 'unknown' },
    requireCustomScalarTypes: true,
    ...settings,
  }
  await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config))
  return {
    path: folder,
    async add(name, document) {
      const code = `import { graphql } from 'relay-runtime'\n\ngraphql\`\n${document}\n\`\n`
      await writeFile(join(folder, `src/${name}.${ending}`), code)
    },
    async compile() {
      const child = spawn(process.execPath, [compiler, 'relay.config.json'], { cwd: folder })
      const [[code], stdout, stderr] = await Promise.all([
        once(child, 'close'),
        text(child.stdout),
        text(child.stderr),
      ])
      return { code, output: stdout + stderr }
    },
    artifacts: () => readdir(artifacts),
    pathOf: (name) => join(artifacts, `${name}.graphql.${ending}`),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/** The project's own operations and fragments, by name. */
export async function operations(): Promise<Map<string, string>> {
  const folder = join(schemaFolder, 'operations')
  const files = await readdir(folder)
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return new Map(files.map((file, index) => [file.replace('.graphql', ''), texts[index] as string]))
}
