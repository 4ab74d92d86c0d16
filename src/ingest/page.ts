import { readFile, stat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { absolute } from './addresses.ts'

/** A page as it was read: its HTML as text, and its address after redirects, null for a file. */
export interface Page {
  html: string
  address: string | null
}

/** A page that could not be had; the message is one line for whoever asked for it. */
export class PageError extends Error {}

export interface Limits {
  /** Bytes, after decompression. */
  size: number
  /** Milliseconds for the whole answer. */
  timeout: number
}

const defaults: Limits = { size: 12 * 1024 * 1024, timeout: 20_000 }

/** Reads a page from an http or https address, a file: address or a path. Throws PageError saying why it can't. */
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
    throw new PageError(code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`)
  }
  refuseOther(bytes, '')
  return decodePage(bytes)
}

async function fetchPage(address: URL, { size, timeout }: Limits): Promise<Page> {
  const signal = AbortSignal.timeout(timeout)
  try {
    const answer = await fetch(address, {
      signal,
      redirect: 'follow',
      headers: {
        accept: 'text/html,application/xhtml+xml;q=0.9',
        'user-agent': 'Dateline/0.1 (news gateway)',
      },
    })
    if (!answer.ok) throw new PageError(`the server answered ${answer.status} ${answer.statusText}`.trim())
    if (!absolute(answer.url)) throw new PageError('it redirects to an address that is not http or https')
    const type = answer.headers.get('content-type') ?? ''
    const bytes = await readBody(answer, size)
    refuseOther(bytes, type)
    return { html: decodePage(bytes, type), address: answer.url }
  } catch (error) {
    if (error instanceof PageError) throw error
    if (signal.aborted) throw new PageError(`the server did not answer within ${timeout / 1000} s`)
    const cause = (error as { cause?: NodeJS.ErrnoException }).cause
    throw new PageError(
      `it could not be fetched (${cause?.code ?? cause?.message ?? (error as Error).message})`,
    )
  }
}

async function readBody(answer: Response, size: number): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of answer.body ?? []) {
    length += chunk.length
    if (length > size) throw tooLarge(size)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(size: number): PageError {
  return new PageError(`it is larger than ${Math.round(size / 1024)} KiB`)
}

function refuseOther(bytes: Buffer, type: string): void {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-')
    throw new PageError('it is a PDF, not an HTML page')
  const named = type.split(';')[0]!.trim().toLowerCase()
  if (
    named !== '' &&
    !/^(?:text\/html|application\/xhtml\+xml|text\/plain|application\/xml|text\/xml)$/.test(named)
  ) {
    throw new PageError(`it is ${named}, not an HTML page`)
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
 * The text of a page's bytes. A byte order mark decides, then the Content-Type header; then bytes that are
 * UTF-8 beyond ASCII are that whatever the page says (saved pages are often re-encoded); then the page's
 * own meta tag, and at last windows-1252. Otherwise the order of the HTML standard's encoding sniffing.
 */
export function decodePage(bytes: Uint8Array, contentType = ''): string {
  const start = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
  const certain = markIn(start) ?? charsetIn(contentType)
  return (
    (certain && decode(bytes, certain)) ??
    decode(bytes, 'utf-8', true) ??
    decode(bytes, declared(start) ?? '') ??
    new TextDecoder('windows-1252').decode(bytes)
  )
}

/** Undefined for an encoding nobody knows and, when `fatal`, for bytes that are not in it. */
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
  // A page that can be read as far as its meta tag is not in UTF-16, whatever it says.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label
}
