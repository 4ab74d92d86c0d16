import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp } from '../support/app.ts'
import { freshDatabase } from '../support/database.ts'
import { untilSomebodyWaits } from '../support/locks.ts'
import { addArticle, addComment, approve, globalId } from '../support/newsroom.ts'

// The embedded database runs one transaction after the other.
describe.runIf(process.env.DATABASE_URL)(
  'comments of one thread are locked in the order of their ids',
  () => {
    test.each(['a reply', 'a decision'])('by %s: it holds no later comment while it waits', async (who) => {
      await using owner = await freshDatabase()
      await using app = await freshApp({ database: owner })
      const { key, id: articleId } = await addArticle(owner.prisma)
      const first = await addComment(owner.prisma, key, { body: 'First' })
      await approve(owner.prisma, [first.id])
      const second = await addComment(owner.prisma, key, { body: 'Second', parentId: first.id })
      await approve(owner.prisma, [second.id])

      const holder = new pg.Client({ connectionString: owner.url })
      await holder.connect()
      try {
        await holder.query(`BEGIN; SELECT FROM "Comment" WHERE id = '${first.id}' FOR UPDATE`)
        const answer =
          who === 'a reply'
            ? app.post(
                operationText('SubmitComment'),
                { input: { articleId, body: 'Third', parentId: globalId('Comment', second.id) } },
                await app.token('reader'),
              )
            : app.post(
                operationText('RejectComments'),
                {
                  ids: [second.id, first.id].map((id) => globalId('Comment', id)),
                  guidelines: [(await owner.prisma.guideline.findFirstOrThrow()).code],
                },
                await app.token('moderator'),
              )
        await untilSomebodyWaits(owner.prisma)
        const { rowCount } = await holder.query(
          `SELECT FROM "Comment" WHERE id = '${second.id}' FOR UPDATE SKIP LOCKED`,
        )
        expect(rowCount).toBe(1)
        await holder.query('ROLLBACK')
        expect((await answer).errors).toBeUndefined()
      } finally {
        await holder.end()
      }
    })
  },
)
