/**
 * Whether an Accept header includes a media type (RFC 9110, 12.5.1). The general XML and JSON types include
 * feeds too.
 */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header.trim() === '') return true
  const [bare = ''] = type.split(';')
  const taken = ['*/*', 'application/*', bare, ...generalTypes(bare)]
  return header
    .split(',')
    .map((range) => range.split(';').map((part) => part.trim().toLowerCase()))
    .some(([range = '', ...parameters]) => taken.includes(range) && !parameters.some(isRefusal))
}

function generalTypes(type: string): string[] {
  return /xml$/.test(type) ? ['application/xml', 'text/xml', 'text/*'] : ['application/json']
}

function isRefusal(parameter: string): boolean {
  return /^q=0(\.0*)?$/.test(parameter)
}
