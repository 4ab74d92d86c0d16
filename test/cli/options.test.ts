import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { InvalidInput, NotFound, SetupError } from '../../src/base/errors.ts'
import { failureText, unexpectedText } from '../../src/cli/command-line.ts'
import { runFile } from '../support/processes.ts'
import { scratchFolder } from '../support/shell.ts'

const coded = (code: string | number, message: string, more: object = {}) =>
  Object.assign(new Error(message), { code, ...more })

describe('what a command prints of a failure', () => {
  test.each<[string, unknown, string]>([
    ['a setting in its own words', new SetupError('PORT is "x".'), 'PORT is "x".'],
    ['wrong input in its own words', new InvalidInput('slug', 'No slug.'), 'No slug.'],
    [
      'what is not there in its own words',
      new NotFound('partner'),
      'The partner does not exist, or you may not see it. Check the id or slug.',
    ],
    [
      'a fault with its reason, to be reported',
      new TypeError('x is not a function.'),
      'Unexpected error: x is not a function. Report this if it happens again.',
    ],
    [
      'a lost database, to be tried again',
      coded('ECONNRESET', 'read ECONNRESET'),
      'Unexpected error: read ECONNRESET (ECONNRESET). Run the command again once the database can be reached.',
    ],
    [
      'a cause that passes, to be tried again',
      new Error('no answer', { cause: coded('57P01', 'terminating connection') }),
      'Unexpected error: no answer, caused by: terminating connection (57P01). ' +
        'Run the command again once the database can be reached.',
    ],
  ])('%s', (_what, error, text) => {
    expect(failureText(error)).toBe(text)
  })

  test.each<[string, unknown, string]>([
    ['the last line of a message', new Error('Invalid call in\n  → 12 db.find(\n  It broke.\n'), 'It broke'],
    ['the name where there is no message', new RangeError(''), 'RangeError'],
    ['a code that is a number', coded(5, 'locked'), 'locked (5)'],
    ['what was thrown and is no error', 'odd', 'odd'],
    [
      'the same words once',
      new Error('no answer', { cause: new Error('no answer.', { cause: new Error('why') }) }),
      'no answer, caused by: why',
    ],
    [
      "the driver's own error behind Prisma's",
      coded('P2010', 'Raw query failed', { meta: { driverAdapterError: new Error('bad SQL') } }),
      'Raw query failed (P2010), caused by: bad SQL',
    ],
  ])('in one line: %s', (_what, error, text) => {
    expect(unexpectedText(error)).toBe(text)
  })

  test('without the address of the database', () => {
    const before = process.env.DATABASE_URL
    process.env.DATABASE_URL = 'postgres://ada:pa55%2Fword@db.internal.example:5433/news'
    try {
      const text = unexpectedText(new Error('at db.internal.example pa55/word and pa55%2Fword'))
      expect(text).toBe('at [hidden] [hidden] and [hidden]')
      process.env.DATABASE_URL = 'no address'
      expect(unexpectedText(new Error('lost'))).toBe('lost')
    } finally {
      process.env.DATABASE_URL = before
      if (before === undefined) delete process.env.DATABASE_URL
    }
  })
})

describe('a command ends', () => {
  const library = pathToFileURL(join(import.meta.dirname, '../../src/cli/command-line.ts')).href

  test.each([
    ['with what it returns', 'runCommand(async () => 3)', 3, ''],
    [
      'with 1 when it fails, and says why',
      `runCommand(async () => { throw new Error('broken') })`,
      1,
      'Unexpected error: broken. Report this if it happens again.\n',
    ],
    [
      'at once with 1 after a fault that nobody waited for, in one line',
      `runCommand(async () => {
        setTimeout(() => { throw Object.assign(new Error('lost'), { client: { password: 's3cret' } }) })
        setInterval(() => {}, 60_000)
        return 0
      })`,
      1,
      'Unexpected error: lost. Report this if it happens again.\n',
    ],
  ])('%s', { timeout: 20_000 }, async (_how, command, code, stderr) => {
    await using folder = await scratchFolder()
    const file = join(folder.path, 'command.mjs')
    await writeFile(file, `import { runCommand } from '${library}'\n${command}\n`)
    expect(await runFile(file, [], {})).toEqual({ code, stdout: '', stderr })
  })
})
