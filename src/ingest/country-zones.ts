/**
 * The time zone of the country in a host's name or in a language tag, otherwise of the only country where the
 * language is spoken.
 */
export function zoneOfCountry(host: string, language: string | undefined): string | undefined {
  const domain = host.match(/\.([a-z]{2})$/)?.[1]?.toUpperCase()
  const [primary = '', ...rest] = (language ?? '').replaceAll('_', '-').split('-')
  const region = rest.find((part) => /^[a-z]{2}$/i.test(part))?.toUpperCase()
  for (const country of [domain === 'UK' ? 'GB' : domain, region, onlyCountry.get(primary.toLowerCase())]) {
    const zone = country && !/^(?:IO|TV|ME|AI|CO)$/.test(country) ? zoneOf(country) : undefined
    if (zone) return zone
  }
  return undefined
}

function zoneOf(country: string): string | undefined {
  const most = mainZones.get(country)
  if (most) return most
  try {
    // Missing in TypeScript's declarations of our language version.
    const locale = new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?: () => string[] }
    return locale.getTimeZones?.()?.[0]
  } catch {
    return undefined
  }
}

/** For countries with several zones: the zone of the capital or of the largest newsrooms. */
const mainZones = new Map(
  Object.entries({
    US: 'America/New_York',
    CA: 'America/Toronto',
    MX: 'America/Mexico_City',
    BR: 'America/Sao_Paulo',
    AR: 'America/Argentina/Buenos_Aires',
    CL: 'America/Santiago',
    ES: 'Europe/Madrid',
    PT: 'Europe/Lisbon',
    FR: 'Europe/Paris',
    DE: 'Europe/Berlin',
    UA: 'Europe/Kyiv',
    RU: 'Europe/Moscow',
    CN: 'Asia/Shanghai',
    ID: 'Asia/Jakarta',
    AU: 'Australia/Sydney',
    NZ: 'Pacific/Auckland',
  }),
)

/** Languages whose outlets are nearly all in one country or time zone. */
const onlyCountry = new Map(
  Object.entries({
    de: 'DE',
    tr: 'TR',
    it: 'IT',
    pl: 'PL',
    cs: 'CZ',
    sk: 'SK',
    hu: 'HU',
    nl: 'NL',
    sv: 'SE',
    da: 'DK',
    nb: 'NO',
    no: 'NO',
    fi: 'FI',
    el: 'GR',
    he: 'IL',
    ja: 'JP',
    ko: 'KR',
    uk: 'UA',
    bg: 'BG',
    ro: 'RO',
    fa: 'IR',
    ckb: 'IQ',
    ku: 'IQ',
    th: 'TH',
    vi: 'VN',
    ka: 'GE',
    hy: 'AM',
  }),
)
