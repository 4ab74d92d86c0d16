import { readdirSync, readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { parse, validate } from 'graphql'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { schema } from '../../src/graphql/schema.ts'
import { fillWithSample } from '../../src/sample/fill.ts'
import { freshApp } from '../support/app.ts'

const root = join(import.meta.dirname, '../..')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))

/** The ```graphql blocks; those marked ```graphql run can be sent as they stand. */
const examples = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/^```graphql( run)?\n(.*?)^```$/gms)].map(([, run, source = '']) => ({
    title: `${name}: ${source.split('\n', 1)[0]}`,
    runnable: run !== undefined,
    source,
  })),
)

test.each(examples)('$title is valid', ({ source }) => {
  expect(validate(schema, parse(source)).map(({ message }) => message)).toEqual([])
})

const quoted = /^<!-- (\S+): (\S+) -->\n```ts\n(.*?)^```$/gms

test('code in docs/live.md is quoted from the clients that are tested, word for word', () => {
  const { text = '' } = pages.find(({ name }) => name === 'docs/live.md') ?? {}
  const quotations = [...text.matchAll(quoted)]
  expect(quotations).toHaveLength(text.match(/^```/gm)!.length / 2)
  for (const [, file = '', region = '', code] of quotations) {
    const source = readFileSync(join(root, file), 'utf8')
    const [, marked] = source.split(`// #region ${region}\n`)
    expect(code, `${file}: ${region}`).toBe(marked?.split('// #endregion')[0])
  }
})

test('the examples that say so answer something when they are sent', { timeout: 60_000 }, async () => {
  await using app = await freshApp()
  const config = loadConfig({ SAMPLE: 'on', DATA_DIR: app.config.dataDir })
  await fillWithSample(app.database, config, () => new Date())
  const runnable = examples.filter((example) => example.runnable)
  expect(runnable.length).toBeGreaterThan(0)
  const editor = await app.token('editor')
  for (const { title, source } of runnable) {
    const data = await app.ask(source, {}, editor)
    expect([title, data]).toEqual([title, expect.anything()])
    for (const value of Object.values(data)) expect([title, value]).not.toEqual([title, null])
  }
})

describe.each(pages)('$name', ({ name, text }) => {
  test('names only commands that there are', async () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const named = [...text.matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map(([, script]) => script)
    expect(named.filter((script) => !((script as string) in scripts))).toEqual([])
  })

  test('links to files and headings that there are', async () => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
      const [path = '', heading] = target.split('#')
      const file = path === '' ? join(root, name) : join(root, dirname(name), path)
      await access(file).catch(() => expect.fail(`${relative(root, file)} does not exist`))
      if (heading) expect(headingsOf(readFileSync(file, 'utf8'))).toContain(heading)
    }
  })
})

function headingsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
