import { expect, test } from 'vitest'
import { type ChangeHead, HeadReader } from '../../src/changelog/head.ts'

/** A sequence whose readings end when the test says so, each with where the sequence was when it began. */
function slowSequence() {
  const state = { position: 0, begun: 0, end: () => {} }
  const readHead = () => {
    const { position } = state
    const answer = Promise.withResolvers<ChangeHead>()
    state.begun += 1
    state.end = () => answer.resolve({ history: 'one', position })
    return answer.promise
  }
  return { state, reader: new HeadReader(readHead) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('who asks at once shares a reading', async () => {
  const { state, reader } = slowSequence()
  const asked = [reader.read(), reader.read(), reader.read()]
  await turn()
  state.end()
  expect(await Promise.all(asked)).toMatchObject([{ position: 0 }, { position: 0 }, { position: 0 }])
  expect(state.begun).toBe(1)
})

test('nobody is given a reading that began before they asked', async () => {
  const { state, reader } = slowSequence()
  const early = reader.read()
  await turn()
  state.position = 1
  const late = [reader.read(), reader.read()]
  await turn()
  expect(state.begun).toBe(1)
  state.end()
  expect(await early).toMatchObject({ position: 0 })
  await turn()
  state.end()
  expect(await Promise.all(late)).toMatchObject([{ position: 1 }, { position: 1 }])
  expect(state.begun).toBe(2)
})

test('a reading that fails fails those who shared it, and the next one is tried', async () => {
  let failing = true
  const reader = new HeadReader(async () => {
    if (failing) throw new Error('no database')
    return { history: 'one', position: 7 }
  })
  const asked = await Promise.allSettled([reader.read(), reader.read()])
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  failing = false
  expect(await reader.read()).toMatchObject({ position: 7 })
})
