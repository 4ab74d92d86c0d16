/** Reads an option that is a number of things; ends the benchmark with a word on it when it is none. */
export function countOf(option: string, text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count > 0) return count
  console.error(`--${option} takes a whole number of at least 1, not "${text}".`)
  process.exit(2)
}
