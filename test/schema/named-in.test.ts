import { expect, test } from 'vitest'
import { inOrderOfMention } from '../../src/schema/named-in.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

test('a part that is repeated in namedIn is one parameter of the statement', () => {
  const { where } = inOrderOfMention({ namedIn: ['ARTICLE', 'CAPTION', 'ARTICLE', 'ARTICLE'] })
  expect(where).toEqual({ namedIn: { in: ['ARTICLE', 'CAPTION'] } })
})

test('a long list of one part is answered like a short one', async () => {
  await using app = await freshApp()
  const { slug } = await addArticle(app.database.prisma)
  const query = `query ($slug: String!, $parts: [NamedIn!]!) {
    article(slug: $slug) { people(namedIn: $parts) { person { slug } } }
  }`
  expect(await app.ask(query, { slug, parts: new Array(900).fill('ARTICLE') })).toEqual({
    article: { people: [] },
  })
})
