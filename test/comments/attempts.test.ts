import { describe, expect, test } from 'vitest'
import { anonymous } from '../../src/auth/viewer.ts'
import { type Submission, submitComment } from '../../src/comments/submit.ts'
import { someone } from '../support/newsroom.ts'

// What is refused of a submission before the database is asked, and that each attempt is counted first.

/** Submits to a gateway whose database must not be asked. */
async function attempt(
  submission: Partial<Submission>,
  { name = 'Ada', wait = null as number | null, known = null as number | null, database = false } = {},
) {
  const steps: string[] = []
  const submissions = {
    retryAfterOf(client: string) {
      steps.push(`wait of ${client}`)
      return known
    },
    async count(client: string) {
      steps.push(`count ${client}`)
      return wait
    },
  }
  const prisma = {
    async $transaction() {
      steps.push('store')
      if (!database) throw new Error('the database was asked')
      throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' })
    },
  }
  const outcome = await submitComment(
    { articleId: crypto.randomUUID(), body: 'Words.', ...submission },
    {
      prisma: prisma as never,
      viewer: someone('reader', name),
      now: () => new Date(),
      submissions: submissions as never,
      outlet: 'The Morning Post',
    },
  ).catch((error: unknown) => error)
  return { steps, outcome }
}

const counted = (name = 'Ada') => [`wait of reader-${name}`, `count reader-${name}`]

describe('an attempt counts that is refused for', () => {
  test.each<[string, Partial<Submission>, { name?: string }, object]>([
    [
      'a text of nothing',
      { body: ' ' },
      {},
      { code: 'INVALID_INPUT', field: 'body', message: 'The comment is empty. Write some text.' },
    ],
    [
      'a text of 2,001 characters',
      { body: 'a'.repeat(2_001) },
      {},
      { field: 'body', message: 'A comment may have at most 2000 characters; this one has 2001.' },
    ],
    [
      'a text of more than 16,000 bytes',
      { body: `${'👨‍👩‍👧‍👦'.repeat(640)}a` },
      {},
      { field: 'body', message: 'A comment may have at most 16000 bytes (UTF-8). Shorten it.' },
    ],
    [
      'a text of 64,001 code units, whatever is left of it',
      { body: `a${'\u200b'.repeat(64_000)}` },
      {},
      { field: 'body', message: 'A comment may have at most 16000 bytes (UTF-8). Shorten it.' },
    ],
    [
      'a control character',
      { body: 'a\u0007' },
      {},
      { field: 'body', message: 'The text contains control characters. Remove them.' },
    ],
    [
      'a language that is none',
      { language: 'english please' },
      {},
      { field: 'language', message: 'The language must be a BCP 47 tag such as "en" or "ckb".' },
    ],
    ['an empty language', { language: '' }, {}, { field: 'language' }],
    ['the name of staff', {}, { name: 'Moderator' }, { code: 'DISPLAY_NAME_REFUSED' }],
    ['the name of the outlet', {}, { name: 'Morning Post' }, { code: 'DISPLAY_NAME_REFUSED' }],
  ])('%s', async (_what, submission, how, refusal) => {
    const { steps, outcome } = await attempt(submission, how)
    expect(outcome).toMatchObject(refusal)
    expect(steps).toEqual(counted(how.name))
  })
})

test('an attempt that is one too many is refused whatever it holds, with the time to wait', async () => {
  for (const body of ['Words.', '', 'a'.repeat(2_001)]) {
    const { steps, outcome } = await attempt({ body }, { wait: 17 })
    expect(outcome).toMatchObject({
      code: 'RATE_LIMITED',
      retryAfter: 17,
      message: 'You are submitting comments too often. Try again in 17 s.',
    })
    expect(steps).toEqual(counted())
  }
})

test('an attempt that is known to be too many is not counted', async () => {
  const { steps, outcome } = await attempt({}, { known: 30 })
  expect(outcome).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 30 })
  expect(steps).toEqual(['wait of reader-Ada'])
})

test.each([
  ['2,000 characters', 'a'.repeat(2_000)],
  ['16,000 bytes', '👨‍👩‍👧‍👦'.repeat(640)],
  ['64,000 code units, of which little is left', `a${'\u200b'.repeat(63_999)}`],
  ['tabs and lines', 'a\n\tb'],
])(
  'a text of %s goes to the database; while that is away, the reader is told to try again',
  async (_what, body) => {
    const { steps, outcome } = await attempt({ body, language: 'en' }, { database: true })
    expect(steps).toEqual([...counted(), 'store'])
    expect(outcome).toMatchObject({
      code: 'TEMPORARILY_UNAVAILABLE',
      message: "The comment can't be stored at the moment. Send it again in a few seconds.",
    })
  },
)

test('nobody submits without a token, and nothing is counted for them', async () => {
  const deps = { prisma: {} as never, viewer: anonymous, now: () => new Date() }
  const submissions = { waitOf: () => 1, count: async () => 1 } as never
  await expect(
    submitComment({ articleId: 'a', body: 'Words.' }, { ...deps, submissions }),
  ).rejects.toMatchObject({
    code: 'NOT_SIGNED_IN',
  })
})
