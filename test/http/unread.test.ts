import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { answerInOrder, destroyUnread, READ_TIMEOUT_MS, UNREAD_TIMEOUT_MS } from '../../src/http/unread.ts'
import { freshApp } from '../support/app.ts'

const request = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`

/** More than the system takes for a connection whose client does not read. */
const LARGE = Buffer.alloc(64 * 1024 * 1024)

let server: Server
/** The paths whose answers have begun. */
let begun: string[]
const answers = new Map<string, () => void>()

beforeEach(async () => {
  begun = []
  server = createServer((asked, response) =>
    answerInOrder(asked, response, () => {
      const path = asked.url as string
      begun.push(path)
      if (path === '/large') response.end(LARGE)
      else answers.set(path, () => response.end(path))
    }),
  )
  destroyUnread(server, 500)
  await once(server.listen(0, '127.0.0.1'), 'listening')
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

async function open(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

test('an answer that nobody reads is given up', async () => {
  const socket = await open()
  socket.pause()
  socket.write(request('/large'))
  while (begun.length === 0) await new Promise(setImmediate)
  while ((await connections()) > 0) await new Promise(setImmediate)
  expect(begun).toEqual(['/large'])
})

test('a client that waits for a slow answer is not cut off', async () => {
  const socket = await open()
  const timeouts = once(server, 'timeout')
  socket.write(request('/slow'))
  await timeouts
  answers.get('/slow')?.()
  const [text] = await once(socket, 'data')
  expect(String(text)).toMatch(/^HTTP\/1\.1 200 [\s\S]*\/slow$/)
  socket.destroy()
})

test('requests in a row on one connection are answered one at a time, in order', async () => {
  const socket = await open()
  socket.write(['/1', '/2', '/3'].map(request).join(''))
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  for (const path of ['/1', '/2', '/3']) {
    while (begun.at(-1) !== path) await new Promise(setImmediate)
    answers.get(path)?.()
  }
  while (!text.endsWith('/3')) await once(socket, 'data')
  expect(begun).toEqual(['/1', '/2', '/3'])
  expect(text.match(/\/\d$|\/\d(?=HTTP)/g)).toEqual(['/1', '/2', '/3'])
  socket.destroy()
})

test('of many requests in a row whose answers are not read, only the first is answered', async () => {
  const socket = await open()
  socket.pause()
  socket.write(request('/large').repeat(200))
  while (begun.length === 0) await new Promise(setImmediate)
  while ((await connections()) > 0) await new Promise(setImmediate)
  expect(begun).toEqual(['/large'])
})

test('a hundred requests wait behind one that is being answered, and one more ends the connection', async () => {
  const patient = await open()
  patient.write(request('/slow') + request('/next').repeat(100))
  const hasty = await open()
  const ended = once(hasty, 'close')
  hasty.write(request('/endless') + request('/next').repeat(101))
  await ended
  answers.get('/slow')?.()
  while (!begun.includes('/next')) await new Promise(setImmediate)
  expect(patient.destroyed).toBe(false)
  patient.destroy()
})

test('the gateway itself answers in turn, and gives up what is unread after 30 s, and after 5 min in any case', async () => {
  expect([UNREAD_TIMEOUT_MS, READ_TIMEOUT_MS]).toEqual([30_000, 300_000])
  await using app = await freshApp()
  const socket = connect(app.config.port, '127.0.0.1')
  await once(socket, 'connect')
  const queries = ['{ first: __typename }', '{ second: __typename }']
  socket.write(queries.map((query) => request(`/graphql?query=${encodeURIComponent(query)}`)).join(''))
  let text = ''
  while (!text.includes('second')) text += String((await once(socket, 'data'))[0])
  expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'))
  socket.destroy()
})

function connections(): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
  )
}
