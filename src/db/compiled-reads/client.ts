import { LruCache } from '../../base/lru-cache.ts'
import type { PrismaClient } from '../client/client.ts'
import type { Database } from '../database.ts'
import { type DataModel, type Model, readDataModel } from './data-model.ts'
import { compile, type Operation, type Plan } from './plan.ts'
import { markedOf, shapeOf } from './shape.ts'

/** The most characters of the plans that are kept: of their keys, and of their SQL. */
const MAX_PLANS_LENGTH = 8_000_000

type Find = (args?: object) => Promise<unknown>
type Delegate = Record<'findFirst' | 'findFirstOrThrow' | 'findMany', Find>

export interface CompiledReadOptions {
  /** Called for each read that is left to Prisma. */
  onLeft?: (model: string, operation: Operation, args: object) => void
}

/**
 * The client, whose reads outside transactions are one prepared statement each, which returns JSON. Prisma takes longer to build the statement
 * and the rows than PostgreSQL takes to execute it. A read that is not covered is left to Prisma.
 */
export function withCompiledReads(
  database: Pick<Database, 'prisma' | 'rows'>,
  options: CompiledReadOptions = {},
): PrismaClient {
  const { prisma } = database
  const dataModel = dataModelOf(prisma)
  const reads = new CompiledReads(dataModel, database, options)
  const models = new Map<string | symbol, unknown>()
  for (const model of dataModel.models.values()) {
    const name = model.name.charAt(0).toLowerCase() + model.name.slice(1)
    models.set(name, compiledModel(Reflect.get(prisma, name) as Delegate, model, reads))
  }
  return new Proxy(prisma, {
    get(target, name) {
      // The client of a transaction is made from the one that begins it: its reads belong to the transaction.
      if (name === '$transaction') return target.$transaction.bind(target)
      return models.get(name) ?? Reflect.get(target, name, target)
    },
  })
}

function compiledModel(delegate: Delegate, model: Model, reads: CompiledReads): Delegate {
  const first: Find = (args = {}) => reads.run(model, 'findFirst', args) ?? delegate.findFirst(args)
  const finds = new Map<string | symbol, Find>([
    ['findFirst', first],
    // Prisma reports a missing row.
    ['findFirstOrThrow', async (args = {}) => (await first(args)) ?? delegate.findFirstOrThrow(args)],
    ['findMany', (args = {}) => reads.run(model, 'findMany', args) ?? delegate.findMany(args)],
  ])
  return new Proxy(delegate, {
    get: (target, name) => finds.get(name) ?? Reflect.get(target, name, target),
  })
}

class CompiledReads {
  readonly #dataModel: DataModel
  readonly #database: Pick<Database, 'rows'>
  readonly #options: CompiledReadOptions
  /** Null for a read that is not covered. */
  readonly #plans = new LruCache<string, { plan: Plan | null }>(
    MAX_PLANS_LENGTH,
    (key, { plan }) => key.length + (plan?.text.length ?? 0),
  )

  constructor(dataModel: DataModel, database: Pick<Database, 'rows'>, options: CompiledReadOptions) {
    this.#dataModel = dataModel
    this.#database = database
    this.#options = options
  }

  /** The result of a read; null if the read is not covered. */
  run(model: Model, operation: Operation, args: object): Promise<unknown> | null {
    const shape = shapeOf(args, this.#dataModel.words)
    const plan = shape ? this.#planOf(model, operation, args, shape.key) : null
    if (shape && plan) return this.#execute(plan, shape.values)
    this.#options.onLeft?.(model.name, operation, args)
    return null
  }

  async #execute({ text, parameters, read }: Plan, values: readonly unknown[]): Promise<unknown> {
    return read(
      await this.#database.rows(
        { text },
        parameters.map((place) => values[place]),
      ),
    )
  }

  #planOf(model: Model, operation: Operation, args: object, shapeKey: string): Plan | null {
    const key = `${operation} ${model.name}${shapeKey}`
    const known = this.#plans.get(key)
    if (known) return known.plan
    const plan = compile(this.#dataModel, model, operation, markedOf(args, this.#dataModel.words))
    this.#plans.set(key, { plan })
    return plan
  }
}

interface ClientInternals {
  _engineConfig: { inlineSchema: string }
}

/** The schema that the client was generated from. */
export function dataModelOf(prisma: PrismaClient): DataModel {
  return readDataModel((prisma as unknown as ClientInternals)._engineConfig.inlineSchema)
}
