import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { createHttpClient, ForbiddenAddress } from '../../src/net/outbound-http.ts'
import { resolveByNameServers } from '../../src/net/resolver.ts'
import { startNameServer } from '../support/name-server.ts'
import { startReceiver } from '../support/receiver.ts'

const LONG = 60_000

test('a name server that never answers holds up neither other names nor the reading of files', async () => {
  await using server = await startNameServer()
  await using receiver = await startReceiver()
  const resolve = resolveByNameServers({ servers: [server.address], timeoutMs: LONG })
  const sendRequest = createHttpClient({ allowLoopback: true, resolve, timeoutMs: LONG })
  const gaveUp = new AbortController()
  const { port } = new URL(receiver.url)
  const hanging = Array.from({ length: 50 }, (_, i) =>
    sendRequest({ method: 'GET', url: `http://silent-${i}.example:${port}/`, signal: gaveUp.signal }).catch(
      String,
    ),
  )
  await expect.poll(() => new Set(server.asked).size).toBe(50)
  expect(await sendRequest({ method: 'GET', url: `http://here.example:${port}/hook` })).toMatchObject({
    status: 204,
  })
  expect(await readFile(import.meta.filename, 'utf8')).toContain('holds up')
  gaveUp.abort(new Error('enough'))
  expect(new Set(await Promise.all(hanging))).toEqual(new Set(['Error: enough']))
})

test('a name server that does not answer in time is given up, and is asked again before that', async () => {
  await using server = await startNameServer()
  const resolve = resolveByNameServers({ servers: [server.address], timeoutMs: 250, tries: 2 })
  await expect(resolve('silent.example')).rejects.toThrow('ETIMEOUT')
  // For both kinds of addresses, twice.
  expect(server.asked).toEqual(Array(4).fill('silent.example'))
})

test('what name servers say is judged like any address', async () => {
  await using server = await startNameServer()
  await using receiver = await startReceiver()
  const resolve = resolveByNameServers({ servers: [server.address] })
  const sendRequest = createHttpClient({ allowLoopback: false, resolve })
  const url = `http://here.example:${new URL(receiver.url).port}/hook`
  await expect(sendRequest({ method: 'POST', url })).rejects.toThrow(ForbiddenAddress)
  expect(receiver.received).toEqual([])
})
