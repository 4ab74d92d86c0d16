import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { acceptedEncoding } from '../../src/http/accept-encoding.ts'
import { isEncoded, readBody } from '../../src/net/read-body.ts'

// What the gateway reads in headers and bodies of plain HTTP.

describe('the encoding of an answer, by what the client takes', () => {
  const offered = ['br', 'gzip', 'identity'] as const

  test.each<[string | undefined, string | null]>([
    [undefined, 'identity'],
    ['', 'identity'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, br', 'br'],
    ['GZIP', 'gzip'],
    ['deflate', 'identity'],
    ['deflate, gzip;q=0.1', 'gzip'],
    ['br;q=0, gzip', 'gzip'],
    ['br;q=0.0, gzip', 'gzip'],
    ['br; q=0 , gzip', 'gzip'],
    ['br;Q=0', 'identity'],
    ['br;q=0.001', 'br'],
    ['*', 'br'],
    ['*;q=0', null],
    ['br;q=0, *', 'gzip'],
    ['identity;q=0', null],
    ['gzip;q=0, br;q=0, identity;q=0', null],
    ['*;q=0, identity', 'identity'],
    ['brotli', 'identity'],
  ])('%j: %s', (header, encoding) => {
    expect(acceptedEncoding(header, offered)).toBe(encoding)
  })
})

test.each<[string | null | undefined, boolean]>([
  [undefined, false],
  [null, false],
  ['', false],
  [' ', false],
  ['identity', false],
  [' Identity ', false],
  ['gzip', true],
  ['identity, gzip', true],
  ['x-identity', true],
])('whether the Content-Encoding %j is an encoding: %j', (header, is) => {
  expect(isEncoded(header)).toBe(is)
})

describe('the body of a request', () => {
  const request = (chunks: Iterable<Buffer> | AsyncIterable<Buffer>, headers = {}) =>
    Object.assign(Readable.from(chunks), { headers }) as never

  test('may have as many bytes as are allowed, however it comes, and no more', async () => {
    const letters = ['é', 'é', 'é'].map((letter) => Buffer.from(letter))
    expect(await readBody(request(letters), 6)).toBe('ééé')
    await expect(readBody(request(letters), 5)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      field: 'body',
      message: 'The body may be at most 5 bytes.',
    })
    expect(await readBody(request([]), 0)).toBe('')
  })

  test('may be cut into pieces within a letter', async () => {
    const bytes = Buffer.from('😀é')
    const pieces = [...bytes].map((byte) => Buffer.from([byte]))
    expect(await readBody(request(pieces), 100)).toBe('😀é')
  })

  test('is not read to its end when it is too large, and its connection stays open for the answer', async () => {
    let sent = 0
    async function* endless() {
      for (;;) {
        sent += 1
        yield Buffer.alloc(10)
      }
    }
    const asked: Readable = request(endless())
    await expect(readBody(asked as never, 25)).rejects.toThrow('at most 25 bytes')
    expect(asked.destroyed).toBe(false)
    expect(sent).toBeLessThan(100)
    asked.destroy()
  })

  test('that breaks off is the client’s mistake', async () => {
    async function* broken() {
      yield Buffer.from('{')
      throw new Error('ECONNRESET')
    }
    await expect(readBody(request(broken()), 100)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: 'The body is incomplete. Send the whole request again.',
    })
  })

  test('that is compressed is refused, and is not read', async () => {
    const asked = request([Buffer.from('x')], { 'content-encoding': 'gzip' })
    await expect(readBody(asked, 100)).rejects.toMatchObject({ code: 'UNSUPPORTED_MEDIA_TYPE' })
    expect(await readBody(request([Buffer.from('x')], { 'content-encoding': 'identity' }), 100)).toBe('x')
  })
})
