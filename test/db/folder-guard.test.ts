import { expect, test } from 'vitest'
import { guardFolder } from '../../src/db/folder-guard.ts'

test('nothing is written while the disk has less than 48 MiB left', () => {
  let free = 48 * 1024 * 1024
  const guard = guardFolder('/news/db', { identity: () => '1:2', freeBytes: () => free })
  guard.assertWritable()
  expect(guard.problem()).toBeNull()
  free -= 1
  expect(guard.problem()).toBe('the disk of DATA_DIR is full')
  expect(() => guard.assertWritable()).toThrow(expect.objectContaining({ code: 'TEMPORARILY_UNAVAILABLE' }))
})

test('nothing is written into a folder that is another one by now', () => {
  let identity: string | undefined = '1:2'
  const guard = guardFolder('/news/db', { identity: () => identity, freeBytes: () => Number.MAX_VALUE })
  expect(guard.problem()).toBeNull()
  for (const other of ['1:3', undefined]) {
    identity = other
    expect(guard.problem()).toMatch(/deleted or replaced/)
    expect(() => guard.assertWritable()).toThrow(expect.objectContaining({ code: 'TEMPORARILY_UNAVAILABLE' }))
  }
})
