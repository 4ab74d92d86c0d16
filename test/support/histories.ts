/**
 * How many random histories a test lives through: all of them, unless HISTORIES_PART asks for a part of them
 * only, as continuous integration does on the embedded database, because it lives through all on PostgreSQL.
 */
export function howMany(all: number): number {
  return all / Number(process.env.HISTORIES_PART ?? 1)
}
