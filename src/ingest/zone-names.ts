/**
 * The offset from UTC, in minutes, of a printed zone at the local time `wall`; undefined for an unknown zone and for an
 * impossible offset such as +25:00.
 */
export function minutesOf(zone: string, wall: number): number | undefined {
  if (zone.includes('/')) return isZone(zone) ? offsetIn(zone, wall) : undefined
  const parts = zone.match(/([+-])(\d{1,2}):?(\d{2})?$/)
  if (parts) {
    const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0)
    if (minutes > MAX_OFFSET_MINUTES || Number(parts[3] ?? 0) > 59) return undefined
    return parts[1] === '-' ? -minutes : minutes
  }
  const known = zones.get(zone.toUpperCase())
  return typeof known === 'string' ? offsetIn(known, wall) : known
}

/** The greatest offset from UTC: that of Kiritimati. */
export const MAX_OFFSET_MINUTES = 14 * 60

/** The zone printed after a time of day: " ET", " (MEZ)", " GMT+3", " Europe/Berlin"; undefined if there is none. */
export function zoneAfter(text: string): string | undefined {
  const city = text.match(/^\s?[([]?([a-z]+(?:\/[a-z][\w+-]*)+)/i)?.[1]
  if (city && isZone(city)) return city
  return text.match(followingZone)?.[1]
}

/** Whether the platform knows an IANA zone. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return name !== ''
  } catch {
    return false
  }
}

/** Whether a zone is in the United States, where the month comes before the day. */
export function isAmericanZone(zone: string | undefined): boolean {
  return /^[ECMP][SD]?T$/i.test(zone ?? '')
}

/** The offset of an IANA zone from UTC, in minutes, at the local time `wall`. */
export function offsetIn(zone: string, wall: number): number {
  const at = (time: number) => {
    const name = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
      .formatToParts(time)
      .find(({ type }) => type === 'timeZoneName')?.value
    const [, sign, hours = '0', minutes = '0'] = name?.match(/([+-])(\d\d):(\d\d)/) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  }
  return at(wall - at(wall) * 60_000)
}

/**
 * Abbreviations of zones in minutes east of UTC, or as IANA zones for those with daylight saving time. Of several
 * meanings, the one in news pages: CST is Central Standard Time, BST is British Summer Time.
 */
const zones = new Map<string, number | string>(
  Object.entries({
    Z: 0,
    UTC: 0,
    GMT: 0,
    ET: 'America/New_York',
    EST: -300,
    EDT: -240,
    CT: 'America/Chicago',
    CST: -360,
    CDT: -300,
    MT: 'America/Denver',
    MST: -420,
    MDT: -360,
    PT: 'America/Los_Angeles',
    PST: -480,
    PDT: -420,
    BST: 60,
    WET: 0,
    WEST: 60,
    CET: 60,
    CEST: 120,
    MEZ: 60,
    MESZ: 120,
    EET: 120,
    EEST: 180,
    MSK: 180,
  }),
)

/** Only in upper case: in lower case, "et" and "est" are words. */
const followingZone = new RegExp(
  `^\\.?(?:\\s?[Uu]hr)?\\s?\\(?((?:UTC|GMT)\\s?[+-]\\d{1,2}(?::?\\d{2})?|${[...zones.keys()].join('|')})\\)?(?![\\p{L}\\p{N}+-])`,
  'u',
)
