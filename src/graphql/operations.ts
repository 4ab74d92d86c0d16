import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The documents that our own pages and tests send. */
const FOLDER = join(import.meta.dirname, '../../schema/operations')

/** The text of operations by name, each followed by the fragments that it uses. */
export function operationText(...names: string[]): string {
  const texts = new Map<string, string>()
  for (const pending = [...names]; pending.length > 0; ) {
    const name = pending.shift() as string
    if (texts.has(name)) continue
    const text = readFileSync(join(FOLDER, `${name}.graphql`), 'utf8').trim()
    texts.set(name, text)
    pending.push(
      ...[...text.matchAll(/\.\.\.(?!\s*on\b)\s*(\w+)/g)].map(([, fragment]) => fragment as string),
    )
  }
  return [...texts.values()].join('\n\n')
}

/** The names of all operations, in alphabetical order. */
export function operationNames(): string[] {
  return readdirSync(FOLDER)
    .filter((file) => /^(?:query|mutation|subscription)\b/m.test(readFileSync(join(FOLDER, file), 'utf8')))
    .map((file) => file.replace(/\.graphql$/, ''))
    .sort()
}
