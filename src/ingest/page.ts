import { readFile, stat } from 'node:fs/promises'
import { STATUS_CODES } from 'node:http'
import { fileURLToPath } from 'node:url'
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib'
import { createHttpClient, ForbiddenAddress } from '../net/outbound-http.ts'
import { absolute } from './addresses.ts'
import { decodePage } from './decode-page.ts'

/** The HTML of a page, and its URL after redirects; null for a file. */
export interface Page {
  html: string
  address: string | null
}

/** A page that could not be read. The message is one line for the user. */
export class PageError extends Error {}

export interface Limits {
  /** Bytes, after decompression. */
  size: number
  /** Milliseconds for the whole response, redirects included. */
  timeout: number
  /** Whether addresses of this machine are allowed. */
  development: boolean
  /** Creates the HTTP client. */
  createClient: typeof createHttpClient
}

const defaults: Limits = {
  size: 12 * 1024 * 1024,
  timeout: 20_000,
  development: process.env.NODE_ENV !== 'production',
  createClient: createHttpClient,
}

/**
 * Reads a page from an http, https or file URL, or from a path.
 * @throws PageError
 */
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
    if (found.isDirectory()) throw new PageError('the path is a folder, not a file')
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
async function fetchPage(address: URL, { size, timeout, development, createClient }: Limits): Promise<Page> {
  const signal = AbortSignal.timeout(timeout)
  // Redirects to this machine are refused. In development, the operator may name its addresses.
  const sendRequest = createClient({ allowLoopback: development && isLoopback(address), timeoutMs: timeout })
  let url = address
  try {
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
      const response = await sendRequest({
        method: 'GET',
        url: url.href,
        headers,
        read: size + 1,
        encoding: 'latin1',
        signal,
      })
      const { status, headers: responseHeaders } = response
      if (status >= 300 && status < 400 && responseHeaders.location) {
        const next = absolute(responseHeaders.location, url.href)
        if (!next) throw new PageError('the page redirects to an address that is not http or https')
        url = next
        continue
      }
      if (status < 200 || status > 299) {
        throw new PageError(`the server answered ${status} ${STATUS_CODES[status] ?? ''}`.trim())
      }
      const type = responseHeaders['content-type'] ?? ''
      const bytes = decompressed(
        Buffer.from(response.body, 'latin1'),
        responseHeaders['content-encoding'],
        size,
      )
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
function decompressed(body: Buffer, encoding: string | undefined, size: number): Buffer {
  if (body.length > size) throw tooLarge(size)
  const decoders = { gzip: gunzipSync, 'x-gzip': gunzipSync, br: brotliDecompressSync, deflate: inflateSync }
  const [name = ''] = (encoding ?? '')
    .trim()
    .toLowerCase()
    .split(/\s*,\s*/)
  if (name === '' || name === 'identity') return body
  if (!(name in decoders)) throw new PageError(`the content-encoding ${name.slice(0, 20)} is not supported`)
  try {
    return decoders[name as keyof typeof decoders](body, { maxOutputLength: size })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(size)
    throw new PageError('the compressed response body could not be decompressed')
  }
}

function tooLarge(size: number): PageError {
  return new PageError(`the page is larger than ${Math.round(size / 1024)} KiB`)
}

function refuseOther(bytes: Buffer, type: string): void {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-')
    throw new PageError('the content is a PDF, not an HTML page')
  const named = type.split(';')[0]!.trim().toLowerCase()
  if (
    named !== '' &&
    !/^(?:text\/html|application\/xhtml\+xml|text\/plain|application\/xml|text\/xml)$/.test(named)
  ) {
    throw new PageError(`the content is ${named}, not an HTML page`)
  }
  if (bytes.length === 0) throw new PageError('the page is empty')
  if (
    bytes.subarray(0, 2000).includes(0) &&
    !/^(?:\xff\xfe|\xfe\xff)/.test(bytes.subarray(0, 2).toString('latin1'))
  ) {
    throw new PageError('the content is not text')
  }
}
