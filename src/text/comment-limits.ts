/** The longest comment, in grapheme clusters, which is how readers count characters. */
export const MAX_COMMENT_LENGTH = 2_000

/** The longest comment in bytes of UTF-8: enough for 2,000 characters of any script. */
export const MAX_COMMENT_BYTES = 16_000

/** The longest note of a decision, in UTF-16 code units, as the fields of browsers count. */
export const MAX_NOTE_LENGTH = 1_000
