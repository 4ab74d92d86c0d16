import { SetupError } from '../base/errors.ts'
import { isZone } from './zone-names.ts'

/**
 * The setting `INGEST_TIME_ZONE`: a zone for every outlet, or zones by host, "news.example=Europe/Berlin".
 * @throws SetupError for a zone that the platform does not know
 */
export function readTimeZones(setting: string | undefined): ReadonlyMap<string, string> {
  const zones = new Map<string, string>()
  for (const part of (setting ?? '').split(',').map((each) => each.trim())) {
    if (part === '') continue
    const at = part.indexOf('=')
    const [host, zone] =
      at < 0
        ? ['', part]
        : [
            part
              .slice(0, at)
              .trim()
              .replace(/^www\./, ''),
            part.slice(at + 1).trim(),
          ]
    if (!isZone(zone)) {
      throw new SetupError(
        `INGEST_TIME_ZONE contains the unknown time zone "${zone.slice(0, 60)}". Set it to a zone such as Europe/Berlin, or to hosts with their zones, separated by commas: news.example=Europe/Berlin.`,
      )
    }
    zones.set(host.toLowerCase(), zone)
  }
  return zones
}
