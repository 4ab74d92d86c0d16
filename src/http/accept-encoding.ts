import Negotiator from 'negotiator'
import { weightsOnly } from '../text/header-weights.ts'

/**
 * The encoding to use for an Accept-Encoding header (RFC 9110, 12.5.3), in the server's order of preference.
 * @param offered the best first
 */
export function acceptedEncoding<Name extends string>(
  header: string | undefined,
  offered: Iterable<Name>,
): Name | null {
  const names = [...offered]
  const headers = { 'accept-encoding': header === undefined ? undefined : weightsOnly(header) }
  const accepted = new Set(new Negotiator({ headers }).encodings(names))
  return names.find((name) => accepted.has(name)) ?? null
}
