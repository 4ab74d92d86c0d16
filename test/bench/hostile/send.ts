import { once } from 'node:events'
import { connect } from 'node:net'
import WebSocket from 'ws'

/** What an anonymous client sends: bytes over HTTP, or messages over one websocket. */
export type Attack =
  | { http: string | string[]; answers?: number }
  /** `streams`: not each message is answered, since subscriptions wait for comments. */
  | { messages: string[]; streams?: boolean }

export interface Answer {
  /** Bytes that came back. */
  bytes: number
  /** Whether nothing was answered but errors. */
  refused: boolean
  /** The beginning of what came back. */
  start: string
}

/** How long an answer may take before the gateway counts as held up, in ms. */
const ANSWER_TIMEOUT_MS = 30_000

/** The operation after the last one. */
const LAST = 'last'

export function send(attack: Attack, port: number): Promise<Answer> {
  return 'http' in attack ? sendBytes(attack, port) : sendMessages(attack, port)
}

/** Sends requests as they are and reads until as many answers have come, or the connection is closed. */
async function sendBytes({ http, answers = 1 }: Extract<Attack, { http: unknown }>, port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')))
  await once(socket, 'connect')
  socket.setNoDelay(true)
  const parts = typeof http === 'string' ? [http] : http
  const writing = (async () => {
    for (const part of parts) {
      if (socket.destroyed) return
      if (!socket.write(part)) await once(socket, 'drain')
      if (parts.length > 1) await new Promise((resolve) => setImmediate(resolve))
    }
  })().catch(() => {})
  let bytes = 0
  let start = ''
  let seen = 0
  let tail = ''
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes += chunk.length
    const text = chunk.toString('latin1')
    if (start.length < 4_000) start += text
    // The last line of a head may be cut in two.
    seen += count(tail + text) - count(tail)
    tail = text.slice(-8)
    if (seen >= answers && answered(start, bytes, answers)) break
  }
  socket.destroy()
  await writing
  return answerOf(start, bytes)
}

const count = (text: string) => text.split('HTTP/1.1 ').length - 1

/** Whether one answer is complete; many are when the last one has begun. */
function answered(start: string, bytes: number, answers: number): boolean {
  if (answers > 1) return true
  const head = start.indexOf('\r\n\r\n')
  const length = /^content-length: (\d+)/im.exec(start)?.[1]
  return (
    head >= 0 && (length === undefined ? start.includes('\r\n0\r\n') : bytes >= head + 4 + Number(length))
  )
}

async function sendMessages(
  { messages, streams = false }: Extract<Attack, { messages: unknown }>,
  port: number,
) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws')
  socket.on('error', () => {})
  await once(socket, 'open')
  socket.send('{"type":"connection_init"}')
  await once(socket, 'message')
  const expected = messages.filter((message) => message.includes('"subscribe"')).length
  let bytes = 0
  let start = ''
  const over = new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.terminate(), ANSWER_TIMEOUT_MS)
    let answers = 0
    socket.on('message', (data) => {
      const text = String(data)
      bytes += text.length
      if (start.length < 4_000) start += text
      if (/"type":"(?:next|error)"/.test(text)) answers += 1
      if (answers >= expected || (streams && text.includes(`"id":"${LAST}"`))) socket.close()
    })
    socket.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  for (const message of messages) socket.send(message)
  if (streams) socket.send(`{"id":"${LAST}","type":"subscribe","payload":{"query":"{ __typename }"}}`)
  await over
  return answerOf(start, bytes)
}

function answerOf(start: string, bytes: number): Answer {
  const refused =
    !/"data":\s*\{(?!"[^"]*":null\})/.test(start) &&
    !/^HTTP\/1\.1 200 OK\r\n(?:(?!\r\n\r\n)[\s\S])*content-type: (?!application\/(?:json|graphql))/i.test(
      start,
    )
  return { bytes, refused, start: start.slice(0, 2_000) }
}
