import { afterAll, beforeAll, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await savePerson(prisma, {
    slug: 'barham-salih',
    name: 'Barham Salih',
    names: [{ text: 'بەرهەم ساڵح', kind: 'TRANSLITERATION', language: 'ckb', script: 'Arab' }],
  })
  await savePerson(prisma, { slug: 'gezeravci', name: 'Alper Gezeravcı' })
  await saveOrganisation(prisma, {
    slug: 'isis',
    name: 'ISIS',
    names: [{ text: 'Daesh', kind: 'ALIAS' }],
  })
})

afterAll(() => app.close())

test.each([
  ['people', 'salih', ['barham-salih']],
  ['people', 'SALIH barham', ['barham-salih']],
  ['people', 'ساڵح', ['barham-salih']],
  ['people', 'بةرهةم', ['barham-salih']],
  ['people', 'بەرهە', ['barham-salih']],
  ['people', 'gezeravci', ['gezeravci']],
  ['people', 'GEZERAVCI', ['gezeravci']],
  ['people', 'Gezeravcı', ['gezeravci']],
  ['people', 'alper salih', []],
  ['people', '100%', []],
  ['organisations', 'daesh', ['isis']],
  ['organisations', 'isi', ['isis']],
])('%s named "%s": %j', async (list, name, slugs) => {
  const data = await app.ask(
    `query ($name: String) { ${list}(filter: { name: $name }) { edges { node { slug } } } }`,
    { name },
  )
  expect(data[list].edges.map(({ node }: { node: { slug: string } }) => node.slug)).toEqual(slugs)
})

test.each(['people', 'organisations'])('a name without a letter or digit is refused in %s', async (list) => {
  for (const name of ['', ' ', '%', '…']) {
    const { errors } = await app.post(`{ ${list}(filter: { name: "${name}" }) { edges { cursor } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'name' } }])
  }
})

test.each([
  ['of 200 characters', `salih${' '.repeat(195)}`, true],
  ['of 201 characters', `salih${' '.repeat(196)}`, false],
  ['of ten words', 'a b c d e f g h i j', true],
  ['of eleven words', 'a b c d e f g h i j k', false],
  ['of ten words, some of them twice', 'a b c d e f g h i j a B ç', true],
])('a name %s: may be looked for is %s', async (_what, name, isTaken) => {
  const query = 'query ($name: String) { people(filter: { name: $name }) { edges { cursor } } }'
  const { data, errors } = await app.post(query, { name })
  if (isTaken) expect(data.people.edges.length).toBeLessThan(2)
  else expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'name' } }])
})
