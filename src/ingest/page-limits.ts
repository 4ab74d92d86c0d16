// Limits for one page. Pages are untrusted: every step that costs more than linear time is limited by one of
// these.

/** Elements of a page, and how deeply they may be nested. */
export const MAX_ELEMENTS = 20_000
export const MAX_DEPTH = 256

/** The sum of the depths of all elements: the cost of steps that visit each element and all elements around it. */
export const MAX_DEPTHS = 500_000

export const MAX_ATTRIBUTES_PER_ELEMENT = 100
export const MAX_ATTRIBUTES = 40_000

/** Characters of an attribute. Longer ones (images in data URLs) are removed before Readability runs. */
export const MAX_ATTRIBUTE_CHARACTERS = 4_000

/** Elements, comments and text nodes; each entity counts as one more text node. */
export const MAX_NODES = 60_000

/** Characters of text outside scripts and style sheets. */
export const MAX_TEXT_CHARACTERS = 2_000_000

/** The largest page for Readability, in elements and in the sum of their depths: it visits each many times. */
export const MAX_READABLE_ELEMENTS = 4_000
export const MAX_READABLE_DEPTHS = 150_000

/** Blocks of one article. */
export const MAX_BLOCKS = 2_000

/** Characters of one block. A longer text is cut at a space into several. */
export const MAX_BLOCK_CHARACTERS = 20_000

/** How deeply linked data may be nested. */
export const MAX_LINKED_DEPTH = 100

/** Characters and nodes of all linked data of a page; the rest is not read. */
export const MAX_LINKED_DATA_CHARACTERS = 1_000_000
export const MAX_LINKED_NODES = 2_000

/** Values of one property of linked data, and of one meta tag's name. */
export const MAX_VALUES = 200

/** Characters of an `articleBody` that are compared with the body. */
export const MAX_ARTICLE_BODY_CHARACTERS = 300_000

/** Characters of a text outside the body: a headline, caption, credit line or name. */
export const MAX_LABEL_CHARACTERS = 1_000

/** Characters of an address. */
export const MAX_ADDRESS_CHARACTERS = 2_000

/** People of one page, and organisations of one page. */
export const MAX_ENTITIES = 100

/** The maximum length of the text of a post; the rest is dropped. */
export const MAX_POST_CHARACTERS = 10_000
