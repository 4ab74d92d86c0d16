import type { Attack } from './send.ts'

// The shapes of what is sent, each as large as the gateway reads.

/** What the gateway reads of a request, and of a message over a websocket. */
export const BODY_BYTES = 100 * 1024
export const MESSAGE_BYTES = 64 * 1024

/** A POST of JSON. */
export function post(body: unknown, headers = ''): Attack {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { http: request('POST', '/graphql', text, `content-type: application/json\r\n${headers}`) }
}

export function get(path: string, headers = ''): Attack {
  return { http: `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n` }
}

export function request(method: string, path: string, body: string, headers: string): string {
  const length = Buffer.byteLength(body)
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}content-length: ${length}\r\n\r\n${body}`
}

export function form(path: string, body: string): Attack {
  return { http: request('POST', path, body, 'content-type: application/x-www-form-urlencoded\r\n') }
}

export function subscribe(payload: object, id = '1'): string {
  return JSON.stringify({ id, type: 'subscribe', payload })
}

/** As many items as fit into so many bytes. */
export function fill(item: (i: number) => string, bytes = BODY_BYTES - 1_000): string[] {
  const items: string[] = []
  for (let size = 0, i = 0; ; i++) {
    const next = item(i)
    size += Buffer.byteLength(next) + 1
    if (size > bytes) return items
    items.push(next)
  }
}

export const many = (count: number, item: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => item(i))
export const keys = (bytes?: number) =>
  Object.fromEntries(fill((i) => `"k${i}":1,`, bytes).map((_, i) => [`k${i}`, 1]))
export const long = (character: string, bytes = BODY_BYTES - 1_000) =>
  character.repeat(Math.floor(bytes / Buffer.byteLength(character)))
export const nestedJson = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

/** The same request in chunks of so many bytes. */
export function chunked(attack: Attack, size: number): string {
  const [head = '', body = ''] = (attack as { http: string }).http.split('\r\n\r\n', 2)
  const pieces = many(Math.ceil(body.length / size), (i) => {
    const piece = body.slice(i * size, (i + 1) * size)
    return `${piece.length.toString(16)}\r\n${piece}\r\n`
  })
  return `${head.replace(/content-length: \d+/, 'transfer-encoding: chunked')}\r\n\r\n${pieces.join('')}0\r\n\r\n`
}
