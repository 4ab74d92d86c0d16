import { createHash } from 'node:crypto'
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { expect, test } from 'vitest'
import { ArticlePageDocument } from '../../schema/documents.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test.each([false, true])(
  "Apollo Client's link for persisted queries falls back to the whole query, hashes sent by GET: %s",
  async (useGETForHashedQueries) => {
    await using app = await freshApp()
    const { slug } = await addArticle(app.database.prisma, { headline: 'Read without persisting' })
    const requests: { method: string; hasQuery: boolean }[] = []
    const counted: typeof fetch = (url, init) => {
      const sent = `${String(url)} ${String(init?.body)}`
      requests.push({ method: init?.method ?? 'GET', hasQuery: /[?&]query=|"query":/.test(sent) })
      return fetch(url, init)
    }
    const client = new ApolloClient({
      cache: new InMemoryCache(),
      link: ApolloLink.from([
        new PersistedQueryLink({ sha256, useGETForHashedQueries }),
        new HttpLink({ uri: app.url, fetch: counted }),
      ]),
    })
    for (let i = 0; i < 2; i++) {
      const { data } = await client.query({
        query: ArticlePageDocument,
        variables: { slug },
        fetchPolicy: 'no-cache',
      })
      expect(data?.article).toMatchObject({ headline: 'Read without persisting' })
    }
    // A hash alone first; then the query; and from then on no hash any more.
    expect(requests.map(({ hasQuery }) => hasQuery)).toEqual([false, true, true])
    expect(requests[0]?.method).toBe(useGETForHashedQueries ? 'GET' : 'POST')
    client.stop()
  },
)

test.each(['application/json', 'application/graphql-response+json'])(
  'a hash without a query is answered as Apollo Server does, as %s',
  async (accept) => {
    await using app = await freshApp()
    const extensions = JSON.stringify({
      persistedQuery: { version: 1, sha256Hash: sha256('{ __typename }') },
    })
    const byGet = fetch(`${app.url}?${new URLSearchParams({ extensions })}`, { headers: { accept } })
    const byPost = fetch(app.url, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json' },
      body: `{"extensions":${extensions}}`,
    })
    for (const answer of await Promise.all([byGet, byPost])) {
      expect(answer.status).toBe(200)
      expect(await answer.json()).toEqual({
        errors: [
          { message: 'PersistedQueryNotSupported', extensions: { code: 'PERSISTED_QUERY_NOT_SUPPORTED' } },
        ],
      })
    }
  },
)
