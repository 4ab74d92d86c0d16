import { expect, test } from 'vitest'
import { InFlightRequests } from '../../src/http/in-flight-requests.ts'

/** An operation that ends when the test says so. */
function begin(work: InFlightRequests) {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  return { answer: work.track(() => promise), resolve, reject }
}

/** Ends a workload, and notes when it has ended. */
function finish(work: InFlightRequests, graceMs = 3_600_000) {
  const end = { isOver: false, over: Promise.resolve() }
  end.over = work.finish(graceMs).then(() => {
    end.isOver = true
  })
  return end
}

/** Lets everything that is due happen. */
async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setTimeout(resolve, 0))
}

test('an operation’s answer and its failure are passed on', async () => {
  const work = new InFlightRequests()
  expect(await work.track(() => 7)).toBe(7)
  expect(await work.track(async () => 8)).toBe(8)
  await expect(work.track(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  await expect(
    work.track(() => {
      throw new Error('at once')
    }),
  ).rejects.toThrow('at once')
})

test('finishing is known at once, and not before', async () => {
  const work = new InFlightRequests()
  expect(work.isFinishing).toBe(false)
  const end = finish(work)
  expect(work.isFinishing).toBe(true)
  await end.over
})

test('it finishes when all that are under way are over, those that fail too', async () => {
  const work = new InFlightRequests()
  const operations = [begin(work), begin(work), begin(work)] as const
  const end = finish(work)
  operations[1].resolve('second')
  operations[2].reject(new Error('third'))
  await expect(operations[2].answer).rejects.toThrow('third')
  await turns()
  expect(end.isOver).toBe(false)
  operations[0].resolve('first')
  await end.over
  expect(await Promise.all([operations[0].answer, operations[1].answer])).toEqual(['first', 'second'])
})

test('it waits also for what begins as the last one ends', async () => {
  const work = new InFlightRequests()
  const first = begin(work)
  const end = finish(work)
  first.resolve('first')
  await first.answer
  const second = begin(work)
  await turns()
  expect(end.isOver).toBe(false)
  second.resolve('second')
  await end.over
})

test('it waits also for what was admitted in the moment before', async () => {
  const work = new InFlightRequests()
  const end = finish(work)
  const operation = begin(work)
  await turns()
  expect(end.isOver).toBe(false)
  operation.resolve('done')
  await end.over
})

test('after several rounds of work it still waits', async () => {
  const work = new InFlightRequests()
  for (let round = 0; round < 3; round++) await work.track(() => round)
  const operation = begin(work)
  const end = finish(work)
  await turns()
  expect(end.isOver).toBe(false)
  operation.resolve('done')
  await end.over
})

test('it waits for as long as it may, and no longer, for an operation that does not end', async () => {
  const work = new InFlightRequests()
  void begin(work).answer
  const patient = finish(work)
  await finish(work, 10).over
  expect(patient.isOver).toBe(false)
})
