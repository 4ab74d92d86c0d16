import Negotiator from 'negotiator'
import { weightsOnly } from '../text/header-weights.ts'

/**
 * Whether an Accept header includes a media type (RFC 9110, 12.5.1). The general XML and JSON types include
 * feeds too, unless the header names the feed's own type.
 */
export function accepts(header: string | undefined, type: string): boolean {
  if (!header?.trim()) return true
  const [bare = ''] = type.split(';')
  // A client may name a charset or profile that the feed does not: only the type and its weight count.
  const accept = weightsOnly(header)
  const negotiator = new Negotiator({ headers: { accept } })
  if (negotiator.mediaTypes([bare]).length > 0) return true
  const named = new Set(accept.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase()))
  if (named.has(bare)) return false
  const isNamed = (general: string) => named.has(general) || named.has(`${general.split('/')[0]}/*`)
  return negotiator.mediaTypes(generalTypes(bare).filter(isNamed)).length > 0
}

function generalTypes(type: string): string[] {
  return /xml$/.test(type) ? ['application/xml', 'text/xml'] : ['application/json']
}
