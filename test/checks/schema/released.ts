import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

// `npm run schema:release` stores the schema as the one of the version in package.json. See "Make a release" in
// CONTRIBUTING.md.

const root = join(import.meta.dirname, '../../..')
const SCHEMA = 'schema/schema.graphql'
const RELEASED = 'schema/released.graphql'

/** The schema of the last released version. */
export interface ReleasedSchema {
  /** The version, such as 0.3.0. */
  readonly version: string
  /** The commit that contains this schema. */
  readonly commit: string
  readonly sdl: string
}

const HEADER =
  /^# The schema of version (\d+\.\d+\.\d+), from commit ([0-9a-f]{40})\. Written by `npm run schema:release`\.\n/

/** The content of schema/released.graphql. */
export function writeReleased({ version, commit, sdl }: ReleasedSchema): string {
  const header = `# The schema of version ${version}, from commit ${commit}. Written by \`npm run schema:release\`.\n`
  return header + sdl.replace(/^#.*\n/, '')
}

/**
 * Reads the content of schema/released.graphql.
 * @throws Error if its first line does not name a version and a commit
 */
export function readReleased(content: string): ReleasedSchema {
  const [header, version, commit] = HEADER.exec(content) ?? []
  if (header === undefined || version === undefined || commit === undefined) {
    throw new Error(
      `The first line of ${RELEASED} must name its version and commit. Run \`npm run schema:release\`.`,
    )
  }
  return { version, commit, sdl: content.slice(header.length) }
}

/** The newest released version in a changelog, and whether its section names a commit. */
export function newestRelease(
  changelog: string,
  commit: string,
): { version: string; namesCommit: boolean } | null {
  const section = changelog.split(/^## /m).find((each) => /^\d+\.\d+\.\d+/.test(each))
  const version = section && /^\d+\.\d+\.\d+/.exec(section)?.[0]
  if (!section || !version) return null
  return { version, namesCommit: section.includes(`Commit: ${commit.slice(0, SHORT)}`) }
}

/** The number of digits of a commit in the changelog. */
const SHORT = 10

/** The line of the changelog that names the commit. */
export function commitLine(commit: string): string {
  return `Commit: ${commit.slice(0, SHORT)}`
}

/** The released schema; null if none has been stored yet. */
export function released(): ReleasedSchema | null {
  const content = read(RELEASED)
  return content === null ? null : readReleased(content)
}

export function currentSchema(): string {
  return readFileSync(join(root, SCHEMA), 'utf8')
}

export function changelog(): string {
  return readFileSync(join(root, 'CHANGELOG.md'), 'utf8')
}

/** The version in package.json. */
export function currentVersion(): string {
  return (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version
}

function read(path: string): string | null {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

if (import.meta.main) {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8' })
  const commit = git('rev-parse', 'HEAD').trim()
  const sdl = currentSchema()
  if (git('show', `HEAD:${SCHEMA}`) !== sdl) {
    console.error(`${SCHEMA} has changes that are not committed. Commit them first.`)
    process.exitCode = 1
  } else {
    writeFileSync(join(root, RELEASED), writeReleased({ version: currentVersion(), commit, sdl }))
    console.log(`Wrote ${RELEASED}. Add this line below the heading of the version in CHANGELOG.md:`)
    console.log(commitLine(commit))
  }
}
