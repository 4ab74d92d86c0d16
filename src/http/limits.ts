/** What the gateway allows one client, and all of them together. Times in ms, sizes in bytes. */
export interface SocketLimits {
  /** Open websockets in this process. */
  sockets: number
  /** Open websockets from one address. */
  maxSocketsPerAddress: number
  /** Operations at once on one websocket. */
  maxOperationsPerSocket: number
  /** Operations that one websocket may start at once, and how many more with each second. */
  operationsBurst: number
  operationsPerSecond: number
  /** The longest id of an operation on a websocket, as JSON in UTF-8. */
  maxOperationIdBytes: number
  /** The largest message a client may send. */
  maxMessageBytes: number
  /** The most fragments a message may come in. */
  maxFragments: number
  /** For a client to send the headers of a request, a websocket's handshake too. */
  headersTimeoutMs: number
  /** For the client to send `connection_init`. */
  initTimeoutMs: number
  /** Between two pings; a client that did not answer the last one is gone. */
  pingIntervalMs: number
  /** For a client to take in what waits for it and the reason of a close, before it is cut off. */
  closeTimeoutMs: number
}

/** The limits that no setting changes; see docs/api.md. */
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
} as const satisfies Omit<SocketLimits, 'sockets' | 'maxSocketsPerAddress'>

/** Bytes of answers to queries that wait on one websocket; past it the socket is closed. */
export const MAX_UNREAD_BYTES = 8 * 1024 * 1024

/** Bytes that wait for a slow reader; past it the connection ends, and the reader's cursor brings it back. */
export const MAX_QUEUED_BYTES = 256 * 1024

/** The gateway's own close codes, beside those of graphql-transport-ws. Clients connect again after each but 1008. */
export const CLOSE = {
  /** The gateway is going away (RFC 6455). */
  GOING_AWAY: 1001,
  /** The client broke a rule (RFC 6455): here, it starts more operations than a socket may. */
  POLICY_VIOLATION: 1008,
  /** The gateway can't serve now (IANA registry). */
  TRY_AGAIN_LATER: 1013,
  /** The reader fell too far behind: come back with the last cursor. */
  TOO_SLOW: 4410,
} as const
