import Negotiator from 'negotiator'

/**
 * Whether an Accept header includes a media type (RFC 9110, 12.5.1). The general XML and JSON types include
 * feeds too.
 */
export function accepts(header: string | undefined, type: string): boolean {
  if (!header?.trim()) return true
  const [bare = ''] = type.split(';')
  // A client may name a charset or profile that the feed does not: only the type and its weight count.
  const accept = header.replace(/;(?!\s*q\s*=)[^;,]*/gi, '')
  return new Negotiator({ headers: { accept } }).mediaTypes([bare, ...generalTypes(bare)]).length > 0
}

function generalTypes(type: string): string[] {
  return /xml$/.test(type) ? ['application/xml', 'text/xml'] : ['application/json']
}
