import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = join(import.meta.dirname, '../..')

/** Modules through which a test gets a database or starts processes that use one. */
const SOURCES = ['database.ts', 'lend.ts', 'template.ts', 'processes.ts', 'shell.ts'].map((name) =>
  join(import.meta.dirname, name),
)

const IMPORT = /(?:from|import)\s*\(?\s*'(\.[^']+\.ts)'/g

/**
 * The test files by what they need: a process of their own, because they replace modules; a database; or
 * neither. Files of the last two kinds share processes; files without a database never see one.
 */
export function testFiles(): { ownProcess: string[]; withDatabase: string[]; withoutDatabase: string[] } {
  const files = globSync('test/**/*.test.ts', { cwd: root, exclude: ['test/bench/**'] })
  const known = new Map<string, readonly string[]>()
  const ownProcess = files.filter((file) => /vi\.mock\(/.test(readFileSync(join(root, file), 'utf8')))
  const sharing = files.filter((file) => !ownProcess.includes(file))
  const withDatabase = sharing.filter((file) => {
    const reached = reachable(join(root, file), known)
    return (
      /DATABASE_URL/.test(readFileSync(join(root, file), 'utf8')) ||
      SOURCES.some((source) => reached.has(source))
    )
  })
  return { ownProcess, withDatabase, withoutDatabase: sharing.filter((file) => !withDatabase.includes(file)) }
}

function reachable(file: string, known: Map<string, readonly string[]>): Set<string> {
  const reached = new Set([file])
  for (const each of reached) for (const imported of importsOf(each, known)) reached.add(imported)
  return reached
}

function importsOf(file: string, known: Map<string, readonly string[]>): readonly string[] {
  const before = known.get(file)
  if (before) return before
  const imports = [...readFileSync(file, 'utf8').matchAll(IMPORT)]
    .map(([, path = '']) => resolve(file, '..', path))
    .filter((path) => existsSync(path))
  known.set(file, imports)
  return imports
}
