/** The most that one operation may ask for, whichever door it comes through. */
export const queryLimits = {
  /** Fields after lists are multiplied out; the front page with people and counts is about 1,200. */
  complexity: 20_000,
  /** Levels of nesting. */
  depth: 14,
  /** Fields written out, aliases counted one by one. */
  breadth: 400,
}

/** Lexical tokens in a document: parsing stops there, before validation has any work. */
export const MAX_TOKENS = 4_000

/** Items on one page of a connection, and when the client does not say. */
export const MAX_PAGE = 100
export const DEFAULT_PAGE = 20
