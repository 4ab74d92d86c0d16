/** A model of the Prisma schema, as SQL needs it. */
export interface Model {
  name: string
  /** The quoted name of the table. */
  table: string
  fields: ReadonlyMap<string, Field>
}

export type Field = ScalarField | RelationField

export interface ScalarField {
  kind: 'scalar'
  name: string
  /** The quoted name of the column. */
  column: string
  /** The type in the Prisma schema: "String", "Int", … or the name of an enum. */
  type: string
  /** The values of an enum; null for other types. */
  values: ReadonlySet<string> | null
  /** The native type: "Uuid", "Timestamptz"; null for the default of the type. */
  nativeType: string | null
  isRequired: boolean
  isList: boolean
}

export interface RelationField {
  kind: 'relation'
  name: string
  target: string
  isList: boolean
  /** The quoted columns of this model and those of the target that are equal, in the same order. */
  from: readonly string[]
  to: readonly string[]
}

export interface DataModel {
  models: ReadonlyMap<string, Model>
  /** The values of all enums, and the words that Prisma's arguments have in their place. */
  words: ReadonlySet<string>
}

/** A field of a model as it is written in the schema. */
interface WrittenField {
  name: string
  type: string
  isList: boolean
  isRequired: boolean
  attributes: string
}

type Blocks = ReadonlyMap<string, readonly string[]>

const BLOCK = /^(model|enum) (\w+) \{\n([^}]*(?:\}[^\n}][^}]*)*)\n\}/gm
const FIELD = /^(\w+)\s+(\w+)(\[\]|\?)?(?:\s+(.*))?$/
const MAPPED = /(?:^|\s)@map\("([^"]+)"\)/
const TABLE = /^@@map\("([^"]+)"\)/
const NATIVE = /@db\.(\w+)/
const RELATION = /@relation\(([^)]*)\)/

/** The words of `orderBy` in Prisma's arguments. */
const ORDER_WORDS = ['asc', 'desc']

/**
 * Reads the schema that the Prisma client was generated from. The client has no other description that contains the
 * columns of relations.
 */
export function readDataModel(schema: string): DataModel {
  const models = blocksOf(schema, 'model')
  const enums = new Map([...blocksOf(schema, 'enum')].map(([name, lines]) => [name, valuesOf(lines)]))
  const written = new Map([...models].map(([name, lines]) => [name, fieldsOf(lines)]))
  const modelOf = ([name, lines]: [string, readonly string[]]): [string, Model] => [
    name,
    {
      name,
      table: `"public".${quoted(tableOf(lines) ?? name)}`,
      fields: new Map(
        (written.get(name) ?? []).map((field) => [field.name, typed(name, field, written, enums)]),
      ),
    },
  ]
  return {
    models: new Map([...models].map(modelOf)),
    words: new Set([...ORDER_WORDS, ...[...enums.values()].flatMap((values) => [...values])]),
  }
}

function blocksOf(schema: string, kind: 'model' | 'enum'): Blocks {
  const blocks = [...schema.matchAll(BLOCK)].filter(([, found]) => found === kind)
  return new Map(blocks.map(([, , name = '', body = '']) => [name, linesOf(body)]))
}

/** Lines without comments. */
function linesOf(body: string): string[] {
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
}

/** A value with another name in the database is left out, so that no read that uses it is compiled. */
function valuesOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.filter((line) => /^\w+$/.test(line)))
}

function tableOf(lines: readonly string[]): string | undefined {
  return lines.map((line) => TABLE.exec(line)?.[1]).find((name) => name !== undefined)
}

/** The fields, without those whose type Prisma does not support. */
function fieldsOf(lines: readonly string[]): WrittenField[] {
  return lines.flatMap((line) => {
    const [, name, type, arity, attributes = ''] = FIELD.exec(line) ?? []
    return name && type ? [{ name, type, isList: arity === '[]', isRequired: arity !== '?', attributes }] : []
  })
}

function typed(
  model: string,
  field: WrittenField,
  written: ReadonlyMap<string, readonly WrittenField[]>,
  enums: ReadonlyMap<string, ReadonlySet<string>>,
): Field {
  const { name, type, isList, isRequired, attributes } = field
  if (written.has(type))
    return { kind: 'relation', name, target: type, isList, ...joined(model, field, written) }
  return {
    kind: 'scalar',
    name,
    column: columnOf(field),
    type,
    values: enums.get(type) ?? null,
    nativeType: NATIVE.exec(attributes)?.[1] ?? null,
    isRequired,
    isList,
  }
}

/** The columns that a relation joins. Only one side of a relation has them in the schema. */
function joined(
  model: string,
  field: WrittenField,
  written: ReadonlyMap<string, readonly WrittenField[]>,
): Pick<RelationField, 'from' | 'to'> {
  const columns = (owner: string, names: readonly string[]) =>
    names.map((name) => columnOf(written.get(owner)?.find((each) => each.name === name) as WrittenField))
  const own = relationOf(field)
  if (own.fields) return { from: columns(model, own.fields), to: columns(field.type, own.references) }
  const opposite = (written.get(field.type) ?? []).find(
    (each) => each.type === model && relationOf(each).fields && relationOf(each).name === own.name,
  )
  if (!opposite)
    throw new Error(`The relation ${model}.${field.name} has no other side in the Prisma schema.`)
  const other = relationOf(opposite)
  return { from: columns(model, other.references), to: columns(field.type, other.fields ?? []) }
}

function relationOf({ attributes }: WrittenField) {
  const [, options = ''] = RELATION.exec(attributes) ?? []
  return {
    name: /^"([^"]+)"/.exec(options)?.[1],
    fields: namesIn('fields', options),
    references: namesIn('references', options) ?? [],
  }
}

function namesIn(option: string, options: string): string[] | undefined {
  return new RegExp(`${option}: \\[([^\\]]+)\\]`).exec(options)?.[1]?.split(/,\s*/)
}

function columnOf({ name, attributes }: WrittenField): string {
  return quoted(MAPPED.exec(attributes)?.[1] ?? name)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
