import { expect, test } from 'vitest'
import { HeadReader } from '../../src/change/head.ts'

/** A sequence whose readings end when the test says so, each with where the sequence was when it began. */
function slowSequence() {
  const state = { position: 0, begun: 0, end: () => {} }
  const changeHead = {
    findUniqueOrThrow() {
      const { position } = state
      const gate = Promise.withResolvers<{ position: number }>()
      state.begun += 1
      state.end = () => gate.resolve({ position })
      return gate.promise
    },
  }
  return { state, reader: new HeadReader({ changeHead } as never) }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('who asks at once shares a reading', async () => {
  const { state, reader } = slowSequence()
  const asked = [reader.read(), reader.read(), reader.read()]
  await turn()
  state.end()
  expect(await Promise.all(asked)).toEqual([0, 0, 0])
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
  expect(await early).toBe(0)
  await turn()
  state.end()
  expect(await Promise.all(late)).toEqual([1, 1])
  expect(state.begun).toBe(2)
})

test('a reading that fails fails those who shared it, and the next one is tried', async () => {
  let failing = true
  const changeHead = {
    async findUniqueOrThrow() {
      if (failing) throw new Error('no database')
      return { position: 7 }
    },
  }
  const reader = new HeadReader({ changeHead } as never)
  const asked = await Promise.allSettled([reader.read(), reader.read()])
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  failing = false
  expect(await reader.read()).toBe(7)
})
