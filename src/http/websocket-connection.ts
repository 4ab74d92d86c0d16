import type { Duplex } from 'node:stream'
import { CloseCode } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { RevocationWatch } from '../auth/revocation.ts'
import type { Viewer } from '../auth/viewer.ts'
import { runAt, type Timer } from '../base/clock.ts'
import type { OperationBudget } from './graphql/operation-budget.ts'
import type { SocketOperations } from './socket-operations.ts'
import { CLOSE } from './status.ts'

/** The state of one socket. */
export interface Connection {
  socket: WebSocket
  /** The TCP or TLS stream under it. */
  stream: Duplex
  viewer: Viewer
  readonly operations: SocketOperations
  readonly budget: OperationBudget
  /** The network for which its limits are counted; null for this machine. */
  readonly address: string | null
  /** The client's address, or its /64 for IPv6. */
  readonly network: string
  /** See `isFromGraphiQL`. */
  readonly isFromGraphiQL: boolean
  /** See SocketLimits. */
  closeTimeoutMs: number
  expiry?: Timer
}

/** Reasons for closing a socket. */
export const GOING_AWAY = 'The gateway is shutting down. Connect again.'
export const NOT_NOW = 'Temporarily unavailable. Connect again with your last cursor.'

/** Closes the socket of a slow reader, after some time for the close frame to arrive. */
export function closeSlow(connection: Connection): void {
  closeWithTimeout(connection, CLOSE.TOO_SLOW, 'Too slow. Connect again with your last cursor.')
}

/** Closes a socket, and terminates it when the client does not answer the close frame. */
export function closeWithTimeout({ socket, closeTimeoutMs }: Connection, code: number, reason: string): void {
  if (socket.readyState !== socket.OPEN) return
  socket.close(code, closeReason(reason))
  setTimeout(() => socket.terminate(), closeTimeoutMs).unref()
}

/** Closes the socket of a revoked viewer, now or later: banned readers, partners that are not served. */
export async function closeOnRevocation(connection: Connection, revocation: RevocationWatch): Promise<void> {
  const { socket, viewer } = connection
  if (socket.readyState !== socket.OPEN) return
  const unwatch = revocation.watch(viewer, (words) =>
    closeWithTimeout(connection, CloseCode.Forbidden, words),
  )
  socket.once('close', unwatch)
  await revocation.check(viewer)
}

/** A close frame holds at most 123 bytes of reason (RFC 6455, 5.5); ws throws on more. */
export function closeReason(reason = ''): string {
  return Buffer.from(reason)
    .subarray(0, 120)
    .toString()
    .replace(/\ufffd+$/, '')
}

/** Closes a socket when its token has expired, after its subscriptions were sent the error. */
export function closeAfter(connection: Connection, moment: Date, now: () => Date): void {
  const close = () => connection.socket.close(CloseCode.Forbidden, 'The token has expired')
  connection.expiry = runAt(new Date(moment.getTime() + EXPIRY_CLOSE_DELAY_MS), close, now)
}

/** Time for the error of subscriptions to be sent before the socket closes, in ms. */
export const EXPIRY_CLOSE_DELAY_MS = 100
