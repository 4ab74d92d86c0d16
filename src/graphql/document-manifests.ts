import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SetupError } from '../base/errors.ts'
import { messageOf } from '../base/message-of.ts'
import { MAX_DOCUMENT_ID_LENGTH } from './limits.ts'

/** A document of a manifest. */
export interface ManifestEntry {
  /** As clients send it. */
  id: string
  text: string
  /** The entry and its file, for messages. */
  where: string
}

/**
 * Reads the manifests of persisted documents: one file, or all .json files of a folder. A manifest is in the format of
 * Apollo (`{ format, version, operations: [{ id, body }] }`), or an object of texts by id, as Relay and the client
 * preset of GraphQL Code Generator write it.
 * @throws SetupError naming the file and the entry that is wrong
 */
export function readManifests(path: string): ManifestEntry[] {
  return filesOf(path).flatMap(readManifest)
}

function filesOf(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    const names = readdirSync(path).filter((name) => name.endsWith('.json'))
    if (names.length === 0) throw new SetupError(`PERSISTED_DOCUMENTS: ${path} contains no .json file.`)
    return names.sort().map((name) => join(path, name))
  } catch (error) {
    throw error instanceof SetupError ? error : unreadable(path, error)
  }
}

function readManifest(file: string): ManifestEntry[] {
  const value = parseFile(file)
  if (!isObject(value)) throw wrong(file, 'is not a manifest: it must contain a JSON object')
  const entries = 'operations' in value ? apolloEntries(value, file) : Object.entries(value)
  return entries.map(([id, text], index) => entryOf(id, text, { file, index }))
}

function parseFile(file: string): unknown {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw unreadable(file, error)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw wrong(file, 'does not contain valid JSON')
  }
}

/** https://www.apollographql.com/docs/graphos/platform/security/persisted-queries#manifest-format */
function apolloEntries({ format, version, operations }: Record<string, unknown>, file: string) {
  if (format !== 'apollo-persisted-query-manifest' || version !== 1) {
    throw wrong(file, 'must have "format": "apollo-persisted-query-manifest" and "version": 1')
  }
  if (!Array.isArray(operations)) throw wrong(file, 'must have a list of "operations"')
  return operations.map((each: unknown): [unknown, unknown] =>
    isObject(each) ? [each.id, each.body] : [null, null],
  )
}

function entryOf(
  id: unknown,
  text: unknown,
  { file, index }: { file: string; index: number },
): ManifestEntry {
  if (typeof id !== 'string' || id === '' || id.length > MAX_DOCUMENT_ID_LENGTH) {
    const length = `1 to ${MAX_DOCUMENT_ID_LENGTH} characters`
    throw wrong(file, `is wrong at entry ${index + 1}: its id must be a string of ${length}`)
  }
  const where = `entry ${JSON.stringify(id)} of ${basename(file)}`
  if (typeof text !== 'string') throw wrong(file, `is wrong at ${where}: its document must be a string`)
  return { id, text, where }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrong(file: string, problem: string): SetupError {
  return new SetupError(`PERSISTED_DOCUMENTS: ${file} ${problem}.`)
}

function unreadable(path: string, cause: unknown): SetupError {
  return new SetupError(`PERSISTED_DOCUMENTS: ${path} cannot be read: ${messageOf(cause)}.`, { cause })
}
