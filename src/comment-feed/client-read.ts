import { TemporarilyUnavailable } from '../base/errors.ts'
import { retryUntilCancelled } from './retry.ts'

/** How long a client waits for an unavailable database, in ms; the last attempt may end later. */
const READ_TIMEOUT_MS = 2_000

/**
 * Retries a read that a client waits for, for a while.
 * @param what the name of what is read, for the message
 * @throws TemporarilyUnavailable when the gateway closes or the database stays unavailable
 */
export async function readForClient<T>(
  what: string,
  read: () => Promise<T>,
  onFailure: (error: unknown) => void,
  isClosed: () => boolean,
): Promise<T> {
  const deadline = performance.now() + READ_TIMEOUT_MS
  let cause: unknown
  const done = await retryUntilCancelled(
    async () => ({ value: await read() }),
    (error) => {
      cause = error
      onFailure(error)
    },
    () => isClosed() || performance.now() > deadline,
  )
  if (isClosed()) throw new TemporarilyUnavailable('The gateway is shutting down. Connect again.')
  if (done) return done.value
  throw new TemporarilyUnavailable(`The ${what} can't be read at the moment. Try again in a few seconds.`, {
    cause,
  })
}
