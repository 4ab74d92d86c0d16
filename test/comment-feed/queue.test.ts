import { describe, expect, test, vi } from 'vitest'
import { Payload, type Sink } from '../../src/comment-feed/payload.ts'
import { PayloadQueue } from '../../src/comment-feed/queue.ts'

/** A queue, its way in, and how often it was left. */
function queueOf() {
  const leave = vi.fn()
  let sink: Sink | undefined
  const queue = new PayloadQueue((given) => {
    sink = given
    return leave
  })
  const send = (...texts: (string | number)[]) =>
    (sink as Sink).send(texts.map((text) => new Payload({ text }, null)))
  return { queue, sink: sink as unknown as Sink, send, leave }
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i)

/** What is read until the queue is over. */
async function readAll(queue: PayloadQueue): Promise<unknown[]> {
  const read: unknown[] = []
  for (let each = await queue.next(); each; each = await queue.next()) {
    read.push(JSON.parse(String(each.json)).text)
  }
  return read
}

/** Whether a promise is still open when everything that is due has happened. */
async function isOpen(promise: unknown): Promise<boolean> {
  const open = Symbol('open')
  const turn = new Promise((resolve) => setImmediate(() => resolve(open)))
  return (await Promise.race([promise, turn])) === open
}

describe('what was sent', () => {
  test('is read in order, before its sender ends and after', async () => {
    const { queue, sink, send } = queueOf()
    send('one', 'two')
    expect(JSON.parse(String((await queue.next())?.json))).toEqual({ text: 'one' })
    send('three')
    sink.end()
    expect(await readAll(queue)).toEqual(['two', 'three'])
    expect(await queue.next()).toBeNull()
  })

  test('is waited for', async () => {
    const { queue, send } = queueOf()
    const next = queue.next()
    expect(await isOpen(next)).toBe(true)
    send('one')
    expect(JSON.parse(String((await next)?.json))).toEqual({ text: 'one' })
  })

  test.each<[string, (all: ReturnType<typeof queueOf>) => void]>([
    ['ends', ({ sink }) => sink.end()],
    ['is cut', ({ sink }) => sink.cut()],
    ['is stopped', ({ queue }) => queue.stop()],
    ['is discarded', ({ queue }) => queue.discard()],
  ])('is waited for until it %s', async (_how, act) => {
    const all = queueOf()
    const next = all.queue.next()
    act(all)
    expect(await next).toBeNull()
  })

  test('can be read after a stop, which leaves; nothing comes later', async () => {
    const { queue, send, leave } = queueOf()
    send('one')
    queue.stop()
    expect(leave).toHaveBeenCalledTimes(1)
    send('two')
    expect(await readAll(queue)).toEqual(['one'])
  })

  test('is gone when it is discarded', async () => {
    const { queue, send, leave } = queueOf()
    send('one')
    queue.discard()
    expect(leave).toHaveBeenCalledTimes(1)
    expect(await queue.next()).toBeNull()
  })
})

describe('a reader that is slow', () => {
  test('has 256 results waiting; one more ends its stream, and those that wait can still be read', async () => {
    const { queue, send, leave } = queueOf()
    send(...numbers(256))
    expect(leave).not.toHaveBeenCalled()
    send(256)
    expect(leave).toHaveBeenCalledTimes(1)
    send('too late')
    expect(await readAll(queue)).toEqual(numbers(257))
  })

  test('has room again when fewer than 128 wait', async () => {
    const { queue, sink, send } = queueOf()
    send(...numbers(127))
    expect(sink.whenWritable()).toBeNull()
    send(127, 128)
    const room = sink.whenWritable()
    expect(room).not.toBeNull()
    await queue.next()
    expect(sink.whenWritable()).not.toBeNull()
    await queue.next()
    expect(sink.whenWritable()).toBeNull()
    expect(await isOpen(sink.whenWritable())).toBe(false)
  })

  test('lets its sender go on at once when there is room', async () => {
    const { queue, sink, send } = queueOf()
    send(...numbers(129))
    const room = sink.whenWritable()
    await queue.next()
    expect(await isOpen(room)).toBe(true)
    await queue.next()
    expect(await isOpen(room)).toBe(false)
  })

  test('lets its sender go on when it wants no more', async () => {
    const { queue, sink, send } = queueOf()
    send(...numbers(200))
    const room = sink.whenWritable()
    queue.stop()
    expect(await isOpen(room)).toBe(false)
    expect(sink.whenWritable()).toBeNull()
  })
})
