/** How far a run is, on standard error: one line rewritten on a terminal, else every tenth page of a long run. */
export interface Progress {
  /** The page that is read now, counted from 1. */
  at(count: number, source: string): void
  /** Takes the line away, so that something else can be written. */
  clear(): void
}

export function progress(total: number): Progress {
  const { stderr } = process
  if (stderr.isTTY) {
    const write = (text: string) => stderr.write(`\r\x1b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`)
    return { at: (count, source) => write(`${count}/${total} ${source}`), clear: () => write('') }
  }
  const long = total >= 20
  return {
    at: (count) =>
      long && (count - 1) % 10 === 0 && count > 1 && stderr.write(`${count - 1} of ${total} pages read\n`),
    clear() {},
  }
}
