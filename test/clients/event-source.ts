/**
 * Watches a feed with the browser's EventSource. After a lost connection, it reconnects automatically and
 * sends the last `id` in the header Last-Event-ID. It can't send a token, so its reader is anonymous.
 * @returns a function that stops watching
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
    // The feed has ended. Without close(), EventSource would reconnect again and again.
    source.addEventListener('complete', () => source.close())
    source.addEventListener('error', () => {
      // EventSource gives up after a response that is not a stream, such as 503. Open another one later.
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, 1_000 + Math.random() * 4_000)
    })
  }
  open()
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
