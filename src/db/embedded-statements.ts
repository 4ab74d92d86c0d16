import { type PGlite, parse, protocol, type QueryOptions, type Results } from '@electric-sql/pglite'
import { StatementNames } from './statement-names.ts'

const { serialize } = protocol

/** The number of prepared statements: each takes up to some 100 KB of the database's memory. */
const MAX_PREPARED_STATEMENTS = 200

/** PostgreSQL's code for "cached plan must not change result type". */
const RESULT_TYPE_CHANGED = '0A000'

/** The types of the parameters, as PostgreSQL object ids. */
type ParameterTypes = readonly number[]

/**
 * Runs statements on PGlite. Frequent statements stay prepared, because PostgreSQL plans some of them longer than it
 * executes them; PGlite's own `query` prepares a statement each time, with a call for each message of the protocol.
 */
export class EmbeddedStatements {
  readonly #pglite: PGlite
  readonly #names = new StatementNames()
  /** The prepared statements by name, least recently used first. */
  readonly #prepared = new Map<string, ParameterTypes>()

  constructor(pglite: PGlite) {
    this.#pglite = pglite
  }

  /**
   * Runs a statement outside transactions, and waits for the transaction that is open.
   * @param name the name of the prepared statement; by default, frequent statements get one
   */
  query<Row>(
    text: string,
    values: readonly unknown[],
    options: QueryOptions,
    name = this.#names.nameOf(text),
  ): Promise<Results<Row>> {
    return this.#pglite._runExclusiveTransaction(async () => {
      const results = await this.#run<Row>(name, text, values, options)
      await this.#pglite.syncToFs()
      return results
    })
  }

  /** Runs a statement in the open transaction, which the caller holds. */
  queryInTransaction<Row>(
    text: string,
    values: readonly unknown[],
    options: QueryOptions,
  ): Promise<Results<Row>> {
    return this.#run(this.#names.nameOf(text), text, values, options)
  }

  /** Closes all prepared statements, for example because the tables have changed. */
  reset(): Promise<void> {
    return this.#pglite._runExclusiveTransaction(() =>
      this.#pglite._runExclusiveQuery(async () => {
        this.#prepared.clear()
        await this.#send([serialize.query('DEALLOCATE ALL')])
      }),
    )
  }

  #run<Row>(
    name: string,
    text: string,
    values: readonly unknown[],
    options: QueryOptions,
  ): Promise<Results<Row>> {
    return this.#pglite._runExclusiveQuery(async () => {
      const types = this.#prepared.get(name) ?? (await this.#prepare(name, text))
      const serialized = this.#serialized(values, types)
      try {
        const messages = await this.#send([
          ...this.#keep(name, types),
          serialize.bind({ statement: name, values: serialized }),
          serialize.describe({ type: 'P' }),
          serialize.execute({}),
        ])
        return parse.parseResults(messages, this.#pglite.parsers, options)[0] as Results<Row>
      } catch (error) {
        // The type of a column has changed: the next use prepares the statement again.
        if ((error as { code?: string }).code === RESULT_TYPE_CHANGED) this.#prepared.delete(name)
        throw error
      }
    })
  }

  async #prepare(name: string, text: string): Promise<ParameterTypes> {
    const messages = await this.#send([
      // One with this name may be left from before. To close one that does not exist is no error.
      serialize.close({ type: 'S', name }),
      serialize.parse({ name, text }),
      serialize.describe({ type: 'S', name }),
    ])
    return parse.parseDescribeStatementResults(messages)
  }

  /** Keeps a statement as the most recently used one. Returns messages that close those that are too many. */
  #keep(name: string, types: ParameterTypes): Uint8Array[] {
    // The statement without a name is replaced by the next one.
    if (name === '') return []
    this.#prepared.delete(name)
    this.#prepared.set(name, types)
    if (this.#prepared.size <= MAX_PREPARED_STATEMENTS) return []
    const [oldest] = this.#prepared.keys().take(1).toArray() as [string]
    this.#prepared.delete(oldest)
    return [serialize.close({ type: 'S', name: oldest })]
  }

  async #send(messages: Uint8Array[]): Promise<Parameters<typeof parse.parseResults>[0]> {
    // After an error, PostgreSQL ignores all messages up to the next Sync.
    const all = Buffer.concat([...messages, serialize.sync()])
    return this.#pglite.execProtocolStream(all, { syncToFs: false })
  }

  #serialized(values: readonly unknown[], types: ParameterTypes): (string | null)[] {
    return values.map((value, i) => {
      if (value === null || value === undefined) return null
      const serializer = this.#pglite.serializers[types[i] as number]
      return serializer ? (serializer(value) as string) : String(value)
    })
  }
}
