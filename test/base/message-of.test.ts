import { expect, test } from 'vitest'
import { messageOf } from '../../src/base/message-of.ts'

test.each([
  [new Error('Gone'), 'Gone'],
  [new TypeError(), 'TypeError'],
  [{ name: 'ErrnoError', errno: 44 }, 'ErrnoError 44'],
  [
    { name: 'ExitStatus', message: 'Program terminated with exit(1)', status: 1 },
    'Program terminated with exit(1)',
  ],
  [{ code: 'ENOENT' }, 'unknown error ENOENT'],
  [{}, 'unknown error'],
  [Object.create(null), 'unknown error'],
  ['text', 'text'],
  [null, 'null'],
  [undefined, 'undefined'],
])('of %j it is "%s"', (thrown, message) => {
  expect(messageOf(thrown)).toBe(message)
})
