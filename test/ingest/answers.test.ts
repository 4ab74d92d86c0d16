import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { progress } from '../../src/cli/ingest-progress.ts'
import { decodePage } from '../../src/ingest/decode-page.ts'
import { PageError, readPage } from '../../src/ingest/page.ts'
import { serve } from './server.ts'

// What a page's bytes and a server's answers are taken for.

const HTML = { 'content-type': 'text/html' }

async function answered(status: number, headers: Record<string, string>, body: string | Buffer = '<p>x') {
  await using server = await serve((_, response) => response.writeHead(status, headers).end(body))
  return (await readPage(`${server.url}/a`)).html
}

describe('an answer', () => {
  it.each([
    [200, HTML],
    [203, HTML],
    [299, HTML],
    [200, {}],
    [200, { 'content-type': 'TEXT/HTML; charset=utf-8' }],
    [200, { 'content-type': 'application/xhtml+xml' }],
    [200, { 'content-type': 'text/plain' }],
    [200, { 'content-type': 'application/xml' }],
    [200, { 'content-type': 'text/xml' }],
    [200, { ...HTML, 'content-encoding': 'identity' }],
  ])('of status %d with %j is read', async (status, headers) => {
    expect(await answered(status, headers)).toBe('<p>x')
  })

  it.each<[number, Record<string, string>, string | Buffer, string]>([
    [404, HTML, '<p>x', 'the server answered 404 Not Found'],
    [300, HTML, '<p>x', 'the server answered 300 Multiple Choices'],
    [304, HTML, '', 'the server answered 304 Not Modified'],
    [503, HTML, '<p>x', 'the server answered 503 Service Unavailable'],
    [599, HTML, '<p>x', 'the server answered 599'],
    [200, { 'content-type': 'application/json' }, '{}', 'the content is application/json, not an HTML page'],
    [200, { 'content-type': 'image/svg+xml' }, '<svg/>', 'the content is image/svg+xml, not an HTML page'],
    [200, HTML, '%PDF-1.7', 'the content is a PDF, not an HTML page'],
    [200, HTML, '', 'the page is empty'],
    [200, HTML, Buffer.from([0x3c, 0x70, 0, 0x3e]), 'the content is not text'],
    [
      200,
      { ...HTML, 'content-encoding': 'x-unheard-of-way-of-packing' },
      'x',
      'the content-encoding x-unheard-of-way-of- is not supported',
    ],
  ])('of status %d with %j is refused', async (status, headers, body, reason) => {
    await expect(answered(status, headers, body)).rejects.toThrow(new PageError(reason))
  })

  it('packed under another name, or in capitals, is unpacked', async () => {
    for (const encoding of ['x-gzip', 'GZIP', ' gzip ']) {
      const headers = { ...HTML, 'content-encoding': encoding }
      expect(await answered(200, headers, gzipSync('<p>packed'))).toBe('<p>packed')
    }
  })

  it('is looked at for bytes that no text has in its first 2,000', async () => {
    const text = (length: number) => Buffer.concat([Buffer.alloc(length, 'x'), Buffer.from([0])])
    expect(await answered(200, HTML, text(2_000))).toHaveLength(2_001)
    await expect(answered(200, HTML, text(1_999))).rejects.toThrow('the content is not text')
    expect(await answered(200, HTML, Buffer.from('\ufeff<p>é', 'utf16le'))).toBe('<p>é')
  })

  it('is asked for as a page, by a gateway that says its name', async () => {
    const headers: Record<string, unknown>[] = []
    await using server = await serve((request, response) => {
      headers.push({ method: request.method, ...request.headers })
      response.writeHead(200, HTML).end('<p>x')
    })
    await readPage(`${server.url}/a`)
    expect(headers).toMatchObject([
      {
        method: 'GET',
        accept: 'text/html,application/xhtml+xml;q=0.9',
        'accept-encoding': 'gzip, br',
        'user-agent': 'Dateline/0.1 (news gateway)',
      },
    ])
  })

  it('that leads elsewhere without saying where is refused, and one that says it leads there by any status', async () => {
    await expect(answered(302, HTML)).rejects.toThrow('the server answered 302 Found')
    await expect(answered(400, { ...HTML, location: '/b' })).rejects.toThrow(
      'the server answered 400 Bad Request',
    )
    for (const status of [301, 302, 303, 307, 308]) {
      await using server = await serve((request, response) => {
        if (request.url === '/b/d') response.writeHead(200, HTML).end('<p>there')
        else response.writeHead(status, { location: 'd#top' }).end()
      })
      expect((await readPage(`${server.url}/b/c`)).html).toBe('<p>there')
    }
  })

  it('may have as many bytes as are read, packed and unpacked', async () => {
    await using server = await serve((_, response) => response.writeHead(200, HTML).end('x'.repeat(2_048)))
    expect((await readPage(server.url, { size: 2_048 })).html).toHaveLength(2_048)
    await expect(readPage(server.url, { size: 2_047 })).rejects.toThrow('the page is larger than 2 KiB')
  })
})

describe('a file', () => {
  let folder: string
  let file: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dateline-page-'))
    file = join(folder, 'a page.html')
    await writeFile(file, '<p>x')
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read by its path and by its address', async () => {
    expect(await readPage(file)).toEqual({ html: '<p>x', address: null })
    expect(await readPage(pathToFileURL(file).href)).toEqual({ html: '<p>x', address: null })
  })

  it('may be as large as is read', async () => {
    expect((await readPage(file, { size: 4 })).html).toBe('<p>x')
    await expect(readPage(file, { size: 3 })).rejects.toThrow('the page is larger than 0 KiB')
  })

  it('of 12 MiB is read, and no larger one', async () => {
    const large = join(folder, 'large.html')
    // It is made of zeros, and so refused for another reason when it is read.
    await writeFile(large, '')
    await truncate(large, 12_582_912)
    await expect(readPage(large)).rejects.toThrow('the content is not text')
    await truncate(large, 12_582_913)
    await expect(readPage(large)).rejects.toThrow('the page is larger than 12288 KiB')
  })

  it('that is none is refused', async () => {
    await expect(readPage(folder)).rejects.toThrow('the path is a folder, not a file')
    await expect(readPage(`${file}.none`)).rejects.toThrow('the file does not exist')
    await expect(readPage(join(file, 'below'))).rejects.toThrow('the file cannot be read (ENOTDIR)')
    for (const address of ['ftp://a.example/x', 'gopher://a.example/', 'view-source+x://a']) {
      await expect(readPage(address)).rejects.toThrow('only http, https and file addresses can be read')
    }
  })
})

describe('bytes are text', () => {
  const bytes = (...parts: (string | number[])[]) =>
    Buffer.concat(
      parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
    )
  const cyrillic = [0xef, 0xe8, 0xf0, 0xf1]

  it.each<[string, Buffer, string, string]>([
    [
      'by the mark of UTF-8',
      bytes([0xef, 0xbb, 0xbf], '<p>', [0xc3, 0xa9]),
      'text/html; charset=windows-1251',
      '<p>é',
    ],
    ['by the mark of UTF-16, the other way round', bytes([0xfe, 0xff, 0, 0x3c, 0, 0x70]), '', '<p'],
    [
      'by the header, before what the page says',
      bytes('<meta charset="windows-1253">', cyrillic),
      'text/html; charset=windows-1251',
      '<meta charset="windows-1253">пирс',
    ],
    [
      'by what the page says',
      bytes('<meta charset=windows-1251>', cyrillic),
      'text/html',
      '<meta charset=windows-1251>пирс',
    ],
    [
      'by what the page says in the long way',
      bytes('<meta http-equiv="content-type" content="text/html; charset=windows-1251">', cyrillic),
      '',
      '<meta http-equiv="content-type" content="text/html; charset=windows-1251">пирс',
    ],
    [
      'by the declaration of XML',
      bytes('<?xml version="1.0" encoding="windows-1251"?>', cyrillic),
      '',
      '<?xml version="1.0" encoding="windows-1251"?>пирс',
    ],
    [
      'by the header, before the language',
      bytes('<html lang="ar">', cyrillic),
      'text/html; charset=windows-1251',
      '<html lang="ar">пирс',
    ],
    [
      'by the language, where a header says what every server says',
      bytes('<html lang="ru">', cyrillic),
      'text/html; charset=latin1',
      '<html lang="ru">пирс',
    ],
    [
      'by the page, where the header names nothing that there is',
      bytes('<meta charset="windows-1251">', cyrillic),
      'text/html; charset=nonsense',
      '<meta charset="windows-1251">пирс',
    ],
    [
      'never by a page that calls itself UTF-16',
      bytes('<meta charset="utf-16">', [0xe9]),
      '',
      '<meta charset="utf-16">é',
    ],
    ['in windows-1252 at last', bytes('<p>', [0x80, 0xe9]), '', '<p>€é'],
    [
      'in Japanese that is all ASCII',
      bytes([0x1b], '$B', [0x3f, 0x37], [0x1b], '(B'),
      'text/html; charset=iso-2022-jp',
      '新',
    ],
  ])('%s', (_, content, type, text) => {
    expect(decodePage(content, type)).toBe(text)
  })

  it('in UTF-8, when at most one in fifty letters beyond ASCII is broken', () => {
    const mostly = (broken: number, all: number) =>
      decodePage(
        Buffer.concat([Buffer.from('é'.repeat(all - broken)), Buffer.alloc(broken, 0xe9), Buffer.from('x')]),
      )
    expect(mostly(1, 50)).toBe(`${'é'.repeat(49)}\ufffdx`)
    expect(mostly(1, 49)).toBe(`${'Ã©'.repeat(48)}éx`)
  })

  it.each([
    ['ckb', 'windows-1256'],
    ['tr', 'windows-1254'],
    ['bg', 'windows-1251'],
    ['el', 'windows-1253'],
    ['he', 'windows-1255'],
    ['pl', 'windows-1250'],
    ['lv', 'windows-1257'],
    ['vi', 'windows-1258'],
    ['th', 'windows-874'],
    ['ja', 'shift_jis'],
    ['ko', 'euc-kr'],
    ['zh', 'gbk'],
  ])('in %s as in %s', (language, encoding) => {
    const letters = [0xb0, 0xa1, 0xd0, 0xe5]
    const page = bytes(`<html dir="x" lang='${language.toUpperCase()}-XX'>`, letters)
    expect(decodePage(page)).toContain(new TextDecoder(encoding).decode(Buffer.from(letters)))
  })
})

describe('how far a run is', () => {
  function told(total: number, isTty: boolean) {
    const written: string[] = []
    const write = vi
      .spyOn(process.stderr, 'write')
      .mockImplementation((text) => written.push(String(text)) > 0)
    const wasTty = process.stderr.isTTY
    process.stderr.isTTY = isTty
    onTestFinished(() => {
      write.mockRestore()
      process.stderr.isTTY = wasTty
    })
    const bar = progress(total)
    for (let count = 1; count <= total; count++) {
      bar.at(count, `page-${count}`)
      bar.clear()
    }
    return written
  }

  it('is told every tenth page of twenty or more', () => {
    expect(told(19, false)).toEqual([])
    expect(told(31, false)).toEqual([
      '10 of 31 pages read\n',
      '20 of 31 pages read\n',
      '30 of 31 pages read\n',
    ])
  })

  it('stands in one line of a terminal, and goes', () => {
    expect(told(2, true)).toEqual(['\r\x1b[K1/2 page-1', '\r\x1b[K', '\r\x1b[K2/2 page-2', '\r\x1b[K'])
  })
})
