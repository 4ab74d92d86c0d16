/**
 * Bytes as the body of a Request or Response of graphql-yoga: it accepts every async iterable, but its declarations
 * are those of browsers, which do not.
 */
export function iterableBody<Bytes extends AsyncIterable<Uint8Array>>(bytes: Bytes): Bytes & BodyInit {
  return bytes as Bytes & BodyInit
}
