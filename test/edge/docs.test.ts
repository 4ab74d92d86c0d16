import { readdirSync, readFileSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import {
  type GraphQLObjectType,
  type GraphQLUnionType,
  isUnionType,
  Kind,
  parse,
  print,
  type SelectionSetNode,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
} from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Role } from '../../src/auth/viewer.ts'
import { loadConfig } from '../../src/config/config.ts'
import { fillWithSample } from '../../src/sample/fill.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addPartner } from '../support/partner.ts'
import { runShell, scratchFolder } from '../support/shell.ts'

const root = join(import.meta.dirname, '../..')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((name) => ({ name, text: readFileSync(join(root, name), 'utf8') }))

/**
 * The ```graphql blocks; those marked ```graphql run can be sent as they stand, by an editor or by whom they
 * name: ```graphql run partner.
 */
const examples = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/^```graphql(?: run( \w+)?()) ?\n(.*?)^```$|^```graphql\n(.*?)^```$/gms)].map(
    ([, by = ' editor', run, sent, shown]) => {
      const source = sent ?? shown ?? ''
      return {
        title: `${name}: ${source.split('\n', 1)[0]}`,
        runnable: run !== undefined,
        by: by.trim(),
        source,
      }
    },
  ),
)

/** The ```sh blocks marked ```sh run, which need an address in GATEWAY and a key in DATELINE_KEY. */
const commands = pages.flatMap(({ name, text }) =>
  [...text.matchAll(/^```sh run\n(.*?)^```$/gms)].map(([, source = '']) => ({ name, source })),
)

/** The operations that clients copy, each with its file. */
const operations = readdirSync(join(root, 'schema/operations')).map((name) => ({
  title: name,
  source: readFileSync(join(root, 'schema/operations', name), 'utf8'),
}))

test.each(examples)('$title is valid', ({ source }) => {
  expect(validate(schema, parse(source)).map(({ message }) => message)).toEqual([])
})

test.each([...examples, ...operations])('$title selects __typename of each union', ({ source }) => {
  const without = expandedUnions(source).filter(({ selected }) => !selected.includes('__typename'))
  expect(without.map(({ type }) => type.name)).toEqual([])
})

test.each([...examples, ...operations])(
  '$title selects code and message of every error that may occur',
  ({ source }) => {
    const without = expandedUnions(source).filter(
      ({ type, fieldsOf }) =>
        type.getTypes().some(isError) && !includes(fieldsOf('Error'), ['code', 'message']),
    )
    expect(without.map(({ type }) => type.name)).toEqual([])
  },
)

/** What a form needs to know of an error, besides its code and message. */
const NEEDED = { InvalidInput: ['field'], EditConflict: ['version'], RateLimited: ['retryAfter'] }

test.each(operations)('$title selects the fields of errors by which a form shows them', ({ source }) => {
  const without = expandedUnions(source).flatMap(({ type, fieldsOf }) =>
    Object.entries(NEEDED)
      .filter(([error]) => type.getTypes().some(({ name }) => name === error))
      .filter(([error, fields]) => !includes(fieldsOf(error), fields))
      .map(([error]) => `${error} of ${type.name}`),
  )
  expect(without).toEqual([])
})

test('a name has one text in all guides and in schema/operations, as code generators require', () => {
  const textOf = new Map<string, string>()
  const repeated: string[] = []
  for (const definition of [...examples, ...operations].flatMap(({ source }) => parse(source).definitions)) {
    const name = 'name' in definition ? definition.name?.value : undefined
    if (name === undefined) continue
    const text = print(definition)
    if ((textOf.get(name) ?? text) !== text) repeated.push(name)
    textOf.set(name, text)
  }
  expect(repeated).toEqual([])
})

describe('with the sample newsroom', () => {
  let app: TestApp
  let key: string

  beforeAll(async () => {
    app = await freshApp()
    const config = loadConfig({ SAMPLE: 'on', DATA_DIR: app.config.dataDir })
    await fillWithSample(app.database, config, () => new Date())
    key = (await addPartner(app.database.prisma)).key
  })

  afterAll(() => app.close())

  const runnable = examples.filter((example) => example.runnable)

  test.each(runnable)('$title answers something when it is sent', async ({ source, by }) => {
    const data = await app.ask(source, {}, by === 'partner' ? key : await app.token(by as Role))
    expect(data).toEqual(expect.anything())
    for (const [field, value] of Object.entries(data)) {
      expect([field, value]).not.toEqual([field, null])
      // What fails as expected says so with a code.
      expect(value).not.toHaveProperty('code')
    }
  })

  test.each(commands)('the command works: $source', async ({ source }) => {
    await using folder = await scratchFolder()
    const env = { ...process.env, GATEWAY: new URL(app.url).origin, DATELINE_KEY: key }
    const script = source.replaceAll('./articles', folder.path)
    const { code, stderr } = await runShell(script, { cwd: root, env })
    expect([code, stderr]).toEqual([0, ''])
  })
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

interface ExpandedUnion {
  type: GraphQLUnionType
  selected: string[]
  /** The fields that are selected of a member or an interface. */
  fieldsOf: (name: string) => string[]
}

/** The unions whose members a document selects itself, and what it selects. */
function expandedUnions(source: string): ExpandedUnion[] {
  const types = new TypeInfo(schema)
  const found: ExpandedUnion[] = []
  const SelectionSet = ({ selections }: SelectionSetNode) => {
    const type = types.getParentType()
    const fragments = selections.filter((each) => each.kind === Kind.INLINE_FRAGMENT)
    if (!isUnionType(type) || fragments.length === 0) return
    const fieldsOf = (name: string) =>
      fragments
        .filter(({ typeCondition }) => typeCondition?.name.value === name)
        .flatMap(({ selectionSet }) => fieldNames(selectionSet))
    found.push({ type, selected: fieldNames({ selections }), fieldsOf })
  }
  visit(parse(source), visitWithTypeInfo(types, { SelectionSet }))
  return found
}

function fieldNames({ selections }: Pick<SelectionSetNode, 'selections'>): string[] {
  return selections.flatMap((each) => (each.kind === Kind.FIELD ? each.name.value : []))
}

function isError(type: GraphQLObjectType): boolean {
  return type.getInterfaces().some(({ name }) => name === 'Error')
}

function includes(selected: readonly string[], fields: readonly string[]): boolean {
  return fields.every((field) => selected.includes(field))
}
