import { Duplex } from 'node:stream'
import { describe, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { Payload } from '../../src/comment-feed/payload.ts'
import { SocketSink, streamWritable } from '../../src/http/socket-sink.ts'

const OPEN = 1
const CLOSING = 2

/** The stream under a websocket; while it is held, what is written to it waits. */
class Wire extends Duplex {
  readonly chunks: Buffer[] = []
  #isHeld = false
  #goOn: (() => void) | null = null

  constructor() {
    super({ writableHighWaterMark: 16 * 1024 })
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, written: () => void): void {
    // As the system does, it takes the bytes themselves, when it takes them.
    const take = () => {
      this.chunks.push(Buffer.from(chunk))
      written()
    }
    if (this.#isHeld) this.#goOn = take
    else take()
  }

  hold(): void {
    this.#isHeld = true
  }

  release(): void {
    this.#isHeld = false
    const goOn = this.#goOn
    this.#goOn = null
    goOn?.()
  }

  /** The text messages that came through. */
  get messages(): unknown[] {
    let bytes = Buffer.concat(this.chunks)
    const messages: unknown[] = []
    while (bytes.length > 0) {
      // Final, text, not masked.
      expect(bytes[0]).toBe(0x81)
      const short = bytes[1] as number
      expect(short).toBeLessThanOrEqual(127)
      const from = short === 127 ? 10 : short === 126 ? 4 : 2
      const length =
        short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short
      // Each length is written in the shortest form.
      expect(from).toBe(length < 126 ? 2 : length < 65_536 ? 4 : 10)
      messages.push(JSON.parse(bytes.subarray(from, from + length).toString()))
      bytes = bytes.subarray(from + length)
    }
    return messages
  }
}

function sinkOf(id: string) {
  const wire = new Wire()
  const socket = { readyState: OPEN }
  const on = { tooSlow: vi.fn(), cut: vi.fn(), end: vi.fn() }
  const sink = new SocketSink(id, socket as WebSocket, wire, on)
  return { sink, wire, socket, on }
}

const said = (text: string) => new Payload({ data: text }, 'cursor')
const next = (id: string, data: string) => ({ id, type: 'next', payload: { data } })

/** The length of a message around a text, for the id "1". */
const AROUND = JSON.stringify(next('1', '')).length

describe('a frame', () => {
  test.each([0, 1, 125, 126, 127, 128, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])(
    'of a message of %i bytes is right, written at once or behind others',
    (length) => {
      const text = 'x'.repeat(Math.max(0, length - AROUND))
      const { sink, wire } = sinkOf('1')
      sink.send([said(text)])
      expect(wire.messages).toEqual([next('1', text)])
      wire.hold()
      sink.send([said('first')])
      sink.send([said(text)])
      wire.release()
      expect(wire.messages).toEqual([next('1', text), next('1', 'first'), next('1', text)])
    },
  )
})

describe('an id', () => {
  const ids = ['1', '2', '10', 'a-longer-id', 'é', '😀', '"quoted\\"', '\u0001', '中文', 'x'.repeat(256)]

  test('of each socket stands in its own copy of the same results', () => {
    const payloads = [said('one'), said('two')]
    const crowd = [...ids, ...ids.toReversed()].map((id) => ({ id, ...sinkOf(id) }))
    for (const { sink } of crowd) sink.send(payloads)
    for (const { id, wire } of crowd) expect(wire.messages).toEqual([next(id, 'one'), next(id, 'two')])
  })

  test('is right behind others, too', () => {
    for (const id of ids) {
      const { sink, wire } = sinkOf(id)
      wire.hold()
      sink.send([said('one')])
      sink.send([said('two'), said('three')])
      wire.release()
      expect(wire.messages).toEqual(['one', 'two', 'three'].map((text) => next(id, text)))
    }
  })

  test('is not written over in what still waits', () => {
    const payloads = [said('one')]
    const crowd = ['1', '2', '3', '4'].map((id) => ({ id, ...sinkOf(id) }))
    for (const { wire } of crowd.slice(1, 3)) wire.hold()
    for (const { sink } of crowd) sink.send(payloads)
    for (const { wire } of crowd.slice(1, 3)) wire.release()
    for (const { id, wire } of crowd) expect(wire.messages).toEqual([next(id, 'one')])
  })

  test('may have any of many lengths, whatever was sent before', () => {
    const crowd = Array.from({ length: 20 }, (_, i) => 'x'.repeat(i + 1)).map((id) => ({ id, ...sinkOf(id) }))
    for (const text of ['one', 'two']) {
      const payloads = [said(text)]
      for (const { sink } of [...crowd, ...crowd]) sink.send(payloads)
    }
    for (const { id, wire } of crowd) {
      expect(wire.messages).toEqual(['one', 'one', 'two', 'two'].map((text) => next(id, text)))
    }
  })
})

test('other results are sent as they are, also when they are as many and as long as those before', () => {
  const { sink, wire } = sinkOf('1')
  const [one, two, three] = [said('one'), said('two'), said('six')]
  const sent = [[one, two], [one, two], [one], [two, one], [one, three], [three]]
  for (const payloads of sent) sink.send(payloads)
  const texts = ['one', 'two', 'one', 'two', 'one', 'two', 'one', 'one', 'six', 'six']
  expect(wire.messages).toEqual(texts.map((text) => next('1', text)))
})

test('several results go out in one piece', () => {
  const { sink, wire } = sinkOf('1')
  sink.send([said('one'), said('two'), said('three')])
  expect(wire.chunks).toHaveLength(1)
})

describe('a reader', () => {
  test('for whom more than 256 KiB wait is too slow: it is sent nothing more', () => {
    const { sink, wire, on } = sinkOf('1')
    wire.hold()
    const around = 4 + AROUND
    sink.send([said('x'.repeat(200 * 1024))])
    const left = 256 * 1024 - wire.writableLength
    sink.send([said('x'.repeat(left - around))])
    expect(wire.writableLength).toBe(256 * 1024)
    sink.send([said('the last')])
    expect(on.tooSlow).not.toHaveBeenCalled()
    const waiting = wire.writableLength
    sink.send([said('too much')])
    expect(on.tooSlow).toHaveBeenCalledTimes(1)
    expect(wire.writableLength).toBe(waiting)
    wire.release()
    expect(wire.messages).toHaveLength(3)
  })

  test('that is closed for it in the middle of several results is not sent the rest', () => {
    const { sink, wire, socket, on } = sinkOf('1')
    on.tooSlow.mockImplementation(() => {
      socket.readyState = CLOSING
    })
    wire.hold()
    sink.send([said('x'.repeat(300 * 1024))])
    sink.send([said('one'), said('two'), said('three')])
    expect(on.tooSlow).toHaveBeenCalledTimes(1)
  })

  test('whose websocket is closing is sent nothing: the close frame is the last', () => {
    const { sink, wire, socket } = sinkOf('1')
    socket.readyState = CLOSING
    sink.send([said('one')])
    expect(wire.chunks).toEqual([])
    socket.readyState = OPEN
    wire.hold()
    sink.send([said('one')])
    socket.readyState = CLOSING
    sink.send([said('two')])
    wire.release()
    expect(wire.messages).toEqual([next('1', 'one')])
  })

  test('is told apart by how its feed ends', () => {
    const { sink, on } = sinkOf('1')
    sink.end()
    expect([on.end, on.cut, on.tooSlow].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 0])
    sink.cut()
    expect([on.end, on.cut, on.tooSlow].map(({ mock }) => mock.calls.length)).toEqual([1, 1, 0])
  })
})

describe('room in a stream', () => {
  /** A stream in which so many bytes wait. */
  function holding(bytes: number) {
    const { wire } = sinkOf('1')
    wire.hold()
    wire.write(Buffer.alloc(bytes))
    return wire
  }

  test('is there up to 128 KiB, for a feed’s sink too', () => {
    expect(streamWritable(holding(128 * 1024))).toBeNull()
    expect(streamWritable(holding(128 * 1024 + 1))).not.toBeNull()
    const { sink, wire } = sinkOf('1')
    expect(sink.whenWritable()).toBeNull()
    wire.hold()
    sink.send([said('x'.repeat(128 * 1024))])
    expect(sink.whenWritable()).not.toBeNull()
  })

  test.each<[string, (wire: Wire) => void]>([
    ['is there again when all was read', (wire) => wire.release()],
    ['is not waited for when the stream is gone', (wire) => wire.destroy()],
  ])('%s', async (_what, act) => {
    const wire = holding(200 * 1024)
    const room = streamWritable(wire)
    act(wire)
    await room
    expect(wire.listenerCount('drain')).toBe(0)
    expect(wire.listenerCount('close')).toBe(0)
  })
})
