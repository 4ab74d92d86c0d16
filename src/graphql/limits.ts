/** Limits of one operation, over every transport. */
export const queryLimits = {
  /**
   * The sum of the costs of all fields, multiplied by list sizes; the front page with people and counts costs
   * 1,200.
   */
  complexity: 20_000,
  /** The nesting depth. */
  depth: 14,
  /** The number of fields, with fragments expanded and aliases counted separately. */
  breadth: 400,
}

/**
 * The complexity, per parent row, of an alias that selects a field again with other arguments. Each such
 * alias costs a statement, so an operation is limited to about 200.
 */
export const ALIAS_COMPLEXITY = 100

/**
 * The complexity of a search, and of each list of stories in its results: both are expensive whatever is
 * selected.
 */
export const SEARCH_COMPLEXITY = 500

/** The complexity of the related articles of an article, which are read by two statements. */
export const RELATED_COMPLEXITY = 200

/** The complexity of a list filtered by name: each word of the name adds a condition. */
export const NAME_SEARCH_COMPLEXITY = 200

/** The complexity of the total number of items of a list: all its rows are counted. */
export const TOTAL_COUNT_COMPLEXITY = 10

/** Lexical tokens in a document. The parser stops there. */
export const MAX_TOKENS = 4_000

/** The longest name or alias in a document, in characters: a response repeats it for each row. */
export const MAX_NAME_LENGTH = 128

/** Fields of all operations and fragments of a document, with fragments expanded. */
export const MAX_DOCUMENT_SELECTIONS = 2_000

/** Errors in longer documents have no line and column: finding them takes time in proportion to the length. */
export const MAX_LOCATED_LINES = 1_000

/** The most errors that are returned about one document, or about its variables. */
export const MAX_REQUEST_ERRORS = 5

/** The errors of one result, in characters of JSON. */
export const MAX_ERRORS_LENGTH = 16_000

/** Keys and items of all variables, and their nesting depth. */
export const MAX_VARIABLE_VALUES = 10_000
export const MAX_VARIABLE_DEPTH = 16

/** Characters of variables, counted once per field that uses them. */
export const MAX_INPUT_LENGTH = 250_000

/** The most items on one page of a connection, and the default. */
export const MAX_PAGE_SIZE = 100
export const DEFAULT_PAGE_SIZE = 20

/** The longest id of a document, in characters. */
export const MAX_DOCUMENT_ID_LENGTH = 128
