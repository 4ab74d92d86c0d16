import type { IncomingMessage } from 'node:http'
import type { SignInLimit } from './sign-in-limit.ts'

/** How plain HTTP tells clients apart. */
export interface Clients {
  /** The address that a request comes from, or its /64 for IPv6. */
  networkOf: (request: IncomingMessage) => string
  signIns: SignInLimit
}
