// Limits for one page. Pages are untrusted: every step that costs more than linear time is limited by one of
// these.

/** Elements of a page, and how deeply they may be nested. */
export const MAX_ELEMENTS = 20_000
export const MAX_DEPTH = 256

/** The sum of all elements' depths: the steps of what looks at each element from each element around it. */
export const MAX_DEPTHS = 500_000

export const MAX_ATTRIBUTES_PER_ELEMENT = 100
export const MAX_ATTRIBUTES = 40_000

/** Characters of an attribute that Readability sees; longer ones (pictures inside the page) are taken away before. */
export const MAX_ATTRIBUTE_CHARACTERS = 4_000

/** Elements, comments and pieces of text, which an entity ends. */
export const MAX_NODES = 60_000

/** Characters of text outside scripts and style sheets. */
export const MAX_TEXT_CHARACTERS = 2_000_000

/** Elements, and the sum of their depths, up to which Readability is asked: it visits each of them many times. */
export const MAX_READABLE_ELEMENTS = 4_000
export const MAX_READABLE_DEPTHS = 150_000

/** Blocks of one story. */
export const MAX_BLOCKS = 2_000

/** Characters of one block. A longer text is cut at a space into several. */
export const MAX_BLOCK_CHARACTERS = 20_000

/** How deeply linked data may be nested. */
export const MAX_LINKED_DEPTH = 100

/** Characters of all linked data of a page, and its nodes; what exceeds them is not read. */
export const MAX_LINKED_DATA_CHARACTERS = 1_000_000
export const MAX_LINKED_NODES = 2_000

/** Values of one property of linked data, and of one meta tag's name. */
export const MAX_VALUES = 200

/** Characters of an `articleBody` that are compared with the body. */
export const MAX_ARTICLE_BODY_CHARACTERS = 300_000

/** Characters of a text beside the body: a headline, caption, credit line, name. */
export const MAX_LABEL_CHARACTERS = 1_000

/** Characters of an address. */
export const MAX_ADDRESS_CHARACTERS = 2_000

/** People, and organisations, that one page may bring. */
export const MAX_ENTITIES = 100
