import pg from 'pg'
import { processCpu } from '../support/process-cpu.ts'

/** The CPU of the sessions of a database, by process. Needs a PostgreSQL server on this machine. */
export class DatabaseCpu {
  readonly #client: pg.Client

  private constructor(client: pg.Client) {
    this.#client = client
  }

  static async open(url: string): Promise<DatabaseCpu> {
    const client = new pg.Client(url)
    await client.connect()
    return new DatabaseCpu(client)
  }

  /**
   * The CPU of each session of the gateway, in µs. The workers of parallel statements end with their statement, so
   * their CPU is not in it.
   */
  async bySession(): Promise<Map<number, number>> {
    const { rows } = await this.#client.query<{ pid: number }>(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'dateline'",
    )
    return new Map(rows.flatMap(({ pid }) => cpuOf(pid)))
  }

  /** Appends a change of one article, as an edit does: feeds are rendered again. */
  async appendChange(): Promise<void> {
    await this.#client.query('BEGIN')
    await this.#client.query('UPDATE "ChangeHead" SET position = position + 1')
    await this.#client.query(
      `INSERT INTO "ArticleChange" (position, "articleId", kind, version, at)
        SELECT position, md5('article1')::uuid, 'COMMENTING_CHANGED', 1, now() FROM "ChangeHead"`,
    )
    await this.#client.query('COMMIT')
  }

  close(): Promise<void> {
    return this.#client.end()
  }
}

/** What sessions have used between two readings, in µs. */
export function usedBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  let used = 0
  for (const [pid, cpu] of after) used += cpu - (before.get(pid) ?? 0)
  return used
}

function cpuOf(pid: number): [number, number][] {
  try {
    return [[pid, processCpu(pid)]]
  } catch {
    // The session has ended since.
    return []
  }
}
