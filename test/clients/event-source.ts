/**
 * Watches a feed by the browser's own EventSource, which comes back by itself after a cut and tells the
 * gateway the last `id` it got, in the header Last-Event-ID. It can't carry a token: its reader is anonymous.
 * @returns what stops it
 */
export function watchByEventSource(
  url: string,
  query: string,
  variables: { articleId: string; after: string },
  onEvent: (event: { cursor: string }) => void,
): () => void {
  let after = variables.after
  let source: EventSource
  let timer: ReturnType<typeof setTimeout>
  function open() {
    const address = new URL(url)
    address.searchParams.set('query', query)
    address.searchParams.set('variables', JSON.stringify({ ...variables, after }))
    source = new EventSource(address)
    source.addEventListener('next', ({ data, lastEventId }) => {
      if (lastEventId) after = lastEventId
      const result = JSON.parse(data)
      if (result.data) onEvent(result.data.commentFeed)
    })
    // The feed is over. Left alone, EventSource would take the end for a cut, and ask again and again.
    source.addEventListener('complete', () => source.close())
    source.addEventListener('error', () => {
      // Any answer but a stream, such as 503, is the end for EventSource; for us it need not be.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, 1_000 + Math.random() * 4_000)
    })
  }
  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
