/** What is printed of each class, and whether it is within the limits. */
export class Table {
  readonly #rows: Row[] = []

  add(row: Row): void {
    this.#rows.push(row)
    console.log(line(row))
  }

  /** Many rows of one class as one: the worst of each. */
  addWorst(name: string, rows: readonly Row[]): void {
    const slowest = rows.reduce((worst, row) => (row.cpuMs > worst.cpuMs ? row : worst))
    this.add({
      ...slowest,
      name: `${name}, ${rows.length} of them, ${rows.filter(({ refused }) => !refused).length} answered; the slowest is ${slowest.name}`,
      refusalBytes: Math.max(...rows.map(({ refusalBytes }) => refusalBytes)),
      ended: rows.some(({ ended }) => ended),
    })
  }

  /** Prints the worst rows; returns how many are beyond a limit. */
  close(): number {
    const bad = this.#rows.filter(isBad)
    const slowest = [...this.#rows].sort((a, b) => b.cpuMs / b.maxCpuMs - a.cpuMs / a.maxCpuMs).slice(0, 10)
    const largest = [...this.#rows].sort((a, b) => b.refusalBytes - a.refusalBytes).slice(0, 3)
    console.log(`\nThe slowest of ${this.#rows.length} classes, by their limit:`)
    for (const row of slowest) console.log(line(row))
    console.log('\nThe largest refusals:')
    for (const row of largest) console.log(line(row))
    console.log(`\n${bad.length} of ${this.#rows.length} classes are beyond a limit.`)
    return bad.length
  }
}

export interface Row {
  name: string
  cpuMs: number
  maxCpuMs: number
  refused: boolean
  /** Bytes of an answer that refuses; 0 for one that does not, and for a connection that is closed. */
  refusalBytes: number
  /** Whether a process ended. */
  ended?: boolean
  /** The beginning of what was answered. */
  note?: string
}

const MAX_REFUSAL_BYTES = 64 * 1024

function isBad({ cpuMs, maxCpuMs, refusalBytes, ended }: Row): boolean {
  return cpuMs > maxCpuMs || refusalBytes > MAX_REFUSAL_BYTES || ended === true
}

function line(row: Row): string {
  const cpu = `${row.cpuMs.toFixed(1)} ms`.padStart(11)
  const refusal = row.refused || row.refusalBytes > 0 ? `refused with ${row.refusalBytes} B` : 'answered'
  const note =
    process.env.VERBOSE && row.note ? `\n      ${row.note.replaceAll(/\s+/g, ' ').slice(0, 220)}` : ''
  return `${isBad(row) ? 'X' : ' '} ${cpu}  ${refusal.padEnd(22)} ${row.name}${note}`
}
