/** The most that one operation may ask for, whichever door it comes through. */
export const queryLimits = {
  /** Fields after lists are multiplied out; the front page with people and counts is about 1,200. */
  complexity: 20_000,
  /** Levels of nesting. */
  depth: 14,
  /** Fields written out, aliases counted one by one. */
  breadth: 400,
}

/**
 * The complexity of an alias that asks a field again with other arguments, for each row that it is asked of:
 * that is a statement each time, and so an operation is held to some 200 of them.
 */
export const ALIAS_COMPLEXITY = 100

/** The complexity of a search, and of each list of stories it found: neither comes cheap, whatever is asked of it. */
export const SEARCH_COMPLEXITY = 500

/** Lexical tokens in a document: parsing stops there, before validation has any work. */
export const MAX_TOKENS = 4_000

/** Items on one page of a connection, and when the client does not say. */
export const MAX_PAGE = 100
export const DEFAULT_PAGE = 20
