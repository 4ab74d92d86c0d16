/** A text with its line breaks. */
export function Lines({ text }: { text: string }) {
  const [first, ...others] = text.split('\n')
  return (
    <>
      {first}
      {others.flatMap((line) => [<br />, line])}
    </>
  )
}

/** A moment in the language of the page. */
export function Time({ at, children, kind }: { at: string; children: string; kind?: string }) {
  return (
    <time dateTime={at} class={kind}>
      {children}
    </time>
  )
}
