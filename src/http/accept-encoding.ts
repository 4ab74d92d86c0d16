/**
 * The encoding to use for an Accept-Encoding header (RFC 9110, 12.5.3), in the server's order of preference.
 * @param offered the best first
 */
export function acceptedEncoding<Name extends string>(
  header: string | undefined,
  offered: Iterable<Name>,
): Name | null {
  const weights = new Map(
    (header ?? '').split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
      return [name, parameters.every((each) => !/^q=0(\.0*)?$/.test(each))]
    }),
  )
  for (const name of offered) {
    const isTaken = weights.get(name) ?? weights.get('*') ?? name === 'identity'
    if (isTaken) return name
  }
  return null
}
