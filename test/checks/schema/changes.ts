import { CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'
import { unmarkedElements } from './deprecated.ts'
import {
  changelog,
  commitLine,
  currentSchema,
  currentVersion,
  newestRelease,
  type ReleasedSchema,
  released,
} from './released.ts'

// Compares schema/schema.graphql with the schema of the last released version, by GraphQL Inspector. The rules
// are in docs/schema-design.md, under "Deprecation".

/** The first version whose schema is compared: earlier versions may change without notice. */
const FIRST_COMPARED = '0.3.0'

export interface Verdict {
  /** Each makes the check fail. */
  readonly problems: string[]
  /** Printed only. */
  readonly notes: string[]
}

/**
 * Compares a schema with the released one.
 * @param version the version in package.json: the one that will be released next, or the released one
 */
export async function compareWithReleased(
  base: ReleasedSchema,
  sdl: string,
  version: string,
): Promise<Verdict> {
  const baseSchema = buildSchema(base.sdl)
  const isUnmarked = unmarkedElements(baseSchema)
  const mayRemove = isMinorLater(version, base.version)
  const verdict: Verdict = { problems: [], notes: [] }
  for (const { criticality, message, path } of await diff(baseSchema, buildSchema(sdl))) {
    if (criticality.level === CriticalityLevel.Dangerous) verdict.notes.push(`Dangerous change: ${message}.`)
    if (criticality.level !== CriticalityLevel.Breaking) continue
    if (isUnmarked(path)) {
      verdict.problems.push(
        `Breaking change since ${base.version}: ${withoutStop(message)}. Keep it, mark it @deprecated with what to use ` +
          'instead, release a minor version, and remove it in the next one.',
      )
    } else if (mayRemove) {
      verdict.notes.push(`Deprecated in ${base.version}, changed in ${version}: ${withoutStop(message)}.`)
    } else {
      verdict.problems.push(
        `Breaking change since ${base.version}: ${withoutStop(message)}. It is deprecated: raise the minor version in ` +
          'package.json before you remove it.',
      )
    }
  }
  return verdict
}

/** The problems of the stored schema itself: missing, not of the last release, or its commit is not in the changelog. */
export function baselineProblem(base: ReleasedSchema | null, version: string, log: string): string | null {
  if (!base) {
    if (isEarlier(version, FIRST_COMPARED)) return null
    return `Version ${version} has no schema/released.graphql to compare with. Run \`npm run schema:release\`.`
  }
  const newest = newestRelease(log, base.commit)
  if (newest?.version !== base.version) {
    return (
      `CHANGELOG.md has ${newest?.version ?? 'no version'} as the last release, but schema/released.graphql is the ` +
      `schema of ${base.version}. Run \`npm run schema:release\`.`
    )
  }
  if (newest.namesCommit) return null
  return `CHANGELOG.md must name the commit of ${base.version}. Add "${commitLine(base.commit)}" below its heading.`
}

function withoutStop(message: string): string {
  return message.replace(/\.$/, '')
}

function numbers(version: string): [major: number, minor: number, patch: number] {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.-]/).map(Number)
  return [major, minor, patch]
}

function isEarlier(version: string, than: string): boolean {
  const [a, b] = [numbers(version), numbers(than)]
  const first = a.findIndex((number, i) => number !== b[i])
  return first >= 0 && (a[first] as number) < (b[first] as number)
}

function isMinorLater(version: string, than: string): boolean {
  const [major, minor] = numbers(than)
  return !isEarlier(version, `${major}.${minor + 1}.0`)
}

if (import.meta.main) {
  const version = currentVersion()
  const base = released()
  const problem = baselineProblem(base, version, changelog())
  if (problem) {
    console.error(problem)
    process.exitCode = 1
  } else if (base) {
    const { problems, notes } = await compareWithReleased(base, currentSchema(), version)
    for (const note of notes) console.log(note)
    for (const each of problems) console.error(each)
    if (problems.length > 0) process.exitCode = 1
  } else {
    console.log(`The schema is not compared with a released one before version ${FIRST_COMPARED}.`)
  }
}
