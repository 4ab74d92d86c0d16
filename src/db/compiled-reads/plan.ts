import { Conditions } from './conditions.ts'
import type { DataModel, Model } from './data-model.ts'
import { eachOf } from './row-reader.ts'
import { Selections } from './selections.ts'
import type { MarkedObject } from './shape.ts'
import { NotCovered, SqlWriter } from './sql-writer.ts'

export type Operation = 'findFirst' | 'findMany'

/** A read as one statement. */
export interface Plan {
  text: string
  /** For each parameter, the place of its value in the values of the shape. */
  parameters: readonly number[]
  /** Makes what Prisma returns from the rows of the statement, which have one JSON value each. */
  read(rows: unknown[][]): unknown
}

/** Compiles a read; null if it is not covered. */
export function compile(
  { models }: DataModel,
  model: Model,
  operation: Operation,
  args: MarkedObject,
): Plan | null {
  try {
    const writer = new SqlWriter()
    const selections = new Selections({ models, writer, conditions: new Conditions(models, writer) })
    const plan =
      operation === 'findMany' ? manyRows(selections, model, args) : firstRow(selections, model, args)
    return { ...plan, parameters: writer.parameters }
  } catch (error) {
    if (error instanceof NotCovered) return null
    throw error
  }
}

function manyRows(selections: Selections, model: Model, args: MarkedObject): Omit<Plan, 'parameters'> {
  const { json, from, read } = selections.rows(model, args)
  const readAll = eachOf(read)
  return {
    text: `SELECT coalesce(json_agg(${json}), '[]') FROM ${from}`,
    read: ([row]) => readAll(row?.[0] as never),
  }
}

function firstRow(selections: Selections, model: Model, args: MarkedObject): Omit<Plan, 'parameters'> {
  const { json, from, read } = selections.rows(model, args, undefined, '1')
  return {
    text: `SELECT ${json} FROM ${from}`,
    read: ([row]) => (row ? read(row[0] as never) : null),
  }
}
