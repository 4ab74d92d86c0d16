/** Numbers from 0 to below 1 that follow from a seed, so that a run can be repeated. */
export type Random = () => number

/** The generator "mulberry32": 32 bits of state are enough for choosing what to break. */
export function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A number from `low` to below `high`. */
export function between(random: Random, low: number, high: number): number {
  return low + random() * (high - low)
}

/** Any one of some things. */
export function oneOf<T>(random: Random, things: readonly T[]): T {
  if (things.length === 0) throw new Error('there is nothing to choose from')
  return things[Math.floor(random() * things.length)] as T
}

/** Chooses an index from 0 to `count - 1`; the one at rank r is chosen in proportion to 1/r (Zipf's law). */
export function zipf(count: number): (random: Random) => number {
  const weights = Array.from({ length: count }, (_, i) => 1 / (i + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return (random) => {
    let left = random() * total
    const index = weights.findIndex((weight) => {
      left -= weight
      return left < 0
    })
    return index < 0 ? count - 1 : index
  }
}
