import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runFile } from '../support/processes.ts'

test('the schema, documents and possible types that are committed are those of the code', async () => {
  const codegen = join(import.meta.dirname, '../../codegen.ts')
  const { code, stderr } = await runFile(codegen, ['--check'], {})
  expect(stderr).toBe('')
  expect(code).toBe(0)
})
