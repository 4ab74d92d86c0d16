import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

// Checks source code, schema and documents for phrases that readers stop at, and names what to write instead.

/** Phrases to avoid, and what to write instead. A phrase is matched as whole words, in any letter case. */
export const PHRASES: Readonly<Record<string, string>> = {
  anew: 'again',
  'are told': 'receive, are notified',
  'begins behind': 'starts after',
  courier: 'worker',
  dialled: 'connected to',
  doorman: 'connection limiter',
  'going away': 'shutting down',
  'in vain': 'without a result',
  'is told': 'receives, is notified',
  'just now': 'at the moment',
  'let in': 'accept',
  'lets in': 'accepts',
  'of ours': 'of the gateway',
  'takes back': 'retracts',
  'taken back': 'retracted',
  'that there is': 'that exists',
  'was told': 'received, was notified',
  whichever: 'any, each',
  whoever: 'a client that, a reader who',
}

const pattern = new RegExp(String.raw`\b(?:${Object.keys(PHRASES).join('|')})\b`, 'gi')

/** The phrases of a text that should be avoided, each with its line. */
export function avoidablePhrases(text: string): { line: number; phrase: string }[] {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(pattern)].map(([phrase]) => ({ line: index + 1, phrase: phrase.toLowerCase() })),
    )
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '../..')
  for (const file of filesOf(root)) {
    for (const { line, phrase } of avoidablePhrases(readFileSync(file, 'utf8'))) {
      console.error(`${relative(root, file)}:${line}: write "${PHRASES[phrase]}" instead of "${phrase}"`)
      process.exitCode = 1
    }
  }
}

/** Source code, schema and documents, without generated code, sample texts and the history of changes. */
function filesOf(root: string): string[] {
  const folders = ['src', 'docs', 'schema', 'prisma/models']
  const found = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  return [...found, 'README.md', 'CONTRIBUTING.md', 'SECURITY.md']
    .filter((file) => /\.(?:ts|md|graphql|prisma)$/.test(file))
    .filter((file) => !file.startsWith('src/db/client/') && !file.startsWith('src/sample/'))
    .map((file) => join(root, file))
}
