import type { IncomingMessage } from 'node:http'
import type { YogaServerInstance } from 'graphql-yoga'
import type { Viewer } from '../../auth/viewer.ts'
import type { Requester } from '../../comment-feed/audience-limits.ts'
import type { Context } from '../../graphql/context.ts'
import type { Reads } from '../../read-cache/reads.ts'

/** What a transport provides that has verified its viewer already (the websocket). */
export interface ServerContext {
  viewer?: Viewer
  /** The verification of the viewer, if it was begun already. */
  verified?: Promise<Viewer>
  /** Records what is read, so that the response can be kept. */
  reads?: Reads | null
  /** When the request arrived. */
  receivedAt?: Date
  /** Which client sent the request. */
  requester?: Requester
  /** The HTTP request; null over websockets. */
  req?: IncomingMessage
}

export type Yoga = YogaServerInstance<ServerContext, Context>
