import type { IncomingMessage } from 'node:http'
import type { SignInLimit } from './sign-in-limit.ts'

/** How plain HTTP requests are assigned to clients for rate limits. */
export interface Clients {
  /** The client's address, or its /64 for IPv6. */
  networkOf: (request: IncomingMessage) => string
  signIns: SignInLimit
}
