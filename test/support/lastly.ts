import { afterAll } from 'vitest'

/** What is left to do when the tests of a file are over. */
export const lastly: (() => Promise<unknown>)[] = []

afterAll(async () => {
  for (const work of lastly) await work()
})
