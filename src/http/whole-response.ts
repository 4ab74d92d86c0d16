import {
  type IncomingMessage,
  type ServerResponse,
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
} from 'node:http'

// Node writes the head of a response as a string and its body as a buffer, with `writev`. If both are one buffer, a
// response costs a fifth less. Node has no interface for this, so that what it sets when it writes a head is set here;
// test/http/whole-response.test.ts compares the bytes with those that Node writes.

/** The properties of a response that Node sets when it writes the head. */
interface HeadState {
  _header: string | null
  _headerSent: boolean
  /** In ms. */
  _keepAliveTimeout: number
}

/** Whether the head of a response would be the same for every client: HTTP/1.1, kept alive, without other headers. */
export function isUsual({ httpVersionMinor, method }: IncomingMessage, response: ServerResponse): boolean {
  return (
    httpVersionMinor === 1 &&
    method !== 'HEAD' &&
    response.shouldKeepAlive &&
    response.getHeaderNames().length === 0
  )
}

/**
 * The bytes of a whole response to a usual request.
 * @param head names and values in turn
 * @param second of the Date header, in s since the epoch
 * @throws TypeError for an invalid header
 */
export function wholeResponse(
  response: ServerResponse,
  { status, head, body }: { status: number; head: readonly string[]; body: Buffer },
  second: number,
): Buffer {
  const { _keepAliveTimeout } = response as unknown as HeadState
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`]
  for (let at = 0; at < head.length; at += 2) {
    const [name = '', value = ''] = head.slice(at, at + 2)
    validateHeaderName(name)
    validateHeaderValue(name, value)
    lines.push(`${name}: ${value}`)
  }
  lines.push(`Date: ${new Date(second * 1_000).toUTCString()}`, 'Connection: keep-alive')
  if (_keepAliveTimeout) lines.push(`Keep-Alive: timeout=${Math.floor(_keepAliveTimeout / 1_000)}`)
  const start = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
  const whole = Buffer.allocUnsafeSlow(start.length + body.length)
  start.copy(whole)
  body.copy(whole, start.length)
  return whole
}

/** Sends a whole response. */
export function sendWhole(response: ServerResponse, status: number, whole: Buffer): void {
  response.statusCode = status
  const state = response as unknown as HeadState
  state._header = WRITTEN
  state._headerSent = true
  response.end(whole)
}

/** Not empty, so that Node takes the head for written. */
const WRITTEN = ' '
