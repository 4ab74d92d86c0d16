import { createHash } from 'node:crypto'
import { InvalidInput } from '../base/errors.ts'
import { MAX_COMMENT_BYTES, MAX_COMMENT_LENGTH } from '../text/comment-limits.ts'
import { countGraphemes } from '../text/length.ts'
import { isBlank, normaliseText, withoutInvisible } from '../text/normalise.ts'

/**
 * The normalised text of a comment.
 * @throws InvalidInput for an empty or too long text, and for control characters
 */
export function checkedBody(text: string): string {
  // Normalising removes characters, but a valid comment is not four times as long before it.
  if (text.length > 4 * MAX_COMMENT_BYTES) throw tooManyBytes()
  const body = normaliseText(text)
  if (isBlank(body)) throw new InvalidInput('body', 'The comment is empty. Write some text.')
  if (INVALID_CHARACTERS.test(body)) {
    throw new InvalidInput('body', 'The text contains control characters. Remove them.')
  }
  if (Buffer.byteLength(body) > MAX_COMMENT_BYTES) throw tooManyBytes()
  const length = countGraphemes(body)
  if (length > MAX_COMMENT_LENGTH) {
    throw new InvalidInput(
      'body',
      `A comment may have at most ${MAX_COMMENT_LENGTH} characters; this one has ${length}.`,
    )
  }
  return body
}

function tooManyBytes(): InvalidInput {
  return new InvalidInput(
    'body',
    `A comment may have at most ${MAX_COMMENT_BYTES} bytes (UTF-8). Shorten it.`,
  )
}

/**
 * Comments are equal when they differ only in white space, letter case, width, invisible and private use
 * characters, and in how far Arabic letters are stretched.
 */
function bodyKeyOf(body: string): string {
  // Decomposed first: some compatibility forms contain a tatweel.
  const visible = withoutInvisible(body.normalize('NFKD')).normalize('NFKC')
  return visible.toUpperCase().toLowerCase().replace(/\s+/g, ' ').trim().normalize('NFC')
}

/** SHA-256 of the key of a body, as the column "bodyDigest" stores it. */
export function bodyDigestOf(body: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(bodyKeyOf(body)).digest())
}

/** Control characters except tab and line feed, and unpaired surrogates, which PostgreSQL can't store. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const INVALID_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]|\p{Surrogate}/u
