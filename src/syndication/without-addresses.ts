/**
 * The same value with every text freed of addresses that must not be in it, wherever they stand.
 *
 * @param value what JSON can hold, and Dates
 */
export function withoutAddresses<T>(value: T, addresses: readonly string[]): T {
  if (typeof value === 'string') {
    return addresses.reduce((text: string, address) => text.replaceAll(address, ''), value) as T
  }
  if (Array.isArray(value)) return value.map((item) => withoutAddresses(item, addresses)) as T
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withoutAddresses(inner, addresses)]),
  ) as T
}
