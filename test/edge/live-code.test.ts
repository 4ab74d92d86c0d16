import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { scratchFolder } from '../support/shell.ts'

const root = join(import.meta.dirname, '../..')

/** The code in docs/live.md, each block after a link to the file that it shows. */
async function quotations(): Promise<{ name: string; path: string; code: string }[]> {
  const text = await readFile(join(root, 'docs/live.md'), 'utf8')
  const blocks = [...text.matchAll(/^\[(\S+)\]\(\.\.\/(\S+)\)\n\n```ts\n(.*?)^```$/gms)]
  expect(blocks).toHaveLength(text.match(/^```/gm)!.length / 2)
  return blocks.map(([, name = '', path = '', code = '']) => ({ name, path, code }))
}

test('code in docs/live.md is the clients that are tested, whole and word for word', async () => {
  for (const { path, code } of await quotations()) {
    expect(code, path).toBe(await readFile(join(root, path), 'utf8'))
  }
})

/** What a web page is compiled with, at its strictest. */
const compilerOptions = {
  target: 'es2022',
  module: 'esnext',
  moduleResolution: 'bundler',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: [],
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
}

/** The project that docs/api.md shows. */
async function documentedProject(): Promise<string> {
  const guide = await readFile(join(root, 'docs/api.md'), 'utf8')
  const [, project] = /^ {3}```json\n(.*?)^ {3}```$/ms.exec(guide) ?? []
  return project as string
}

test('code in docs/live.md compiles in a project for browsers and in that of docs/api.md, as it is printed', {
  timeout: 120_000,
}, async () => {
  await using folder = await scratchFolder()
  const clients = join(folder.path, 'src/live')
  await mkdir(clients, { recursive: true })
  await mkdir(join(folder.path, 'schema'))
  await symlink(join(root, 'node_modules'), join(folder.path, 'node_modules'))
  for (const name of ['documents.ts', 'possible-types.json']) {
    await cp(join(root, 'schema', name), join(folder.path, 'schema', name))
  }
  const blocks = await quotations()
  for (const { name, code } of blocks) await writeFile(join(clients, name), code)
  await writeFile(join(folder.path, 'package.json'), '{ "type": "module" }')
  const tsc = join(root, 'node_modules/.bin/tsc')
  for (const project of [JSON.stringify({ compilerOptions, include: ['src'] }), await documentedProject()]) {
    await writeFile(join(folder.path, 'tsconfig.json'), project)
    const run = promisify(execFile)(tsc, ['--project', folder.path, '--pretty', 'false'])
    expect(await run.catch((failure) => failure)).toMatchObject({ stdout: '', stderr: '' })
  }
})
