import { setTimeout as after } from 'node:timers/promises'

/**
 * Starts `work` at a constant rate, whether or not earlier work has ended, until `signal` is aborted or work has
 * failed. Settles when all work has ended.
 */
export async function atRate(
  perSecond: number,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  const running: Promise<void>[] = []
  const failures: unknown[] = []
  const start = performance.now()
  for (let i = 0; !signal.aborted && failures.length === 0; i++) {
    const wait = start + (i * 1_000) / perSecond - performance.now()
    if (wait > 0) await after(wait)
    if (!signal.aborted) running.push(work().catch((error) => void failures.push(error)))
  }
  await Promise.all(running)
  if (failures.length > 0) throw failures[0]
}
