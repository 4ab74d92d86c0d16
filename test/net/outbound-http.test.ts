import { once } from 'node:events'
import { Agent as HttpAgent } from 'node:http'
import { type AddressInfo, createServer, Socket, type TcpNetConnectOpts } from 'node:net'
import { expect, test, vi } from 'vitest'
import { createHttpClient, ForbiddenAddress, OUTBOUND_TIMEOUT_MS } from '../../src/net/outbound-http.ts'
import { startReceiver } from '../support/receiver.ts'

const port = (url: string) => new URL(url).port
const loopback = { address: '127.0.0.1', family: 4 }
const elsewhere = { address: '93.184.216.34', family: 4 }

/** Stands in for the network: takes down where connections would go, and makes none. */
function connections() {
  const addresses: string[] = []
  const spy = vi.spyOn(HttpAgent.prototype, 'createConnection').mockImplementation((options) => {
    const { lookup, host } = options as TcpNetConnectOpts
    const socket = new Socket()
    lookup?.(host!, {}, (error, address) => {
      if (!error) addresses.push(String(address))
      socket.destroy(error ?? new Error('not connected'))
    })
    return socket
  })
  return { addresses, [Symbol.dispose]: () => spy.mockRestore() }
}

test('the address that was judged is the one that is dialled, also of a name that changes its address', async () => {
  await using receiver = await startReceiver()
  // The first look-up says something harmless, the next one this machine.
  const answers = [[elsewhere], [loopback]]
  let asked = 0
  const resolve = async () => answers[asked++] ?? [loopback]
  const url = `http://rebinding.example:${port(receiver.url)}/hook`
  const strict = createHttpClient({ allowLoopback: false, resolve })
  using dialled = connections()
  // What was found harmless is dialled without another look.
  await expect(strict({ method: 'POST', url })).rejects.toThrow('not connected')
  expect(asked).toBe(1)
  expect(dialled.addresses).toEqual(['93.184.216.34'])
  await expect(strict({ method: 'POST', url })).rejects.toThrow(ForbiddenAddress)
  expect(dialled.addresses).toEqual(['93.184.216.34'])
  expect(receiver.received).toEqual([])
})

test('a name is not dialled when one of its addresses is ours, whichever of them comes first', async () => {
  await using receiver = await startReceiver()
  const resolve = async () => [elsewhere, loopback]
  const sendRequest = createHttpClient({ allowLoopback: false, resolve, timeoutMs: 1_000 })
  const url = `http://two.example:${port(receiver.url)}/`
  await expect(sendRequest({ method: 'GET', url })).rejects.toThrow(ForbiddenAddress)
})

test.each([
  'http://127.0.0.1/',
  'http://[::1]/',
  'http://[::ffff:7f00:1]/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://169.254.169.254/latest/meta-data/',
  'http://0/',
])('%s is not dialled, however it is written', async (url) => {
  const sendRequest = createHttpClient({ allowLoopback: false })
  await expect(async () => sendRequest({ method: 'GET', url })).rejects.toThrow(ForbiddenAddress)
})

test.each(['ftp://example.org/', 'file:///etc/passwd', 'http://user:word@example.org/'])(
  '%s is not dialled at all',
  async (url) => {
    const sendRequest = createHttpClient({ allowLoopback: true })
    await expect(async () => sendRequest({ method: 'GET', url })).rejects.toThrow(ForbiddenAddress)
  },
)

test('a redirect is an answer, and is not followed', async () => {
  await using receiver = await startReceiver(() => ({ status: 302, headers: { location: '/elsewhere' } }))
  const sendRequest = createHttpClient({ allowLoopback: true })
  expect(await sendRequest({ method: 'POST', url: receiver.url, body: '{}' })).toMatchObject({ status: 302 })
  expect(receiver.received.map(({ path }) => path)).toEqual(['/hook'])
})

test('of a body no more is read than was asked for', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'x'.repeat(1_000_000) }))
  const sendRequest = createHttpClient({ allowLoopback: true })
  expect(await sendRequest({ method: 'GET', url: receiver.url, read: 10 })).toMatchObject({
    body: 'xxxxxxxxxx',
  })
  expect(await sendRequest({ method: 'GET', url: receiver.url })).toMatchObject({ status: 200, body: '' })
})

test('a letter says who sends it and how long it is, and its own headers go before that', async () => {
  await using receiver = await startReceiver(() => ({ status: 201, headers: { 'x-answer': 'yes' } }))
  const sendRequest = createHttpClient({ allowLoopback: true })
  const letter = { method: 'POST', url: receiver.url, body: 'zwölf' } as const
  const answer = await sendRequest({ ...letter, headers: { 'x-own': '1', accept: 'text/html' } })
  expect(answer).toMatchObject({ status: 201, headers: { 'x-answer': 'yes' }, body: '' })
  await sendRequest({ method: 'GET', url: receiver.url })
  const [post, get] = receiver.received
  expect(post).toMatchObject({ method: 'POST', body: 'zwölf' })
  expect(post?.headers).toMatchObject({
    'user-agent': 'Dateline',
    'content-length': '6',
    accept: 'text/html',
    'x-own': '1',
    connection: 'close',
  })
  expect(get).toMatchObject({ method: 'GET', body: '', headers: { accept: '*/*' } })
  expect(get?.headers).not.toHaveProperty('content-length')
})

test('an answer is text in UTF-8, or one character for each byte', async () => {
  await using receiver = await startReceiver(() => ({ status: 200, body: 'zwölf' }))
  const sendRequest = createHttpClient({ allowLoopback: true })
  const letter = { method: 'GET', url: receiver.url, read: 100 } as const
  expect((await sendRequest(letter)).body).toBe('zwölf')
  expect((await sendRequest({ ...letter, encoding: 'latin1' })).body).toBe('zw\u00c3\u00b6lf')
  expect((await sendRequest({ ...letter, read: 6 })).body).toBe('zwölf')
  expect((await sendRequest({ ...letter, read: 2 })).body).toBe('zw')
})

test('a name is dialled by what was found for it, and is not where nothing was', async () => {
  await using receiver = await startReceiver()
  const asked: string[] = []
  const resolve = async (name: string) => {
    asked.push(name)
    return name === 'here.example' ? [loopback] : []
  }
  const sendRequest = createHttpClient({ allowLoopback: true, resolve })
  const at = (name: string) =>
    sendRequest({ method: 'GET', url: `http://${name}:${port(receiver.url)}/hook` })
  expect(await at('here.example')).toMatchObject({ status: 204 })
  await expect(at('nowhere.example')).rejects.toThrow(ForbiddenAddress)
  await expect(at('nowhere.example')).rejects.toThrow('nowhere.example has no address')
  expect(asked).toEqual(['here.example', 'nowhere.example', 'nowhere.example'])
  const failing = createHttpClient({
    allowLoopback: true,
    resolve: () => Promise.reject(new Error('no servers')),
  })
  await expect(failing({ method: 'GET', url: 'http://here.example/' })).rejects.toThrow('no servers')
})

test('what breaks off in the middle of its answer has not answered', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort'))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const sendRequest = createHttpClient({ allowLoopback: true })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await expect(sendRequest({ method: 'GET', url, read: 100 })).rejects.toThrow()
  // Who needs nothing of the body has its answer.
  expect(await sendRequest({ method: 'GET', url })).toMatchObject({ status: 200 })
  server.close()
})

test('who answers that the protocol is another one from now on has not answered, and is not waited for', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const sendRequest = createHttpClient({ allowLoopback: true })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await expect(sendRequest({ method: 'POST', url, body: '{}' })).rejects.toThrow('without an answer')
  server.close()
})

test('the time limit holds for who gives a signal too, and the signal holds before it', async () => {
  await using receiver = await startReceiver(() => new Promise(() => {}))
  const sendRequest = createHttpClient({ allowLoopback: true, timeoutMs: 100 })
  const giveUp = new AbortController()
  const late = setTimeout(() => giveUp.abort(new Error('the limit of 100 ms does not hold')), 5_000)
  const { signal } = giveUp
  await expect(sendRequest({ method: 'POST', url: receiver.url, signal })).rejects.toThrow('due to timeout')
  clearTimeout(late)
  const patient = createHttpClient({ allowLoopback: true, timeoutMs: 3_600_000 })
  const ended = AbortSignal.abort(new Error('ended'))
  await expect(patient({ method: 'POST', url: receiver.url, signal: ended })).rejects.toThrow('ended')
})

test('nobody may take longer than 15 seconds to answer', () => expect(OUTBOUND_TIMEOUT_MS).toBe(15_000))

test("an operator's own URL may have any address, and its redirects are not followed", async () => {
  await using receiver = await startReceiver(() => ({
    status: 302,
    headers: { location: 'http://127.0.0.1:9/' },
  }))
  const strict = async () => createHttpClient({ allowLoopback: false })({ method: 'POST', url: receiver.url })
  await expect(strict()).rejects.toThrow(ForbiddenAddress)
  const sendRequest = createHttpClient({ allowLoopback: false, allowAnyAddress: true })
  for (const url of [receiver.url, receiver.url.replace('127.0.0.1', 'localhost')]) {
    expect(await sendRequest({ method: 'POST', url, body: 'x' })).toMatchObject({ status: 302, body: '' })
  }
  expect(receiver.received).toHaveLength(2)
})
