// All error codes that clients may receive, with their meaning. docs/api.md has a table of them.

/** The codes of errors that are types of the schema; the enum ErrorCode of the schema. */
export const errorCodes = {
  NOT_FOUND: { description: 'The object does not exist, or you may not see it.' },
  INVALID_INPUT: { description: 'The input breaks a rule.' },
  NOT_SIGNED_IN: { description: 'A token is required, or the token is not valid.' },
  FORBIDDEN: { description: 'Your role or status does not allow this.' },
  RATE_LIMITED: { description: 'You sent too many requests.' },
  CONFLICT: { description: 'Another moderator decided first, or another editor changed the article first.' },
  PARENT_NOT_APPROVED: { description: 'The parent of the comment is not approved.' },
  COMMENTS_CLOSED: { description: 'The comments on the article are closed.' },
  REPEATED_COMMENT: {
    description: 'The reader submitted the same comment on the same article less than ten minutes ago.',
  },
  DISPLAY_NAME_REFUSED: {
    description: "The reader's display name could be mistaken for a name of the newsroom.",
  },
  UNKNOWN_CURSOR: { description: 'The cursor is not from this list or this database.' },
  ARTICLE_GONE: { description: 'You received the article and may no longer keep it.' },
} as const

/** The codes of errors that are never types of the schema: a client finds them in `errors[].extensions.code`. */
export const untypedErrorCodes = {
  TOKEN_EXPIRED: { description: 'The token expired during a subscription.' },
  QUOTA_EXCEEDED: { description: "The partner's quota of this minute or day is used up." },
  TEMPORARILY_UNAVAILABLE: {
    description: 'The database or another dependency of the gateway is unavailable.',
  },
  QUERY_TOO_LARGE: {
    description: 'The operation exceeds a limit, or too many operations run on the websocket.',
  },
  GRAPHQL_PARSE_FAILED: { description: 'The document cannot be parsed.' },
  GRAPHQL_VALIDATION_FAILED: { description: 'The document is not valid for the schema.' },
  OPERATION_RESOLUTION_FAILURE: {
    description:
      'The document has several operations and the request has no `operationName`, or no operation has that name.',
  },
  BAD_REQUEST: { description: 'The HTTP request cannot be read.' },
  REQUEST_ENTITY_TOO_LARGE: { description: 'The body of the request is too large.' },
  UNSUPPORTED_MEDIA_TYPE: { description: 'The body of the request is compressed.' },
  PERSISTED_QUERY_NOT_FOUND: {
    description: 'The request has the id or hash of a document that the gateway does not have.',
  },
  DOCUMENT_NOT_PERSISTED: { description: 'You may send only persisted documents.' },
  INTERNAL_SERVER_ERROR: { description: "A fault of the gateway. Only the gateway's log has details." },
} as const

export type ErrorCode = keyof typeof errorCodes
export type UntypedErrorCode = keyof typeof untypedErrorCodes
export type AnyErrorCode = ErrorCode | UntypedErrorCode

/** Codes of errors that the request did not cause; INTERNAL_SERVER_ERROR is for unexpected ones. */
export const SERVER_ERROR_CODES: ReadonlySet<unknown> = new Set<UntypedErrorCode>([
  'INTERNAL_SERVER_ERROR',
  'TEMPORARILY_UNAVAILABLE',
])
