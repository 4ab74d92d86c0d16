/** Shows progress on standard error: one line that is rewritten on a terminal, otherwise every tenth page of a long run. */
export interface Progress {
  /** The number of the current page, from 1. */
  at(count: number, source: string): void
  /** Clears the line, so that other text can be written. */
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
