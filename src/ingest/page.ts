import { readFile, stat } from 'node:fs/promises'
import { STATUS_CODES } from 'node:http'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { createHttpClient, ForbiddenAddress } from '../net/outbound-http.ts'
import { absolute } from './addresses.ts'

/** A page as it was read: its HTML as text, and its address after redirects, null for a file. */
export interface Page {
  html: string
  address: string | null
}

/** A page that could not be read. The message is one line for the user. */
export class PageError extends Error {}

export interface Limits {
  /** Bytes, after decompression. */
  size: number
  /** Milliseconds for the whole answer, redirects included. */
  timeout: number
  /** Whether addresses of this machine are allowed. */
  development: boolean
  /** Creates the HTTP client. */
  dialler: typeof createHttpClient
}

const defaults: Limits = {
  size: 12 * 1024 * 1024,
  timeout: 20_000,
  development: process.env.NODE_ENV !== 'production',
  dialler: createHttpClient,
}

/** Reads a page from an http or https address, a file: address or a path. Throws PageError with the reason if it can't. */
export async function readPage(source: string, limits: Partial<Limits> = {}): Promise<Page> {
  const bounds = { ...defaults, ...limits }
  const address = absolute(source)
  if (address) return fetchPage(address, bounds)
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(source) && !/^file:/i.test(source)) {
    throw new PageError('only http, https and file addresses can be read')
  }
  return {
    html: await readLocal(/^file:/i.test(source) ? fileURLToPath(source) : source, bounds),
    address: null,
  }
}

async function readLocal(path: string, { size }: Limits): Promise<string> {
  let bytes: Buffer
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw new PageError('it is a folder')
    if (found.size > size) throw tooLarge(size)
    bytes = await readFile(path)
  } catch (error) {
    if (error instanceof PageError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new PageError(code === 'ENOENT' ? 'the file does not exist' : `the file cannot be read (${code})`)
  }
  refuseOther(bytes, '')
  return decodePage(bytes)
}

/** Reads a page from the network. Each redirect is checked like the first address. */
async function fetchPage(address: URL, { size, timeout, development, dialler }: Limits): Promise<Page> {
  const signal = AbortSignal.timeout(timeout)
  // Redirects to this machine are refused. Only the operator may name it, in development.
  const sendRequest = dialler({ allowLoopback: development && isLoopback(address), timeoutMs: timeout })
  let url = address
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const answer = await sendRequest({
        method: 'GET',
        url: url.href,
        headers,
        read: size + 1,
        encoding: 'latin1',
        signal,
      })
      const { status, headers: answered } = answer
      if (status >= 300 && status < 400 && answered.location) {
        const next = absolute(answered.location, url.href)
        if (!next) throw new PageError('it redirects to an address that is not http or https')
        url = next
        continue
      }
      if (status < 200 || status > 299) {
        throw new PageError(`the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim())
      }
      const type = answered['content-type'] ?? ''
      const bytes = unpacked(Buffer.from(answer.body, 'latin1'), answered['content-encoding'], size)
      refuseOther(bytes, type)
      return { html: decodePage(bytes, type), address: url.href }
    }
    throw new PageError(`the page is redirected more than ${MAX_REDIRECTS} times`)
  } catch (error) {
    if (error instanceof PageError) throw error
    if (signal.aborted) throw new PageError(`the server did not answer within ${timeout / 1000} s`)
    if (error instanceof ForbiddenAddress) throw new PageError(`${url.host} is not allowed: ${error.message}`)
    const { code, message } = error as NodeJS.ErrnoException
    throw new PageError(`the page could not be fetched (${code ?? message})`)
  }
}

const headers = {
  accept: 'text/html,application/xhtml+xml;q=0.9',
  'accept-encoding': 'gzip, br',
  'user-agent': 'Dateline/0.1 (news gateway)',
}

const MAX_REDIRECTS = 5

function isLoopback({ hostname }: URL): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}

/** The decompressed body, at most `size` bytes. */
function unpacked(body: Buffer, encoding: string | undefined, size: number): Buffer {
  if (body.length > size) throw tooLarge(size)
  const unpack = { gzip: gunzipSync, 'x-gzip': gunzipSync, br: brotliDecompressSync, deflate: inflateSync }
  const [name = ''] = (encoding ?? '')
    .trim()
    .toLowerCase()
    .split(/\s*,\s*/)
  if (name === '' || name === 'identity') return body
  if (!(name in unpack)) throw new PageError(`the content-encoding ${name.slice(0, 20)} is not supported`)
  try {
    return unpack[name as keyof typeof unpack](body, { maxOutputLength: size })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(size)
    throw new PageError('its packed body can not be read')
  }
}

function tooLarge(size: number): PageError {
  return new PageError(`the page is larger than ${Math.round(size / 1024)} KiB`)
}

function refuseOther(bytes: Buffer, type: string): void {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-')
    throw new PageError('it is a PDF, not an HTML page')
  const named = type.split(';')[0]!.trim().toLowerCase()
  if (
    named !== '' &&
    !/^(?:text\/html|application\/xhtml\+xml|text\/plain|application\/xml|text\/xml)$/.test(named)
  ) {
    throw new PageError(`the content is ${named}, not an HTML page`)
  }
  if (bytes.length === 0) throw new PageError('it is empty')
  if (
    bytes.subarray(0, 2000).includes(0) &&
    !/^(?:\xff\xfe|\xfe\xff)/.test(bytes.subarray(0, 2).toString('latin1'))
  ) {
    throw new PageError('it is not text')
  }
}

/**
 * Decodes a page. The first of these that applies decides: a byte order mark; valid UTF-8 beyond ASCII, even if
 * header and page name another encoding; the Content-Type header; the page's meta tag; the encoding that its
 * language implies; windows-1252. Some servers declare ISO-8859-1 or UTF-8 for pages that are neither: if the
 * language is written in other letters, its encoding is used instead.
 */
export function decodePage(bytes: Uint8Array, contentType = ''): string {
  const start = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  const mark = markIn(start)
  const text = (mark && decode(bytes, mark)) ?? asUtf8(bytes)
  if (text !== undefined) return text
  const stated = [charsetIn(contentType), declared(start)].find(
    (label) => label && decode(bytes.subarray(0, 1), label) !== undefined,
  )
  const implied = encodings.get(
    start.match(/<html[^>]{0,500}?\blang\s*=\s*["']?([a-z]{2,3})/i)?.[1]?.toLowerCase() ?? '',
  )
  const isDefault = /^(?:utf-?8|iso-?8859-?1|latin-?1|windows-?1252|cp-?1252|us-ascii)$/i.test(
    stated ?? 'utf-8',
  )
  const encoding = isDefault ? (implied ?? stated) : stated
  return (
    decode(bytes, encoding && !/^utf-?8$/i.test(encoding) ? encoding : 'windows-1252') ??
    new TextDecoder('windows-1252').decode(bytes)
  )
}

/** Bytes decoded as UTF-8 if at most one in fifty characters beyond ASCII is invalid; otherwise undefined, also for ASCII that may be another encoding. */
function asUtf8(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder('utf-8').decode(bytes)
  let beyond = 0
  let broken = 0
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) beyond += 1
    if (code === 0xfffd) broken += 1
  }
  if (beyond === 0) return text.includes('\u001b') ? undefined : text
  return broken <= beyond / 50 ? text : undefined
}

/** The encodings that pages in a language were written in before UTF-8. */
const encodings = new Map(
  Object.entries({
    'windows-1256': 'ar fa ur ckb ku ug ps',
    'windows-1254': 'tr az',
    'windows-1251': 'ru uk bg be sr mk kk',
    'windows-1253': 'el',
    'windows-1255': 'he iw yi',
    'windows-1250': 'pl cs sk hu ro hr sl bs sq',
    'windows-1257': 'lt lv et',
    'windows-1258': 'vi',
    'windows-874': 'th',
    shift_jis: 'ja',
    'euc-kr': 'ko',
    gbk: 'zh',
  }).flatMap(([encoding, languages]) =>
    languages.split(' ').map((language) => [language, encoding] as const),
  ),
)

/** Undefined for an unknown encoding and, with `fatal`, for invalid bytes. */
function decode(bytes: Uint8Array, encoding: string, fatal = false): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal }).decode(bytes)
  } catch {
    return undefined
  }
}

function markIn(start: string): string | undefined {
  if (start.startsWith('\xef\xbb\xbf')) return 'utf-8'
  if (start.startsWith('\xff\xfe')) return 'utf-16le'
  return start.startsWith('\xfe\xff') ? 'utf-16be' : undefined
}

function charsetIn(text: string): string | undefined {
  return text.match(/charset\s*=\s*["']?\s*([\w:.-]+)/i)?.[1]
}

function declared(start: string): string | undefined {
  const label =
    charsetIn(start.match(/<meta[^>]+charset[^>]*>/i)?.[0] ?? '') ??
    start.match(/^<\?xml[^>]+encoding=["']([\w-]+)/)?.[1]
  // A page whose meta tag can be read as ASCII is not in UTF-16, even if it says so.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label
}
