import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isUsual, sendWhole, wholeResponse } from '../../src/http/whole-response.ts'

const head = ['content-type', 'application/json', 'etag', '"ü"', 'content-length', '5000']
const body = Buffer.alloc(5_000, 'é')

/** /node as Node writes it, /whole as one buffer. */
const server = createServer({ keepAliveTimeout: 7_000 }, (request, response) => {
  if (request.url === '/other') response.setHeader('x-other', '1')
  if (request.url !== '/node' && isUsual(request, response)) {
    sendWhole(response, 200, whole(response))
  } else {
    response.writeHead(200, head).end(body)
  }
})

const whole = (response: ServerResponse) =>
  wholeResponse(response, { status: 200, head, body }, Math.floor(Date.now() / 1_000))

let port: number
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

/** All bytes that the server sends for some requests until it closes the connection, without the dates. */
async function bytesFor(requests: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(requests)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('latin1')
    .replaceAll(/Date: [^\r]+ GMT/g, 'Date')
}

const request = (path: string, { method = 'GET', version = '1.1', headers = '' } = {}) =>
  `${method} ${path} HTTP/${version}\r\nHost: localhost\r\n${headers}\r\n`
const last = (path: string) => request(path, { headers: 'Connection: close\r\n' })

test('a whole response has the bytes that Node writes', async () => {
  const expected = await bytesFor(request('/node') + last('/node'))
  expect(expected).toContain('Keep-Alive: timeout=7\r\n')
  expect(await bytesFor(request('/whole') + last('/node'))).toBe(expected)
})

test('pipelined whole responses are sent in order, each once', async () => {
  const expected = await bytesFor(request('/node').repeat(20) + last('/node'))
  expect(await bytesFor(request('/whole').repeat(20) + last('/node'))).toBe(expected)
  expect(await bytesFor(`${request('/whole') + request('/node')}`.repeat(10) + last('/node'))).toBe(expected)
})

test.each([
  ['HEAD', (path: string) => request(path, { method: 'HEAD' }) + last(path)],
  ['HTTP/1.0', (path: string) => request(path, { version: '1.0' })],
  ['Connection: close', last],
])('a request with %s is answered as Node answers it', async (_name, requests) => {
  expect(await bytesFor(requests('/whole'))).toBe(await bytesFor(requests('/node')))
})

test('a response with other headers keeps them', async () => {
  expect(await bytesFor(request('/other') + last('/other'))).toMatch(/x-other: 1[\s\S]+x-other: 1/)
})

test('an invalid header is refused', () => {
  const response = {} as ServerResponse
  const made = (value: string) => () => wholeResponse(response, { status: 200, head: ['x', value], body }, 0)
  expect(made('a\r\nb: c')).toThrow(TypeError)
})
