import type { Json } from './json.ts'

/** One server-sent event: its name, and its data as JSON where it has any. */
export interface StreamEvent {
  event: string
  data: Json
}

export interface EventStream extends AsyncDisposable {
  status: number
  /** The events; ends when the server completes the stream, fails when the connection is cut. */
  events: AsyncGenerator<StreamEvent, void>
  /** Cuts the connection. */
  cut(): void
}

/** Runs an operation as server-sent events: a document's only one, or the one that other parameters name. */
export function openStream(
  url: string,
  asked: string | object,
  variables: object = {},
  token?: string,
): Promise<EventStream> {
  const operation = typeof asked === 'string' ? { query: asked } : asked
  const authorization = token ? { authorization: `Bearer ${token}` } : {}
  return open(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...authorization },
    body: JSON.stringify({ ...operation, variables }),
  })
}

/** The same by GET, with the parameters in the address. */
export function openStreamByGet(url: string, params: Record<string, string>): Promise<EventStream> {
  return open(`${url}?${new URLSearchParams(params)}`, { method: 'GET' })
}

async function open(
  url: string,
  request: { method: string; headers?: object; body?: string },
): Promise<EventStream> {
  const connection = new AbortController()
  const headers = { ...request.headers, accept: 'text/event-stream' }
  const response = await fetch(url, { ...request, headers, signal: connection.signal })
  const cut = () => connection.abort()
  return {
    status: response.status,
    events: eventsIn(response.body as ReadableStream<Uint8Array>),
    cut,
    async [Symbol.asyncDispose]() {
      cut()
    },
  }
}

/** Takes the next events' data, and fails when one of them is an error. */
export async function takeEvents(stream: EventStream, count: number): Promise<Json[]> {
  const taken: Json[] = []
  while (taken.length < count) {
    const { done, value } = await stream.events.next()
    if (done || value.event !== 'next') throw new Error('the stream is over')
    if (value.data.errors) throw new Error(value.data.errors[0].message)
    taken.push(value.data.data)
  }
  return taken
}

async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void> {
  let text = ''
  for await (const piece of body.pipeThrough(new TextDecoderStream() as never) as AsyncIterable<string>) {
    text += piece
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const event = readEvent(text.slice(0, end))
      text = text.slice(end + 2)
      if (event) yield event
    }
  }
}

/** Lines that begin with a colon are comments, which keep the connection awake. */
function readEvent(block: string): StreamEvent | null {
  const fields = new Map(
    block
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith(':'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]),
  )
  if (fields.size === 0) return null
  const data = fields.get('data')
  return { event: fields.get('event') ?? 'message', data: data ? JSON.parse(data) : null }
}
