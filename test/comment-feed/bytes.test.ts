import fc from 'fast-check'
import { execute, parse } from 'graphql'
import { expect, test } from 'vitest'
import { anonymous } from '../../src/auth/viewer.ts'
import { createContext } from '../../src/graphql/context.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp } from '../support/app.ts'
import { addArticle, addComment, approve } from '../support/newsroom.ts'
import { type Subscriber, subscribed, subscribeMany } from './crowd.ts'

test('the bytes are those that an execution for one subscriber alone would give', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const article = await addArticle(prisma)
  const parent = await addComment(prisma, article.key, { body: 'Parent "é" 🙂', by: 'Parent' })
  await approve(prisma, [parent.id])
  const property = fc.asyncProperty(fc.array(selection, { minLength: 20, maxLength: 40 }), async (all) => {
    const queries = [...new Set(all)].map(
      (fields) => `subscription { commentFeed(articleId: "${article.id}") { ${fields} } }`,
    )
    const before = app.services.commentFeeds.size.subscriptions
    const crowd: Subscriber[] = []
    // One socket watches a story by ten different selections at most.
    for (let i = 0; i < queries.length; i += 10) {
      crowd.push(
        ...(await subscribeMany(
          app,
          queries.slice(i, i + 10).map((query) => ({ query })),
        )),
      )
    }
    await subscribed(app, before + queries.length)
    const body = `Child ${crypto.randomUUID()} "\\ \u2028 ‮`
    const { id } = await addComment(prisma, article.key, { body, parentId: parent.id, by: 'Child' })
    await approve(prisma, [id])
    const entry = await prisma.feedEntry.findFirstOrThrow({
      where: { commentId: id },
      include: { comment: { include: { author: true } } },
    })
    const cursor = app.services.commentFeeds.cursorAt(article.key, entry.position)
    const { at, comment, commentCount } = entry
    for (const [i, subscriber] of crowd.entries()) {
      const [payload] = await subscriber.until(1)
      const alone = await execute({
        schema,
        document: parse(queries[i] as string),
        rootValue: { kind: 'APPROVED', cursor, at, comment, commentCount },
        contextValue: createContext(app.services, anonymous, new Date(), null),
      })
      expect(payload).toBe(JSON.stringify(alone))
    }
  })
  await fc.assert(property, { numRuns: 4 })
})

const leaf = fc.constantFrom(
  'id',
  'body',
  'b: body',
  'language',
  'status',
  'submittedAt',
  'approvedAt',
  '__typename',
  'author { displayName }',
  'replyCount',
  'thread(first: 2) { totalCount edges { node { body } } }',
  'author { name: displayName }',
  'viewerIsAuthor',
  'article { headline slug }',
  'article { id comments(first: 1, orderBy: OLDEST_FIRST) { edges { node { body } } } }',
  '... on Node { id }',
)

/** What somebody might select of an event. */
const selection = fc
  .tuple(fc.uniqueArray(leaf, { minLength: 1 }), fc.uniqueArray(leaf, { minLength: 1 }), fc.boolean())
  .map(([own, parents, withCursor]) => {
    const comment = `comment { ${own.join(' ')} parent { ${parents.join(' ')} } }`
    return `__typename ... on CommentApproved { ${withCursor ? 'cursor commentCount ' : ''}${comment} }`
  })
