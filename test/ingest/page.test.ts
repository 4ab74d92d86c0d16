import { expect, it } from 'vitest'
import { decodePage } from '../../src/ingest/decode-page.ts'
import { readPage } from '../../src/ingest/page.ts'
import { serve } from './server.ts'

const bytes = (text: string, encoding: BufferEncoding = 'latin1') => Buffer.from(text, encoding)

it('a page is read in the encoding of its byte order mark, header, own words or bytes', () => {
  expect(decodePage(bytes('\ufeff<p>é', 'utf16le'))).toBe('<p>é')
  expect(decodePage(bytes('<p>\xe9'), 'text/html; charset=ISO-8859-1')).toBe('<p>é')
  expect(decodePage(bytes('<meta charset="windows-1254"><p>\xfe\xf0'))).toBe(
    '<meta charset="windows-1254"><p>şğ',
  )
  expect(decodePage(bytes('<p>é', 'utf8'))).toBe('<p>é')
  expect(decodePage(bytes('<meta charset="gb2312"><p>é', 'utf8'))).toContain('é')
  expect(decodePage(bytes('<meta charset="nonsense"><p>\xe9'))).toContain('é')
})

it('an answer that is too long or never ends is given up', async () => {
  await using server = await serve((request, response) => {
    response.setHeader('content-type', 'text/html')
    if (request.url === '/long') response.end('<p>'.repeat(1000))
    else response.write('<p>')
  })
  await expect(readPage(`${server.url}/long`, { size: 2048 })).rejects.toThrow(
    'the page is larger than 2 KiB',
  )
  await expect(readPage(`${server.url}/stalls`, { timeout: 200 })).rejects.toThrow(
    'did not answer within 0.2 s',
  )
})

it('the address after redirects is the page’s own', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/b') response.setHeader('content-type', 'text/html').end('<p>here')
    else response.writeHead(301, { location: '/b' }).end()
  })
  expect(await readPage(`${server.url}/a`)).toEqual({ html: '<p>here', address: `${server.url}/b` })
})
