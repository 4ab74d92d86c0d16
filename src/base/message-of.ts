/** The message of anything that was thrown: WebAssembly programs also throw objects that are no errors. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  const { name, message, code, errno, status } = thrown as Readonly<Record<string, unknown>>
  if (typeof message === 'string' && message !== '') return message
  const number = code ?? errno ?? status
  const label = typeof name === 'string' && name !== '' ? name : 'unknown error'
  return typeof number === 'string' || typeof number === 'number' ? `${label} ${number}` : label
}
