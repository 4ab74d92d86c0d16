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

/**
 * Bytes decoded as UTF-8 if at most one in fifty characters beyond ASCII is invalid; otherwise undefined. Also
 * undefined for ASCII with escape characters, which may be another encoding.
 */
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

/** The encodings of languages before UTF-8. */
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

/** Decodes bytes; undefined for an unknown encoding and, with `fatal`, for invalid bytes. */
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
  // A page whose meta tag can be read as ASCII is not in UTF-16, even if it states so.
  return label && /^utf-?16/i.test(label) ? 'utf-8' : label
}
