const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** The seconds in "30s", "15m", "1h" or "7d"; null for any other text. */
export function parseDurationSeconds(text: string): number | null {
  const [, count = '', unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? []
  return Number(count) * (SECONDS_PER_UNIT[unit] ?? 0) || null
}
