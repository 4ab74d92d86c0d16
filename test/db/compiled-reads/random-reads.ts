import fc from 'fast-check'
import type {
  DataModel,
  Field,
  Model,
  RelationField,
  ScalarField,
} from '../../../src/db/compiled-reads/data-model.ts'

// Random arguments of reads, made from the data model and the values that the tables contain.

/** Values of each column that is compared, by model and field. */
export type Values = ReadonlyMap<string, readonly unknown[]>

export interface RandomRead {
  model: Model
  operation: 'findFirst' | 'findMany'
  args: object
}

const COMPARED = ['String', 'Int', 'DateTime', 'Boolean']

/** Whether conditions on the column are compiled. */
export function isCompared({ type, values, nativeType, isList }: ScalarField): boolean {
  return !isList && nativeType !== 'Date' && (values !== null || COMPARED.includes(type))
}

/** A condition with each operator that is compiled for the column. */
export function conditionsOn(
  { type, values, nativeType, isRequired }: ScalarField,
  value: unknown,
): unknown[] {
  const conditions: unknown[] = [value, { equals: value }, { not: value }]
  if (!isRequired) conditions.push(null, { not: null })
  if (type === 'Boolean') return conditions
  if (type !== 'DateTime') conditions.push({ in: [value] }, { notIn: [value] }, { in: [] }, { notIn: [] })
  if (values) return conditions
  conditions.push(...['lt', 'lte', 'gt', 'gte'].map((operator) => ({ [operator]: value })))
  if (type === 'String' && nativeType === null) {
    const text = String(value)
    conditions.push({ contains: text.slice(1, 3) }, { startsWith: text.slice(0, 2) }, { startsWith: text })
  }
  return conditions
}

/** An order without ties: all columns that can be ordered. */
export function orderOf(model: Model): object[] {
  return orderedColumns(model).map(({ name }) => ({ [name]: 'asc' }))
}

function orderedColumns(model: Model): ScalarField[] {
  return fieldsOf(model, 'scalar').filter(({ isList, type }) => !isList && type !== 'Json')
}

export class RandomReads {
  readonly #models: DataModel['models']
  readonly #values: Values

  constructor(models: DataModel['models'], values: Values) {
    this.#models = models
    this.#values = values
  }

  any(): fc.Arbitrary<RandomRead> {
    return fc
      .constantFrom(...this.#models.values())
      .chain((model) =>
        fc.record({
          model: fc.constant(model),
          operation: fc.constantFrom('findFirst' as const, 'findMany' as const),
          args: this.#rows(model, 3),
        }),
      )
      .map((read) =>
        read.operation === 'findFirst' ? { ...read, args: { ...read.args, take: undefined } } : read,
      )
  }

  #rows(model: Model, depth: number): fc.Arbitrary<object> {
    return fc
      .record({
        where: fc.option(this.#where(model, 2), { nil: undefined, freq: 1 }),
        orderBy: this.#order(model),
        take: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
        selection: this.#selection(model, depth),
      })
      .map(({ selection, ...args }) => ({ ...args, ...selection }))
  }

  #selection(model: Model, depth: number): fc.Arbitrary<object> {
    const scalars = fieldsOf(model, 'scalar').map(({ name }) => name)
    const some = fc.subarray(scalars, { minLength: 1, maxLength: Math.min(5, scalars.length) })
    const related = depth > 0 ? this.#related(model, depth - 1) : fc.constant({})
    return fc.oneof(
      fc.record({ some, related }).map(({ some: names, related: others }) => ({
        select: { ...Object.fromEntries(names.map((name) => [name, true])), ...others },
      })),
      related.map((include) => (Object.keys(include).length > 0 ? { include } : {})),
    )
  }

  /** A few relations, and perhaps their counts. */
  #related(model: Model, depth: number): fc.Arbitrary<object> {
    const relations = fieldsOf(model, 'relation')
    const lists = relations.filter(({ isList }) => isList)
    const counts = lists.length === 0 ? fc.constant({}) : this.#counts(lists)
    return fc
      .tuple(fc.subarray(relations, { maxLength: Math.min(2, relations.length) }), fc.boolean())
      .chain(([chosen, counted]) =>
        fc
          .tuple(
            fc.record(
              Object.fromEntries(
                chosen.map((field) => [
                  field.name,
                  field.isList
                    ? this.#rows(this.#target(field), depth)
                    : fc.oneof(fc.constant(true), this.#selection(this.#target(field), depth)),
                ]),
              ),
            ),
            counted ? counts : fc.constant({}),
          )
          .map(([one, other]) => ({ ...one, ...other })),
      )
  }

  #counts(lists: readonly RelationField[]): fc.Arbitrary<object> {
    return fc.constantFrom(...lists).chain((field) =>
      fc
        .oneof(
          fc.constant(true),
          this.#where(this.#target(field), 1).map((where) => ({ where })),
        )
        .map((counted) => ({ _count: { select: { [field.name]: counted } } })),
    )
  }

  #where(model: Model, depth: number): fc.Arbitrary<object> {
    const columns = fieldsOf(model, 'scalar').filter(isCompared)
    const one = fc.constantFrom(...columns).chain((field) => this.#test(model, field))
    const pairs = fc.tuple(one, one).map(([a, b]) => ({ ...a, ...b }))
    if (depth === 0) return pairs
    const below = this.#where(model, depth - 1)
    const relations = fieldsOf(model, 'relation')
    const related =
      relations.length === 0
        ? one
        : fc.constantFrom(...relations).chain((field) => this.#relatedTest(field, depth - 1))
    return fc.oneof(
      pairs,
      related,
      fc.tuple(one, related).map(([a, b]) => ({ ...a, ...b })),
      fc.tuple(one, fc.array(below, { maxLength: 3 })).map(([a, AND]) => ({ ...a, AND })),
      below.map((AND) => ({ AND })),
      fc.array(below, { minLength: 1, maxLength: 3 }).map((OR) => ({ OR })),
      pairs.map((NOT) => ({ NOT })),
    )
  }

  #relatedTest(field: RelationField, depth: number): fc.Arbitrary<object> {
    const where = this.#where(this.#target(field), depth)
    const forms = field.isList
      ? [where.map((some) => ({ some })), fc.constant({ some: {} })]
      : [where, where.map((is) => ({ is }))]
    return fc.oneof(...forms).map((test) => ({ [field.name]: test }))
  }

  #test(model: Model, field: ScalarField): fc.Arbitrary<object> {
    const known = this.#values.get(`${model.name}.${field.name}`) ?? []
    const value: fc.Arbitrary<unknown> =
      field.type === 'Boolean'
        ? fc.boolean()
        : fc.constantFrom(...(known.length > 0 ? known : [otherValue(field)]))
    const list = fc.array(value, { maxLength: 4 })
    const tests: fc.Arbitrary<unknown>[] = [
      value,
      value.map((equals) => ({ equals })),
      value.map((not) => ({ not })),
    ]
    if (!field.isRequired) tests.push(fc.constantFrom(null, { not: null }, { equals: null }))
    if (field.type !== 'Boolean' && field.type !== 'DateTime') {
      tests.push(
        list.map((values) => ({ in: values })),
        list.map((notIn) => ({ notIn })),
      )
    }
    if (field.type !== 'Boolean' && !field.values) {
      tests.push(
        fc.tuple(value, value).map(([gte, lt]) => ({ gte, lt })),
        fc.tuple(value, value).map(([gt, lte]) => ({ gt, lte })),
      )
    }
    if (field.type === 'String' && field.nativeType === null) {
      const part = value.map((text) => String(text).slice(1, 4))
      tests.push(
        part.map((contains) => ({ contains })),
        value.map((text) => ({ startsWith: String(text).slice(0, 2) })),
      )
    }
    return fc.oneof(...tests).map((test) => ({ [field.name]: test }))
  }

  /** Some columns first, and then all: an order without ties. */
  #order(model: Model): fc.Arbitrary<object[]> {
    const columns = orderedColumns(model)
    const direction = fc.constantFrom('asc', 'desc')
    const related = fieldsOf(model, 'relation').filter(({ isList }) => !isList)
    const first = fc.oneof(
      fc
        .subarray(
          columns.map(({ name }) => name),
          { maxLength: 2 },
        )
        .chain((names) => direction.map((word) => names.map((name) => ({ [name]: word })))),
      ...related.map((field) => {
        const its = fieldsOf(this.#target(field), 'scalar').filter(isCompared)
        return fc
          .tuple(fc.constantFrom(...its), direction)
          .map(([{ name }, word]) => [{ [field.name]: { [name]: word } }])
      }),
    )
    return first.map((order) => [
      ...order,
      ...columns.flatMap(({ name }) => (order.some((key) => name in key) ? [] : [{ [name]: 'asc' }])),
    ])
  }

  #target({ target }: RelationField): Model {
    return this.#models.get(target) as Model
  }
}

function otherValue({ type, nativeType, values }: ScalarField): unknown {
  if (values) return [...values][0]
  if (type === 'Int') return 1
  if (type === 'DateTime') return new Date(0)
  return nativeType === 'Uuid' ? '00000000-0000-4000-8000-000000000000' : 'some text'
}

function fieldsOf<Kind extends Field['kind']>(model: Model, kind: Kind): Extract<Field, { kind: Kind }>[] {
  return [...model.fields.values()].filter(
    (field): field is Extract<Field, { kind: Kind }> => field.kind === kind,
  )
}
