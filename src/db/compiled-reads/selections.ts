import { type Conditions, fieldOf, isObject, objectOf, type Source } from './conditions.ts'
import type { DataModel, Model, RelationField } from './data-model.ts'
import {
  type Convert,
  columnProperty,
  eachOf,
  MAX_PROPERTIES,
  orNull,
  type Property,
  rowReader,
} from './row-reader.ts'
import { Leaf, type Marked, type MarkedObject } from './shape.ts'
import { NotCovered, type SqlWriter } from './sql-writer.ts'

/** Rows in SQL, each a JSON list of its values, and the function that reads such a list. */
export interface Rows {
  json: string
  from: string
  read: Convert
}

/** The arguments that say which rows are read. All others are refused, except the selection. */
interface RowArguments {
  where?: Marked
  orderBy?: Marked
  take?: Marked
  selection: MarkedObject
}

interface Tools {
  models: DataModel['models']
  writer: SqlWriter
  conditions: Conditions
}

/** Compiles the rows that Prisma's arguments select, with the rows of their relations. */
export class Selections {
  readonly #tools: Tools

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /**
   * @param joined the condition on the alias of the table that relates its rows to those of another table
   * @param limit instead of `take`
   */
  rows(model: Model, args: MarkedObject, joined?: (alias: string) => string, limit?: string): Rows {
    const { where, orderBy, take, selection } = rowArguments(args)
    const { writer, conditions } = this.#tools
    const source = { model, alias: writer.alias() }
    const columns = new Set<string>()
    const properties = this.#properties(selection, source, columns)
    const condition = [
      joined?.(source.alias) ?? [],
      where === undefined ? [] : (conditions.of(where, source) ?? []),
    ].flat()
    const order = orderBy === undefined ? null : this.#order(orderBy, source)
    // Prisma orders them by their key.
    if (take !== undefined && joined && !order) throw new NotCovered('a part of rows without an order')
    if (take !== undefined && limit) throw new NotCovered('two limits')
    const most = limit ?? (take === undefined ? null : limitOf(take, writer))
    const table = `${model.table} AS ${source.alias}`
    const chosen = [
      condition.length > 0 ? ` WHERE ${condition.join(' AND ')}` : '',
      order ? ` ORDER BY ${order}` : '',
      most ? ` LIMIT ${most}` : '',
    ].join('')
    return {
      json: jsonOf(properties),
      read: rowReader(properties),
      // Rows are ordered and limited before their relations are read.
      from:
        order || most
          ? `(SELECT ${[...columns].join(', ')} FROM ${table}${chosen}) AS ${source.alias}`
          : table + chosen,
    }
  }

  #properties(selection: MarkedObject, source: Source, columns: Set<string>): Property[] {
    const { select, include } = selection
    if (select !== undefined && include !== undefined) throw new NotCovered('both select and include')
    const given = Object.entries(objectOf(select ?? include ?? {})).filter(
      ([, selected]) => selected !== false,
    )
    const scalars = select === undefined ? scalarNames(source.model) : []
    if (given.some(([name]) => scalars.includes(name))) throw new NotCovered('a column in include')
    const properties = [
      ...scalars.map((name) => this.#property(name, true, source, columns)),
      ...given.map(([name, selected]) => this.#property(name, selected, source, columns)),
    ]
    if (properties.length === 0 || properties.length > MAX_PROPERTIES)
      throw new NotCovered('the number of columns')
    return properties
  }

  #property(name: string, selected: Marked, source: Source, columns: Set<string>): Property {
    if (name === '_count') return this.#counts(selected, source, columns)
    const field = fieldOf(source.model, name)
    if (field.kind === 'relation') return this.#relation(field, selected, source, columns)
    const column = `${source.alias}.${field.column}`
    columns.add(column)
    const property = selected === true ? columnProperty(field, column) : null
    if (!property) throw new NotCovered(`the column ${name}`)
    return property
  }

  #relation(field: RelationField, selected: Marked, source: Source, columns: Set<string>): Property {
    const { name, isList } = field
    const { json, from, read } = this.rows(
      this.#target(field),
      selected === true ? {} : objectOf(selected),
      this.#joined(field, source, columns),
    )
    return isList
      ? { name, sql: `(SELECT coalesce(json_agg(${json}), '[]') FROM ${from})`, convert: eachOf(read) }
      : { name, sql: `(SELECT ${json} FROM ${from})`, convert: orNull(read) }
  }

  #counts(selected: Marked, source: Source, columns: Set<string>): Property {
    const { select, ...others } = objectOf(selected)
    if (Object.keys(others).length > 0) throw new NotCovered('arguments of _count')
    const properties = Object.entries(objectOf(select)).map(([name, counted]) => {
      const field = fieldOf(source.model, name)
      if (field.kind !== 'relation' || !field.isList) throw new NotCovered('a count of something else')
      return this.#count(field, counted, source, columns)
    })
    if (properties.length === 0) throw new NotCovered('no counts')
    return { name: '_count', sql: jsonOf(properties), convert: rowReader(properties) }
  }

  #count(field: RelationField, counted: Marked, source: Source, columns: Set<string>): Property {
    const { where, ...others } = counted === true ? {} : objectOf(counted)
    if (Object.keys(others).length > 0) throw new NotCovered('arguments of a count')
    const model = this.#target(field)
    const alias = this.#tools.writer.alias()
    const conditions = [
      this.#joined(field, source, columns)(alias),
      where === undefined ? [] : (this.#tools.conditions.of(where, { model, alias }) ?? []),
    ].flat()
    const sql = `(SELECT count(*) FROM ${model.table} AS ${alias} WHERE ${conditions.join(' AND ')})`
    return { name: field.name, sql, convert: null }
  }

  #order(orderBy: Marked, source: Source): string {
    const keys = isObject(orderBy) ? [orderBy] : orderBy
    if (!Array.isArray(keys)) throw new NotCovered('an order')
    return keys
      .map((key) => {
        const { column, direction } = this.#orderKey(key, source)
        return `${column}${direction === 'desc' ? ' DESC' : ''}`
      })
      .join(', ')
  }

  /** A column, or one of the row of a to-one relation. */
  #orderKey(key: Marked, source: Source): { column: string; direction: 'asc' | 'desc' } {
    const [[name, value] = [], ...others] = Object.entries(objectOf(key))
    if (name === undefined || others.length > 0) throw new NotCovered('an order')
    const field = fieldOf(source.model, name)
    if (field.isList) throw new NotCovered('an order by a list')
    if (field.kind === 'scalar') {
      const word = value instanceof Leaf && value.type === 'word' ? value.words[0] : undefined
      if (word !== 'asc' && word !== 'desc') throw new NotCovered('an order')
      return { column: `${source.alias}.${field.column}`, direction: word }
    }
    const alias = this.#tools.writer.alias()
    const model = this.#target(field)
    const { column, direction } = this.#orderKey(value as Marked, { model, alias })
    const joined = this.#tools.conditions.joined(field, source.alias, alias)
    return { column: `(SELECT ${column} FROM ${model.table} AS ${alias} WHERE ${joined})`, direction }
  }

  #target({ target }: RelationField): Model {
    return this.#tools.models.get(target) as Model
  }

  #joined(field: RelationField, { alias }: Source, columns: Set<string>): (target: string) => string {
    for (const column of field.from) columns.add(`${alias}.${column}`)
    return (target) => this.#tools.conditions.joined(field, alias, target)
  }
}

function rowArguments(args: MarkedObject): RowArguments {
  const { where, orderBy, take, select, include, ...others } = args
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw new NotCovered(`the argument ${unknown}`)
  const selection: Record<string, Marked> = {}
  if (select !== undefined) selection.select = select
  if (include !== undefined) selection.include = include
  return { where, orderBy, take, selection }
}

function scalarNames(model: Model): string[] {
  return [...model.fields.values()].filter(({ kind }) => kind === 'scalar').map(({ name }) => name)
}

function jsonOf(properties: readonly Property[]): string {
  return `json_build_array(${properties.map(({ sql }) => sql).join(', ')})`
}

function limitOf(take: Marked, writer: SqlWriter): string {
  if (!(take instanceof Leaf) || take.type !== 'integer') throw new NotCovered('a number of rows')
  return writer.parameter(take)
}
