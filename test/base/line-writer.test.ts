import { expect, test } from 'vitest'
import { lineWriter } from '../../src/base/line-writer.ts'

/** A pipe that takes so many bytes at a time, and answers some attempts with an error. */
function pipe(atATime: number, refusals: (string | null)[] = []) {
  const taken: Buffer[] = []
  const state = { attempts: 0, fds: new Set<number>() }
  const { write } = lineWriter(7, ((fd: number, bytes: Buffer, from: number) => {
    state.fds.add(fd)
    const code = refusals[state.attempts++]
    if (code) throw Object.assign(new Error(code), { code })
    const part = bytes.subarray(from, from + atATime)
    taken.push(part)
    return part.length
  }) as never)
  return { write, state, text: () => Buffer.concat(taken).toString() }
}

test('a line is written at once and whole, in as many pieces as the pipe takes it', () => {
  for (const atATime of [1, 2, 3, 1_000]) {
    const { write, text, state } = pipe(atATime)
    write('Erbil — هەولێر 🌧\n')
    expect(text()).toBe('Erbil — هەولێر 🌧\n')
    expect([...state.fds]).toEqual([7])
  }
})

test('a pipe that is full twice in a row is tried a third time, before each piece of the line', () => {
  const full = 'EAGAIN'
  const { write, text, state } = pipe(2, [full, full, null, full, full, null, full, full, null])
  write('abcdef')
  expect(text()).toBe('abcdef')
  expect(state.attempts).toBe(9)
})

test('after three attempts in a row the rest of the line is lost, and the next line is tried again', () => {
  const full = 'EAGAIN'
  const { write, text, state } = pipe(3, [null, full, full, full])
  write('abcdef')
  expect([text(), state.attempts]).toEqual(['abc', 4])
  write('xyz')
  expect(text()).toBe('abcxyz')
})

test.each(['ENOSPC', 'EPIPE', 'EIO'])('a line that can not be written for %s is lost at once', (code) => {
  const { write, text, state } = pipe(100, [code])
  write('lost')
  expect([text(), state.attempts]).toEqual(['', 1])
  write('kept')
  expect(text()).toBe('kept')
})
