/** Limits per client and in total. */
export interface SocketLimits {
  /** Open websockets in this process. */
  maxSockets: number
  /** Open websockets from one address. */
  maxSocketsPerAddress: number
  /** Concurrent operations on one websocket. */
  maxOperationsPerSocket: number
  /** Operations that one websocket may start at once, and the number added per second. */
  operationsBurst: number
  operationsPerSecond: number
  /** The longest id of an operation on a websocket, as JSON in UTF-8. */
  maxOperationIdBytes: number
  /** The largest message from a client. */
  maxMessageBytes: number
  /** The most fragments of a message. */
  maxFragments: number
  /** How long a client may take to send the headers of a request or of a websocket handshake. */
  headersTimeoutMs: number
  /** How long a client may take to send `connection_init`. */
  initTimeoutMs: number
  /** Between two pings; a client that has not answered the last one is disconnected. */
  pingIntervalMs: number
  /** How long a client may take to receive queued messages and the close frame before it is disconnected. */
  closeTimeoutMs: number
}

/** The limits that are not configurable; see docs/api.md. */
export const socketLimits = {
  maxOperationsPerSocket: 50,
  operationsBurst: 100,
  operationsPerSecond: 20,
  maxOperationIdBytes: 256,
  maxMessageBytes: 64 * 1024,
  maxFragments: 64,
  headersTimeoutMs: 10_000,
  initTimeoutMs: 5_000,
  pingIntervalMs: 25_000,
  closeTimeoutMs: 5_000,
} as const satisfies Omit<SocketLimits, 'maxSockets' | 'maxSocketsPerAddress'>

/** Bytes of responses queued on one websocket, beyond which it is closed. */
export const MAX_UNREAD_BYTES = 8 * 1024 * 1024

/** Bytes queued for a slow reader, beyond which the connection ends; the reader resumes with its cursor. */
export const MAX_QUEUED_BYTES = 256 * 1024
