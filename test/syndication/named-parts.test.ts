import { expect, test } from 'vitest'
import { savePerson } from '../../src/articles/save-entity.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'

// The part of an article that names somebody can tell who took an image.

const QUERY = `query ($id: ID!) { licensedArticle(id: $id) {
  leadImage { url } body { kind position ... on LicensedParagraph { mentions { person { id name } } } }
  people { person { id name slug } namedIn roleAsPrinted rolesAsPrinted }
  captions: people(namedIn: [CAPTION, CREDIT]) { person { name } } } }`

test('a person whom the text names is not told to be the photographer of an image that is not licensed', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await savePerson(prisma, { slug: 'ana', name: 'Ana Lens' })
  await savePerson(prisma, { slug: 'bo', name: 'Bo Hidden' })
  const credit = { photographer: 'Ana Lens', credit: 'Ana Lens / Bo Hidden', caption: 'Bo Hidden waves' }
  const { id } = await addArticle(prisma, {
    leadImage: { url: 'https://pictures.example/1.jpg', ...credit },
    blocks: [
      { kind: 'IMAGE', image: { url: 'https://pictures.example/2.jpg', ...credit } },
      { kind: 'PARAGRAPH', text: 'The prize went to Ana Lens.' },
    ],
    people: [{ person: 'ana', namedIn: 'CREDIT', rolesAsPrinted: ['photographer'] }],
  })
  const { key } = await addPartner(prisma)
  const rest = async (token: string) => {
    const url = new URL(`/syndication/articles/${id}`, app.url)
    return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text()
  }

  const { licensedArticle } = await app.ask(QUERY, { id }, key)
  const ana = { id: expect.any(String), name: 'Ana Lens', slug: 'ana' }
  expect(licensedArticle).toEqual({
    leadImage: null,
    // Positions do not tell that a block is missing.
    body: [{ kind: 'PARAGRAPH', position: 1, mentions: [{ person: { id: ana.id, name: ana.name } }] }],
    people: [{ person: ana, namedIn: 'ARTICLE', roleAsPrinted: null, rolesAsPrinted: [] }],
    captions: [],
  })
  expect(await rest(key)).not.toMatch(/CREDIT|CAPTION|photographer|Bo Hidden|pictures\.example/)

  const editor = await app.token('editor')
  const whole = (await app.ask(QUERY, { id }, editor)).licensedArticle
  expect(whole.people.map(({ namedIn }: { namedIn: string }) => namedIn)).toEqual([
    'ARTICLE',
    'CAPTION',
    'CREDIT',
    'CREDIT',
  ])
  expect(await rest(editor)).toContain('"namedIn":"CREDIT"')
})
