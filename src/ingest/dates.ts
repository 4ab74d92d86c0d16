/**
 * A moment as pages write it: ISO 8601 in its many spellings, RFC 2822, seconds or milliseconds since
 * 1970, English month names, or day.month.year. Without a zone it is taken as UTC. Undefined for what is no date, and
 * for years that no news page has.
 */
export function readDate(written: string | null | undefined): Date | undefined {
  const text = europeanDigits(written?.trim() ?? '').replace(/\s+/g, ' ')
  if (text === '') return undefined
  const date = fromEpoch(text) ?? fromIso(text) ?? fromDayFirst(text) ?? fromWords(text)
  if (!date || Number.isNaN(date.getTime())) return undefined
  const year = date.getUTCFullYear()
  return year >= 1970 && year <= 2100 ? date : undefined
}

/** The date in an address such as /2023/04/28/ or /2023-04-28-, as midnight UTC. */
export function dateInAddress(address: string): Date | undefined {
  const parts = address.match(
    /[/_-]((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)/,
  )
  return parts ? readDate(`${parts[1]}-${parts[2]}-${parts[3]}`) : undefined
}

function fromEpoch(text: string): Date | undefined {
  if (/^\d{10}$/.test(text)) return new Date(Number(text) * 1000)
  return /^\d{13}$/.test(text) ? new Date(Number(text)) : undefined
}

const iso =
  /^(\d{4})-?(\d{1,2})-?(\d{1,2})(?:(?:T|,? ?T?)(\d{1,2}):?(\d{2})(?::?(\d{1,2})(?:[.,:](\d+))?)?)? ?(Z|UTC|GMT|[A-Z]{2,4}|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?(?:\[[\w/]+\])?(?: [A-Z]{2,4})?$/i

function fromIso(text: string): Date | undefined {
  const parts = text.replace(/^(\d{4})[/.](\d{1,2})[/.](\d{1,2})/, '$1-$2-$3').match(iso)
  if (!parts) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = parts
  const offset = minutesOf(zone)
  if (offset === undefined || Number(month) > 12 || Number(day) > 31) return undefined
  const millisecond = Number(fraction.padEnd(3, '0').slice(0, 3))
  const utc = Date.UTC(+year!, +month! - 1, +day!, +hour, +minute, +second, millisecond)
  return new Date(utc - offset * 60_000)
}

function minutesOf(zone: string): number | undefined {
  const parts = zone.match(/([+-])(\d{1,2}):?(\d{2})?$/)
  if (parts) return (parts[1] === '-' ? -1 : 1) * (Number(parts[2]) * 60 + Number(parts[3] ?? 0))
  return zones.get(zone.toUpperCase())
}

/** Abbreviations that mean one zone only, in minutes east of Greenwich. */
const zones = new Map(
  Object.entries({
    Z: 0,
    UTC: 0,
    GMT: 0,
    EST: -300,
    EDT: -240,
    CDT: -300,
    MST: -420,
    MDT: -360,
    PST: -480,
    PDT: -420,
    CET: 60,
    CEST: 120,
    EET: 120,
    EEST: 180,
    MSK: 180,
  }),
)

function fromDayFirst(text: string): Date | undefined {
  const parts = text.match(/^(\d{1,2})[./-](\d{1,2})[./-](\d{4})(.*)$/)
  if (!parts) return undefined
  const [, day, month, year, rest] = parts
  if (Number(month) > 12) return undefined
  const time = rest?.match(/(\d{1,2}):(\d{2})(?::(\d{2}))?/)
  const zone = rest?.match(/(?:[+-]\d{2}:?\d{2}|Z)$/)?.[0] ?? ''
  const clock = time ? `T${time[1]!.padStart(2, '0')}:${time[2]}:${time[3] ?? '00'}${zone}` : ''
  return fromIso(`${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}${clock}`)
}

/** RFC 2822 and English month names, which the platform reads; it would take the machine's zone when none is given. */
function fromWords(text: string): Date | undefined {
  if (!/[a-z]{3}/i.test(text) || !/\b(?:19|20)\d\d\b/.test(text)) return undefined
  const bare = text
    .replace(/^(?:published|posted|updated|on)\b[: ]*/i, '')
    .replace(/(\d)(?:st|nd|rd|th)\b/gi, '$1')
    .replace(/\bat\b|[|•·]|\([^)]*\)/gi, ' ')
    .replace(/(\d)\s?([ap])\.?m\.?/gi, '$1 $2m')
  const zoned = /(?:[+-]\d{2}:?\d{2}|\b(?:Z|UTC|GMT|[ECMP][SD]T))$/i.test(bare.trim())
  const moment = Date.parse(zoned ? bare : `${bare} UTC`)
  return Number.isNaN(moment) ? undefined : new Date(moment)
}

function europeanDigits(text: string): string {
  return text
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
}
