import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SetupError } from '../../src/base/errors.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { openPersistedDocuments } from '../../src/http/graphql/open-persisted-documents.ts'
import { scratchFolder } from '../support/shell.ts'

// Manifests of persisted documents: what is read, and what prevents the start.

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const apollo = (operations: unknown) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
})
const valid = '{ viewer { role } }'
const other = 'query Other { viewer { displayName } }'

let folder: Awaited<ReturnType<typeof scratchFolder>>
let files = 0
beforeAll(async () => {
  folder = await scratchFolder()
})
afterAll(() => folder[Symbol.asyncDispose]())

/** Writes each manifest into a file of a new folder; returns the folder. */
async function manifests(contents: Record<string, unknown>): Promise<string> {
  const path = join(folder.path, String(files++))
  await mkdir(path)
  for (const [name, content] of Object.entries(contents)) {
    await writeFile(join(path, name), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return path
}

async function opened(content: unknown) {
  return openPersistedDocuments(join(await manifests({ 'a.json': content }), 'a.json'))
}

async function problemOf(content: unknown): Promise<string> {
  const thrown = await opened(content).catch((error: unknown) => error)
  if (thrown instanceof SetupError) return thrown.message
  throw new Error('the manifest is not refused', { cause: thrown })
}

describe('a manifest is read in the format', () => {
  const long = 'x'.repeat(128)
  test.each<[string, unknown, string]>([
    ['of Apollo', apollo([{ id: 'page-1', name: 'A', type: 'query', body: valid }]), 'page-1'],
    ['of Relay', { '5d41402abc4b2a76b9719d911017c592': valid }, '5d41402abc4b2a76b9719d911017c592'],
    ['of the client preset of GraphQL Code Generator', { [`sha256:${sha256(valid)}`]: valid }, sha256(valid)],
    ['with an id of 128 characters', { [long]: valid }, long],
    ['with the name of a property of every object', `{"__proto__":"${valid}"}`, '__proto__'],
    ['with an entry named as a key of the other format', { format: valid }, 'format'],
  ])('%s', async (_format, content, key) => {
    const documents = await opened(content)
    expect(documents.textOf(key)).toBe(valid)
    expect(documents.includesText(valid)).toBe(true)
    expect(documents.includesDocument(parse(`${valid} # The same`))).toBe(true)
    expect([documents.textOf('constructor'), documents.includesText(other)]).toEqual([undefined, false])
  })

  test('of several files in a folder, which may repeat an entry', async () => {
    const path = await manifests({
      'a.json': { one: valid },
      'b.json': apollo([
        { id: 'one', body: valid },
        { id: 'two', body: other },
      ]),
      'notes.txt': 'not read',
    })
    const documents = openPersistedDocuments(path)
    expect([documents.textOf('one'), documents.textOf('two')]).toEqual([valid, other])
  })
})

describe('the start is refused, with the file and the entry', () => {
  const long = 'x'.repeat(129)
  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /a\.json does not contain valid JSON/],
    ['no object', [valid], /a\.json is not a manifest/],
    ['a text', '"a"', /a\.json is not a manifest/],
    ['another format', { format: 'x', version: 1, operations: [] }, /a\.json must have "format"/],
    ['another version', { ...apollo([]), version: 2 }, /a\.json must have "format".* and "version": 1/],
    ['no list', apollo({}), /a\.json must have a list of "operations"/],
    [
      'an entry without an id',
      apollo([{ id: 'a', body: valid }, { body: valid }]),
      /a\.json is wrong at entry 2: its id/,
    ],
    ['an entry that is no object', apollo([null]), /a\.json is wrong at entry 1: its id/],
    ['an id that is a number', apollo([{ id: 7, body: valid }]), /entry 1: its id must be a string/],
    ['an id that is too long', { [long]: valid }, /entry 1: its id must be a string of 1 to 128 characters/],
    ['an empty id', { '': valid }, /entry 1: its id/],
    [
      'a document that is no text',
      { ok: valid, bad: 7 },
      /entry "bad" of a\.json: its document must be a string/,
    ],
    ['a document that can not be parsed', { bad: '{' }, /entry "bad" of a\.json is not valid: Syntax Error/],
    ['a document that is not valid', { bad: '{ none }' }, /entry "bad" of a\.json is not valid: .*"none"/],
    [
      'a document that is too large',
      { bad: `{ ${Array.from({ length: 401 }, (_, i) => `a${i}: __typename`).join(' ')} }` },
      /entry "bad" of a\.json is not valid: The document is too large/,
    ],
    ['a hash of another text', { [`sha256:${sha256(other)}`]: valid }, /is not the SHA-256 of its text/],
    [
      'two documents with one id',
      apollo([
        { id: 'a', body: valid },
        { id: 'a', body: other },
      ]),
      /entry "a" of a\.json is wrong: another document has the same id/,
    ],
    [
      'the id of a document in schema/operations',
      { [sha256(operationText('ArticlePage'))]: valid },
      /another document has the same id/,
    ],
  ])('%s', async (_what, content, problem) => {
    const message = await problemOf(content)
    expect(message).toMatch(/^PERSISTED_DOCUMENTS: /)
    expect(message).toMatch(problem)
    expect(message).not.toMatch(/\n/)
  })

  test('a file that does not exist, and a folder without manifests', async () => {
    expect(() => openPersistedDocuments(join(folder.path, 'none.json'))).toThrow(/none\.json cannot be read/)
    const empty = await manifests({ 'notes.txt': '' })
    expect(() => openPersistedDocuments(empty)).toThrow(/contains no \.json file/)
  })
})
