import { expect, test } from 'vitest'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { openProxy } from '../support/proxy.ts'
import { openSocket } from './live-socket.ts'

// A partner's subscription to changes over the documented socket.

const FOLLOW = `subscription ($after: String) {
  changes(after: $after) { __typename cursor ... on ArticleChanged { article { headline } } }
}`

test('a subscription to changes resumes after each cut, and loses and repeats nothing', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  const { key } = await addPartner(prisma)
  const { changes } = await app.ask('{ changes { pageInfo { endCursor } } }', {}, key)
  await using proxy = await openProxy(app.config.port)
  const client = openSocket(`ws://127.0.0.1:${proxy.port}/graphql`, async () => ({
    authorization: `Bearer ${key}`,
  }))
  const received: unknown[] = []
  let news = Promise.withResolvers<void>()
  const receive = (what: unknown) => {
    received.push(what)
    news.resolve()
  }
  const stop = client.subscribe<{ changes: { article: { headline: string } } }>(
    { query: FOLLOW, variables: { after: changes.pageInfo.endCursor } },
    {
      next: ({ data, errors }) => receive(data?.changes.article.headline ?? errors),
      error: receive,
      complete: () => {},
    },
  )
  const reach = async (headlines: string[]) => {
    while (received.length < headlines.length) {
      await news.promise
      news = Promise.withResolvers()
    }
    expect(received).toEqual(headlines)
  }

  await addArticle(prisma, { headline: 'one' })
  await reach(['one'])
  const headlines = ['one']
  for (const headline of ['two', 'three']) {
    headlines.push(headline)
    const retried = proxy.knocked()
    proxy.cut()
    await addArticle(prisma, { headline })
    await retried
    proxy.mend()
    await reach(headlines)
  }
  stop()
  await client.dispose()
})
