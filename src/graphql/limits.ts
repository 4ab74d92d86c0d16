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

/** The complexity of a list by name: each word of the name is a condition of its own. */
export const NAME_SEARCH_COMPLEXITY = 200

/** Lexical tokens in a document: parsing stops there, before validation has any work. */
export const MAX_TOKENS = 4_000

/** The longest name in a document, aliases included, in characters: an answer repeats it for each row. */
export const MAX_NAME_LENGTH = 128

/** Fields of all operations and fragments of a document together, fragments written out wherever they are spread. */
export const MAX_DOCUMENT_SELECTIONS = 2_000

/** Errors in longer documents come without their line and column, which takes as long as the document to find. */
export const MAX_LOCATED_LINES = 1_000

/** Errors about one document, or about its variables: the first few tell what to correct. */
export const MAX_REQUEST_ERRORS = 5

/** Keys and items of all variables together, and how deep they are nested. */
export const MAX_VARIABLE_VALUES = 10_000
export const MAX_VARIABLE_DEPTH = 16

/** Characters of variables, counted again for each field of an operation that uses them. */
export const MAX_INPUT_LENGTH = 250_000

/** Items on one page of a connection, and when the client does not say. */
export const MAX_PAGE = 100
export const DEFAULT_PAGE = 20
