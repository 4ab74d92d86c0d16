import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'

/**
 * Waits until something is as expected, and leaves timers that the test moves alone: expect.poll moves them.
 * Fails after 5 s with what it was.
 */
export async function until<Value>(read: () => Value, expected: Value): Promise<void> {
  const deadline = performance.now() + 5_000
  while (!isDeepStrictEqual(read(), expected) && performance.now() < deadline) {
    await new Promise((resolve) => setImmediate(resolve))
  }
  expect(read()).toEqual(expected)
}
