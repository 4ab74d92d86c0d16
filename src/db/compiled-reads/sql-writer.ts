import type { Leaf } from './shape.ts'

/** A part of the arguments that no read is compiled for. The read is left to Prisma. */
export class NotCovered extends Error {}

/** Collects what belongs to a whole statement: the names of its tables, and its parameters. */
export class SqlWriter {
  #aliases = 0
  /** For each parameter of the statement, the place of its value in the values of the shape. */
  readonly parameters: number[] = []

  alias(): string {
    return `t${this.#aliases++}`
  }

  /** Every value is a parameter, whose type PostgreSQL infers from its place. */
  parameter({ index }: Leaf): string {
    this.parameters.push(index)
    return `$${this.parameters.length}`
  }
}
