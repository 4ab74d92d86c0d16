/** The result of `work`, or `late` when it has none after `ms`. The work is not stopped. */
export async function within<T, Late>(ms: number, work: Promise<T>, late: Late): Promise<T | Late> {
  const timeout = Promise.withResolvers<Late>()
  const timer = setTimeout(() => timeout.resolve(late), ms)
  try {
    return await Promise.race([work, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
