import { zoneOfCountry } from './country-zones.ts'
import { type Moment, readMoment } from './dates.ts'
import { MAX_OFFSET_MINUTES, minutesOf, offsetIn } from './zone-names.ts'

/** Sources for the time zone of a page's dates. */
export interface DateSettings {
  now: Date
  /** Zones by host, from the outlet's settings; "" is the zone of all other hosts. */
  zones: ReadonlyMap<string, string>
}

/**
 * Reads the dates of one page. A date without a time zone gets the first of these zones in which it is not in the
 * future: that of the setting, of most other dates of the page, of the country of the page, UTC. Dates at the
 * beginning of 1970 and in the future are ignored.
 */
export class PageDates {
  private readonly now: number
  private readonly language: string | undefined
  private readonly zones: Zone[]
  private readonly withoutZone = new WeakMap<Date, Moment>()

  constructor(
    settings: DateSettings,
    page: { html: string; address: string | null; language: string | undefined },
  ) {
    this.now = settings.now.getTime()
    this.language = page.language
    const host = (page.address && URL.parse(page.address)?.hostname.replace(/^www\./, '')) || ''
    const names = [settings.zones.get(host) ?? settings.zones.get(''), zoneOfCountry(host, page.language)]
    const [set, country] = names.map((name) =>
      name ? { name, offsetAt: (wall: number) => offsetIn(name, wall) } : undefined,
    )
    const minutes = commonOffset(page.html)
    const own = minutes === undefined ? undefined : { name: zoneName(minutes), offsetAt: () => minutes }
    this.zones = [set, own, country, utc].filter((zone) => zone !== undefined)
  }

  /** The date in a text; undefined if there is none, and for the beginning of 1970 and the future. */
  read = (written: string | null | undefined): Date | undefined => {
    const moment = readMoment(written, this.language)
    if (!moment || Math.abs(moment.wall) < 2 * DAY_MS) return undefined
    if (moment.offset !== undefined) return this.past(moment.wall - moment.offset * MINUTE_MS)
    const zone = this.zoneOf(moment)
    return zone && this.inZone(moment, zone)
  }

  /**
   * The dates of one article in one time zone: dates without a zone get the zone of the latest of them. Returns
   * the assumptions too.
   */
  settle(dates: (Date | undefined)[]): { dates: (Date | undefined)[]; hasNoZone: boolean; notes: string[] } {
    const moments = dates.map((date) => date && this.withoutZone.get(date))
    const latest = moments
      .filter((moment) => moment !== undefined)
      .reduce<Moment | undefined>((a, b) => (a && a.wall >= b.wall ? a : b), undefined)
    const zone = latest && this.zoneOf(latest)
    if (!zone) return { dates, hasNoZone: false, notes: [] }
    const notes = moments.flatMap((moment) => {
      if (!moment) return []
      const written = new Date(moment.wall).toISOString()
      return moment.isDay
        ? `the date ${written.slice(0, 10)} has no time; 00:00 in ${zone.name} is assumed`
        : `the date ${written.slice(0, 16)} has no time zone; ${zone.name} is assumed`
    })
    return {
      dates: dates.map((date, i) => (moments[i] ? this.inZone(moments[i], zone) : date)),
      hasNoZone: true,
      notes: [...new Set(notes)],
    }
  }

  private inZone(moment: Moment, { offsetAt }: Zone): Date {
    const date = new Date(moment.wall - offsetAt(moment.wall) * MINUTE_MS)
    this.withoutZone.set(date, moment)
    return date
  }

  /** The first zone in which a date without a zone is not in the future. For a day without a time, UTC comes first. */
  private zoneOf({ wall, isDay }: Moment): Zone | undefined {
    const zone = (isDay ? [utc, ...this.zones] : this.zones).find(({ offsetAt }) =>
      this.past(wall - offsetAt(wall) * MINUTE_MS),
    )
    if (zone) return zone
    const offset = Math.ceil((wall - this.now) / (30 * MINUTE_MS)) * 30
    return offset > MAX_OFFSET_MINUTES ? undefined : { name: zoneName(offset), offsetAt: () => offset }
  }

  private past(time: number): Date | undefined {
    return time <= this.now + TOLERANCE_MS ? new Date(time) : undefined
  }
}

interface Zone {
  name: string
  /** Minutes east of UTC at this local time. */
  offsetAt: (wall: number) => number
}

const utc: Zone = { name: 'UTC', offsetAt: () => 0 }

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** The maximum clock skew of an outlet. */
const TOLERANCE_MS = 5 * MINUTE_MS

function zoneName(minutes: number): string {
  const hours = Math.trunc(Math.abs(minutes) / 60)
  const rest = Math.abs(minutes) % 60
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest ? `:${String(rest).padStart(2, '0')}` : ''}`
}

/** The offset from UTC that most dates of a page state, in minutes; undefined when none does. */
function commonOffset(html: string): number | undefined {
  const counts = new Map<number, number>()
  const dates = html
    .slice(0, 300_000)
    .matchAll(/\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?([+-]\d\d:?\d\d)(?!\d)/g)
  for (const [, stated = ''] of dates) {
    const offset = minutesOf(stated, 0)
    if (offset) counts.set(offset, (counts.get(offset) ?? 0) + 1)
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}
