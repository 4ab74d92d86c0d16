import type { DataModel, Field, Model, RelationField, ScalarField } from './data-model.ts'
import { Leaf, type Marked, type MarkedObject } from './shape.ts'
import { NotCovered, type SqlWriter } from './sql-writer.ts'

/** The table that a condition is about. */
export interface Source {
  model: Model
  alias: string
}

/** Compiles the `where` of Prisma's arguments. It covers what has one clear meaning in SQL, and refuses the rest. */
export class Conditions {
  readonly #models: DataModel['models']
  readonly #writer: SqlWriter

  constructor(models: DataModel['models'], writer: SqlWriter) {
    this.#models = models
    this.#writer = writer
  }

  /** The condition in SQL; null if it is true for every row. */
  of(where: Marked, source: Source): string | null {
    return and(this.#parts(objectOf(where), source))
  }

  /** The columns that a relation joins are equal. */
  joined({ from, to }: RelationField, source: string, target: string): string {
    return from.map((column, i) => `${target}.${to[i]} = ${source}.${column}`).join(' AND ')
  }

  #parts(where: MarkedObject, source: Source): string[] {
    return Object.entries(where).flatMap(([name, value]) => this.#part(name, value, source) ?? [])
  }

  #part(name: string, value: Marked, source: Source): string | null {
    switch (name) {
      case 'AND':
        return and(listOf(value).flatMap((each) => this.of(each, source) ?? []))
      case 'OR':
        return this.#or(value, source)
      case 'NOT':
        return this.#not(value, source)
      default: {
        const field = fieldOf(source.model, name)
        return field.kind === 'scalar'
          ? scalarCondition(field, `${source.alias}.${field.column}`, value, this.#writer)
          : this.#related(field, value, source)
      }
    }
  }

  #or(value: Marked, source: Source): string {
    if (!Array.isArray(value)) throw new NotCovered('alternatives that are not a list')
    const parts = listOf(value).map((each) => this.of(each, source))
    // Prisma leaves out alternatives without a condition.
    if (parts.some((part) => part === null)) throw new NotCovered('an alternative without a condition')
    return `(${parts.join(' OR ')})`
  }

  /** Only of columns: Prisma's condition on a relation can be NULL where EXISTS is false. */
  #not(value: Marked, source: Source): string {
    const where = objectOf(value)
    for (const name of Object.keys(where)) {
      if (fieldOf(source.model, name).kind === 'relation') throw new NotCovered('a negated relation')
    }
    const part = this.of(where, source)
    if (part === null) throw new NotCovered('an empty NOT')
    return `(NOT (${part}))`
  }

  #related(field: RelationField, value: Marked, source: Source): string {
    const given = objectOf(value)
    const where = field.isList ? onlyField(given, 'some') : 'is' in given ? onlyField(given, 'is') : given
    const model = this.#models.get(field.target) as Model
    const alias = this.#writer.alias()
    const part = this.of(where, { model, alias })
    if (part === null && !field.isList) throw new NotCovered('a relation without a condition')
    const conditions = [this.joined(field, source.alias, alias), part ?? []].flat().join(' AND ')
    return `EXISTS (SELECT FROM ${model.table} AS ${alias} WHERE ${conditions})`
  }
}

const COMPARISONS: Readonly<Record<string, string>> = {
  equals: '=',
  not: '<>',
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}

/** The types that can be compared with a parameter. */
const LEAF_TYPES: Readonly<Record<string, readonly Leaf['type'][]>> = {
  String: ['text', 'word'],
  Int: ['integer', 'negative'],
  DateTime: ['time'],
}

function scalarCondition(
  field: ScalarField,
  column: string,
  value: Marked,
  writer: SqlWriter,
): string | null {
  if (field.isList || field.nativeType === 'Date') throw new NotCovered('a list or a date')
  if (!isObject(value)) return comparison('equals', field, column, value, writer)
  const parts = Object.entries(value).map(([operator, operand]) => {
    switch (operator) {
      case 'in':
      case 'notIn':
        return membership(operator === 'in', field, column, operand, writer)
      case 'contains':
      case 'startsWith':
        return pattern(operator, field, column, operand, writer)
      default:
        return comparison(operator, field, column, operand, writer)
    }
  })
  return and(parts)
}

function comparison(
  operator: string,
  field: ScalarField,
  column: string,
  value: Marked,
  writer: SqlWriter,
): string {
  const sign = COMPARISONS[operator]
  if (!sign) throw new NotCovered(`the operator ${operator}`)
  const isEquality = sign === '=' || sign === '<>'
  if (value === null && isEquality) return `${column} IS ${sign === '=' ? '' : 'NOT '}NULL`
  if (typeof value === 'boolean' && field.type === 'Boolean' && isEquality)
    return `${column} ${sign} ${value}`
  if (!(value instanceof Leaf)) throw new NotCovered('the value of a comparison')
  // The planner does not see the values of parameters, but that of a literal.
  if (field.values && isEquality) return `${column} ${sign} ${literal(field, value)}`
  if (!LEAF_TYPES[field.type]?.includes(value.type)) throw new NotCovered('the type of a value')
  return `${column} ${sign} ${writer.parameter(value)}`
}

function membership(
  isIn: boolean,
  field: ScalarField,
  column: string,
  list: Marked,
  writer: SqlWriter,
): string {
  if (!(list instanceof Leaf)) throw new NotCovered('the list of a condition')
  if (list.type === 'noValues') return isIn ? 'FALSE' : 'TRUE'
  if (field.values) return `${column} ${isIn ? 'IN' : 'NOT IN'} (${literal(field, list)})`
  const fits =
    field.type === 'String'
      ? list.type === 'texts' || list.type === 'words'
      : field.type === 'Int' && list.type === 'integers'
  if (!fits) throw new NotCovered('the type of a list')
  return `${column} ${isIn ? '= ANY' : '<> ALL'}(${writer.parameter(list)})`
}

/** As Prisma writes it: "%" and "_" in the value are wildcards. */
function pattern(
  operator: 'contains' | 'startsWith',
  field: ScalarField,
  column: string,
  value: Marked,
  writer: SqlWriter,
): string {
  const isText = field.type === 'String' && value instanceof Leaf && LEAF_TYPES.String?.includes(value.type)
  if (!isText) throw new NotCovered('the value of a pattern')
  return `${column}::text LIKE (${operator === 'contains' ? "'%' || " : ''}${writer.parameter(value)} || '%')`
}

/** Values of an enum, which the schema contains. */
function literal({ values }: ScalarField, { words }: Leaf): string {
  if (words.length === 0 || !words.every((word) => values?.has(word)))
    throw new NotCovered('a value of an enum')
  return words.map((word) => `'${word}'`).join(', ')
}

export function fieldOf(model: Model, name: string): Field {
  const field = model.fields.get(name)
  if (!field) throw new NotCovered(`the field ${name} of ${model.name}`)
  return field
}

function onlyField(given: MarkedObject, name: string): Marked {
  const value = given[name]
  if (value === undefined || Object.keys(given).length > 1) throw new NotCovered('a filter of a relation')
  return value
}

export function objectOf(value: Marked | undefined): MarkedObject {
  if (!isObject(value)) throw new NotCovered('a value in the place of an object')
  return value
}

export function isObject(value: Marked | undefined): value is MarkedObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Leaf)
}

/** A list, or one object. */
function listOf(value: Marked): readonly Marked[] {
  if (isObject(value)) return [value]
  if (value instanceof Leaf && value.type === 'noValues') return []
  if (!Array.isArray(value)) throw new NotCovered('a value in the place of a list')
  return value
}

function and(parts: readonly string[]): string | null {
  if (parts.length === 0) return null
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' AND ')})`
}
