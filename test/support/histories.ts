/**
 * Tells when a test has lived through enough random histories, from now on: never before all of them, unless
 * HISTORIES_SECONDS gives it a time, as continuous integration does. Then it is as many as the machine manages.
 */
export function untilEnough(): () => boolean {
  const seconds = Number(process.env.HISTORIES_SECONDS ?? Number.POSITIVE_INFINITY)
  const end = performance.now() + seconds * 1_000
  return () => performance.now() > end
}
