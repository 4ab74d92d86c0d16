import { expect, test } from 'vitest'
import { applied, mutationsOf } from './mutations.ts'

test('mutations change conditions, operators, numbers and statements, one at a time, and no types', () => {
  const text = `import { a } from './a.ts'
interface Box { size: 3 }
if (a < 2) count++
const sum: number = a + 1
stop()
`
  const changed = mutationsOf(text).map((mutation) => applied(text, mutation))
  const lines = changed.map((other) =>
    other.split('\n').find((line, index) => line !== text.split('\n')[index]),
  )
  expect(new Set(lines)).toEqual(
    new Set([
      'if (true) count++',
      'if (false) count++',
      'if (a <= 2) count++',
      'if (a < 3) count++',
      'if (a < 2) count--',
      'if (a < 2) ;',
      'const sum: number = a - 1',
      'const sum: number = a + 2',
      ';',
    ]),
  )
})
