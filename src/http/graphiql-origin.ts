import type { Config } from '../config/config.ts'
import { isLoopback } from '../config/loopback.ts'

/**
 * Whether a request comes from the gateway's own page with GraphiQL, in development. Any program on this machine can
 * send the same headers.
 */
export function isFromGraphiQL(
  { development, graphiql }: Pick<Config, 'development' | 'graphiql'>,
  origin: string | null | undefined,
  host: string | undefined,
): boolean {
  if (!development || !graphiql || origin !== `http://${host}` || !URL.canParse(origin)) return false
  return isLoopback(new URL(origin).hostname)
}
