import { describe, expect, test } from 'vitest'
import { loadedTest, type Relations } from '../../src/graphql/loaded-columns.ts'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp } from '../support/app.ts'
import { addArticle, addComment, globalId } from '../support/newsroom.ts'
import { statementsOfRequests } from '../support/statements.ts'

describe('whether a row has what a field selects', () => {
  const reader: Relations = { relations: new Map(), listRelations: new Set() }
  const comment: Relations = {
    relations: new Map([
      ['author', reader],
      ['replies', reader],
    ]),
    listRelations: new Set(['replies']),
  }
  const rows = [
    { row: { body: 'a', parentId: null, author: { subject: 's' } }, name: 'all columns' },
    { row: { body: 'a', author: null }, name: 'some columns' },
    { row: { author: { displayName: 'x' } }, name: 'another column of the relation' },
    { row: {}, name: 'nothing' },
    { row: null, name: 'no row' },
  ]

  test.each([
    { select: { body: true }, has: ['all columns', 'some columns'] },
    { select: { body: true, parentId: true }, has: ['all columns'] },
    { select: { author: { select: { subject: true } } }, has: ['all columns', 'some columns'] },
  ])('%j', ({ select, has }) => {
    const isLoaded = loadedTest(select, comment)
    expect(rows.filter(({ row }) => isLoaded?.(row)).map(({ name }) => name)).toEqual(has)
  })

  test.each([
    ['the rows of a list', { replies: { select: { subject: true } } }],
    ['a whole relation', { author: true }],
    ['a relation with arguments', { author: { select: { subject: true }, where: {} } }],
    ['a count', { _count: { select: { replies: true } } }],
  ])('is not decided by a row for %s', (_what, select) => {
    expect(loadedTest(select, comment)).toBeNull()
  })
})

test('a mutation does not read the row again that it returns', async () => {
  const statements: string[] = []
  await using app = await freshApp({ onStatement: statementsOfRequests((sql) => statements.push(sql)) })
  const { key, id: articleId } = await addArticle(app.database.prisma)
  const { id } = await addComment(app.database.prisma, key, { body: 'First' })
  const moderator = await app.token('moderator')
  await app.ask('{ viewer { role } }', {}, moderator)
  const fields = 'status body isReply viewerIsAuthor author { displayName } submittedAt approvedAt'
  const reads = async (operation: string, variables: object, token: string) => {
    statements.length = 0
    const { data } = await app.post(operationText(operation).replace('status', fields), variables, token)
    const after = statements.slice(statements.findLastIndex((sql) => sql.includes('COMMIT')) + 1)
    return { data, reads: after.filter((sql) => sql.startsWith('SELECT')) }
  }

  const submitted = await reads(
    'SubmitComment',
    { input: { articleId, body: 'Second' } },
    await app.token('reader'),
  )
  expect(submitted.data?.submitComment.comment).toMatchObject({ body: 'Second', status: 'PENDING' })
  expect(submitted.reads).toEqual([])
  const approved = await reads('ApproveComments', { ids: [globalId('Comment', id)] }, moderator)
  expect(approved.data?.approveComments.results).toMatchObject([{ comment: { status: 'APPROVED' } }])
  expect(approved.reads).toEqual([])
})
