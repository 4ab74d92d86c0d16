/** The direction of an article as HTML writes it. */
export function dirOf({ direction }: { direction: 'LTR' | 'RTL' }): 'ltr' | 'rtl' {
  return direction === 'RTL' ? 'rtl' : 'ltr'
}

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
