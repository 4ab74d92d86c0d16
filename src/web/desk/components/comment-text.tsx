import { piecesOf } from '../../links.ts'

/** What a reader wrote. Addresses are no links here, but keep their order in text from right to left. */
export function CommentText({ body }: { body: string }) {
  return piecesOf(body).map(({ text, href }, index) =>
    href === undefined ? (
      text
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: the text of a comment does not change
      <bdi key={index} dir="ltr">
        {text}
      </bdi>
    ),
  )
}
