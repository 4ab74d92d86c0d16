import type { IncomingMessage } from 'node:http'
import { isLoopback } from '../config/loopback.ts'

/** Whether the Host header of a request names this machine. */
export function isLoopbackHost({ headers: { host } }: IncomingMessage): boolean {
  const address = `http://${host}`
  return host !== undefined && URL.canParse(address) && isLoopback(new URL(address).hostname)
}
