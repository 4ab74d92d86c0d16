import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { readPage } from '../../src/ingest/page.ts'
import { createHttpClient, type OutboundResponse } from '../../src/net/outbound-http.ts'
import { serve } from './server.ts'

// Addresses beyond this machine are only judged here: no test looks one up or connects to one.

const redirect = (location: string) => ({ status: 302, headers: { location }, body: '' })

/** Answers for one host in place of the network, and finds names at the addresses given; all else is real. */
function network({
  answers = {},
  names = {},
}: {
  answers?: Record<string, OutboundResponse>
  names?: Record<string, string>
}) {
  const dialled: string[] = []
  const createClient: typeof createHttpClient = (options) => {
    const sendRequest = createHttpClient({
      ...options,
      resolve: async (name) => [{ address: names[name] ?? '127.0.0.1', family: 4 }],
    })
    return async (outbound) => {
      dialled.push(outbound.url)
      return answers[outbound.url] ?? sendRequest(outbound)
    }
  }
  return { dialled, createClient }
}

it.each([
  ['a private address', 'http://10.0.0.8/admin', '10.0.0.8 is not a public address'],
  ['the metadata of a cloud', 'http://169.254.169.254/latest/meta-data/', 'is not a public address'],
  ['a link-local address', 'http://[fe80::1]/', 'is not a public address'],
  ['a name that means a private address', 'http://intranet.example/', 'has an address that is not public'],
  ['an address with a password', 'http://user:secret@news.example/', 'with a user name'],
])('a redirect to %s is refused', async (_, location, reason) => {
  await using server = await serve((_, response) => response.writeHead(302, { location }).end())
  const { createClient } = network({ names: { 'intranet.example': '10.0.0.8' } })
  const reading = readPage(`${server.url}/story`, { createClient })
  await expect(reading).rejects.toThrow(/^\S+ is not allowed: /)
  await expect(reading).rejects.toThrow(reason)
})

it.each([
  ['its address', (port: string) => `http://127.0.0.1:${port}/admin`],
  ['IPv6', (port: string) => `http://[::1]:${port}/admin`],
  ['a number', (port: string) => `http://2130706433:${port}/admin`],
  ['its name', (port: string) => `http://localhost:${port}/admin`],
  ['a name of its own', (port: string) => `http://leads-here.example:${port}/admin`],
])('a site does not lead to this machine by %s, even in development', async (_, admin) => {
  const asked: unknown[] = []
  await using server = await serve((request, response) => {
    asked.push(request.url)
    response.setHeader('content-type', 'text/html').end('<p>secret')
  })
  const { port } = new URL(server.url)
  const { createClient, dialled } = network({
    answers: { 'https://news.example/story': redirect(admin(port)) },
  })
  const reading = readPage('https://news.example/story', { createClient, development: true })
  await expect(reading).rejects.toThrow(/^\S+ is not allowed: .* (?:is not a public address|is not public)$/)
  expect(dialled).toHaveLength(2)
  expect(asked).toEqual([])
})

it('in production this machine is not read from at all', async () => {
  await expect(readPage('http://127.0.0.1/story', { development: false })).rejects.toThrow(
    '127.0.0.1 is not allowed: 127.0.0.1 is not a public address',
  )
})

it('a redirect to what is no http address is refused', async () => {
  await using server = await serve((_, response) =>
    response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
  )
  await expect(readPage(server.url)).rejects.toThrow(
    'the page redirects to an address that is not http or https',
  )
})

it('five redirects are followed, and a sixth is not', async () => {
  const asked: string[] = []
  await using server = await serve((request, response) => {
    const left = Number(request.url?.slice(1))
    asked.push(request.url ?? '')
    if (left === 0) response.setHeader('content-type', 'text/html').end('<p>here')
    else response.writeHead(302, { location: `/${left - 1}` }).end()
  })
  expect(await readPage(`${server.url}/5`)).toEqual({ html: '<p>here', address: `${server.url}/0` })
  asked.length = 0
  await expect(readPage(`${server.url}/6`)).rejects.toThrow('the page is redirected more than 5 times')
  expect(asked).toEqual(['/6', '/5', '/4', '/3', '/2', '/1'])
})

it.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
])('a body packed with %s is unpacked, up to the bound', async (encoding, pack) => {
  const packed = pack(Buffer.from('<p>'.repeat(20_000)))
  expect(packed.length).toBeLessThan(1024)
  await using server = await serve((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': encoding }).end(packed),
  )
  expect((await readPage(server.url, { size: 60_000 })).html).toHaveLength(60_000)
  await expect(readPage(server.url, { size: 59_999 })).rejects.toThrow('the page is larger than 59 KiB')
})

it('a body that is packed otherwise, or badly, is refused in a line', async () => {
  await using server = await serve((request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-encoding': request.url?.slice(1) })
      .end('not packed'),
  )
  await expect(readPage(`${server.url}/zstd`)).rejects.toThrow('the content-encoding zstd is not supported')
  await expect(readPage(`${server.url}/gzip`)).rejects.toThrow(
    'the compressed response body could not be decompressed',
  )
})
