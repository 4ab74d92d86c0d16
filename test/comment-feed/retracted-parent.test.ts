import { expect, test } from 'vitest'
import { WidgetEventsDocument, WidgetFeedDocument } from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { addArticle, addComment, approve, globalId, reject } from '../support/newsroom.ts'
import { connect, listen } from '../support/socket.ts'

test('a retraction names the parent with its number of replies, unless the parent was retracted too', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key, id: articleId } = await addArticle(prisma)
  const publish = async (body: string, parentId?: string) => {
    const { id } = await addComment(prisma, key, { body, parentId })
    await approve(prisma, [id])
    return id
  }
  const parent = await publish('parent')
  const first = await publish('first', parent)
  const second = await publish('second', parent)
  const { commentEvents } = await app.ask(WidgetEventsDocument, { articleId, after: null })
  const after = commentEvents.pageInfo.endCursor
  await using resumed = listen(connect(app.wsUrl), WidgetFeedDocument, { articleId, after })
  const parents = []
  for (const id of [first, parent, second]) {
    await reject(prisma, [id])
    const [event] = await resumed.take(1)
    parents.push(event && 'parent' in event.commentFeed && event.commentFeed.parent)
  }
  expect(parents).toEqual([{ id: globalId('Comment', parent), replyCount: 1 }, null, null])
  // Read later, nothing is shown of a parent that was retracted meanwhile.
  const page = await app.ask(WidgetEventsDocument, { articleId, after })
  expect(page.commentEvents.edges.map(({ node }) => 'parent' in node && node.parent)).toEqual([
    null,
    null,
    null,
  ])
})
