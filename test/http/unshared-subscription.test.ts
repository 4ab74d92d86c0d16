import { type ExecutionResult, GraphQLError } from 'graphql'
import { describe, expect, test } from 'vitest'
import type { AnyErrorCode } from '../../src/base/error-codes.ts'
import type { Payload, Sink } from '../../src/comment-feed/payload.ts'
import { deliverUnshared, isUnshared, maskErrors } from '../../src/http/unshared-subscription.ts'

/** A sink that writes down what it is sent, and takes as much as the test allows. */
class Recorder implements Sink {
  readonly heard: string[] = []
  isFull = false
  readonly #over = Promise.withResolvers<void>()
  #onRoom = () => {}

  /** Settles when it was ended or cut. */
  get over(): Promise<void> {
    return this.#over.promise
  }

  send(payloads: readonly Payload[]): void {
    for (const { json, cursor } of payloads) this.heard.push(`${json} ${cursor}`)
  }

  whenWritable(): Promise<void> | null {
    if (!this.isFull) return null
    return new Promise((resolve) => {
      this.#onRoom = resolve
    })
  }

  makeRoom(): void {
    this.isFull = false
    this.#onRoom()
  }

  end(): void {
    this.heard.push('end')
    this.#over.resolve()
  }

  cut(): void {
    this.heard.push('cut')
    this.#over.resolve()
  }
}

/** Results as they come, and how many were asked for and whether they were ended. */
function resultsOf(...results: (ExecutionResult | Error)[]) {
  const state = { asked: 0, isEnded: false }
  async function* generate(): AsyncGenerator<ExecutionResult, void, void> {
    try {
      for (const result of results) {
        state.asked += 1
        if (result instanceof Error) throw result
        yield result
      }
    } finally {
      state.isEnded = true
    }
  }
  return { results: generate(), state }
}

const mask = (error: unknown) => new GraphQLError(`masked: ${(error as Error).message}`)
const turn = () => new Promise(setImmediate)
const one = { data: { n: 1 } }
const two = { data: { n: 2 } }
const failure = (code: AnyErrorCode) => new GraphQLError('failed', { extensions: { code } })

test('results are one’s own where they come one by one, and are none of an error', () => {
  expect(isUnshared(resultsOf(one).results)).toBe(true)
  expect(isUnshared({ errors: [failure('NOT_FOUND')] })).toBe(false)
})

describe('masked results', () => {
  test('have their failures masked, and keep their data', async () => {
    const { results } = resultsOf(one, {
      data: { n: null },
      errors: [failure('NOT_FOUND'), failure('FORBIDDEN')],
    })
    const stream = maskErrors(results, mask)
    expect(await stream.next()).toEqual({ done: false, value: one })
    const { value } = (await stream.next()) as { value: ExecutionResult }
    expect(value.data).toEqual({ n: null })
    expect(value.errors?.map(({ message }) => message)).toEqual(['masked: failed', 'masked: failed'])
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('end after a failure of their source, which is the last result', async () => {
    const stream = maskErrors(resultsOf(one, new Error('secret'), two).results, mask)
    await stream.next()
    const { done, value } = await stream.next()
    expect({ done, errors: value?.errors?.map(({ message }) => message) }).toEqual({
      done: false,
      errors: ['masked: secret'],
    })
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('end their source when they are returned, and bring nothing more', async () => {
    const { results, state } = resultsOf(one, two)
    const stream = maskErrors(results, mask)
    await stream.next()
    expect(await stream.return()).toEqual({ done: true, value: undefined })
    expect(state.isEnded).toBe(true)
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })
})

describe('what is sent to a sink', () => {
  test('is each result without a cursor, in order, and then the end', async () => {
    const sink = new Recorder()
    deliverUnshared(maskErrors(resultsOf(one, two).results, mask), sink)
    await sink.over
    expect(sink.heard).toEqual(['{"data":{"n":1}} null', '{"data":{"n":2}} null', 'end'])
  })

  test('waits for room after each result', async () => {
    const { results, state } = resultsOf(one, two)
    const sink = new Recorder()
    sink.isFull = true
    deliverUnshared(maskErrors(results, mask), sink)
    await turn()
    expect(sink.heard).toEqual(['{"data":{"n":1}} null'])
    expect(state.asked).toBe(1)
    sink.makeRoom()
    await sink.over
    expect(sink.heard.at(-1)).toBe('end')
  })

  test.each(['INTERNAL_SERVER_ERROR', 'TEMPORARILY_UNAVAILABLE'] as const)(
    'is cut by a result that is a failure of the gateway (%s), and its source is ended',
    async (code) => {
      const { results, state } = resultsOf(one, { errors: [failure(code)] }, two)
      const sink = new Recorder()
      deliverUnshared(
        maskErrors(results, (error) => error as GraphQLError),
        sink,
      )
      await sink.over
      await turn()
      expect(sink.heard).toEqual(['{"data":{"n":1}} null', 'cut'])
      expect(state.isEnded).toBe(true)
    },
  )

  test.each<[string, ExecutionResult]>([
    ['that is the client’s', { errors: [failure('NOT_FOUND')] }],
    ['of a field', { data: null, errors: [failure('INTERNAL_SERVER_ERROR')] }],
  ])('goes on after a failure %s', async (_whose, result) => {
    const sink = new Recorder()
    deliverUnshared(
      maskErrors(resultsOf(result, one).results, (error) => error as GraphQLError),
      sink,
    )
    await sink.over
    expect(sink.heard.slice(1)).toEqual(['{"data":{"n":1}} null', 'end'])
  })

  test('is nothing more once it was ended, not even the end', async () => {
    const { results, state } = resultsOf(one, two)
    const sink = new Recorder()
    sink.isFull = true
    const end = deliverUnshared(maskErrors(results, mask), sink)
    await turn()
    end()
    sink.makeRoom()
    await turn()
    expect(sink.heard).toEqual(['{"data":{"n":1}} null'])
    expect(state.isEnded).toBe(true)
  })
})
