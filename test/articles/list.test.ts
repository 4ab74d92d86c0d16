import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, globalId } from '../support/newsroom.ts'

let app: TestApp
let person: string
let agency: string

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  person = await savePerson(prisma, { slug: 'hydrologist', name: 'Example Hydrologist' })
  await savePerson(prisma, { slug: 'photographer', name: 'Example Photographer' })
  agency = await saveOrganisation(prisma, { slug: 'agency', name: 'Example Water Agency' })
  const [science, climate] = ['science', 'climate'] as const
  const top = await prisma.topic.create({ data: { slug: science, label: 'Science' } })
  const middle = await prisma.topic.create({ data: { slug: climate, label: 'Climate', parentId: top.id } })
  await prisma.topic.create({ data: { slug: 'drought', label: 'Drought', parentId: middle.id } })
  const add = (slug: string, language: string, topic: string, day: number, text: string) =>
    addArticle(prisma, {
      slug,
      language,
      topic: { slug: topic, label: topic },
      publishedAt: new Date(Date.UTC(2026, 0, day)),
      blocks: [{ kind: 'PARAGRAPH', text }],
      byline: 'Example Photographer',
      leadImage: {
        url: '/pictures/river-village.svg',
        credit: 'Example Photographer / Example Water Agency',
        caption: 'The Example Water Agency, with Example Photographer',
      },
    })
  await add('general', 'en', science, 1, 'Example Hydrologist explains.')
  await add('warming', 'en-GB', climate, 2, 'The Example Water Agency measures.')
  await add('dry', 'ar', 'drought', 3, 'Example Hydrologist of the Example Water Agency.')
  await add('match', 'eng-x-test', 'sport', 4, 'Nobody is named.')
})

afterAll(() => app.close())

async function listed(filter: string): Promise<string[]> {
  const { articles } = await app.ask(`{ articles(filter: { ${filter} }) { edges { node { slug } } } }`)
  return articles.edges.map(({ node }: { node: { slug: string } }) => node.slug)
}

describe('stories are listed newest first', () => {
  test.each([
    ['', ['match', 'dry', 'warming', 'general']],
    ['topic: "science"', ['dry', 'warming', 'general']],
    ['topic: "climate"', ['dry', 'warming']],
    ['topic: "drought"', ['dry']],
    ['topic: "no-such-topic"', []],
    ['language: "en"', ['match', 'warming', 'general']],
    ['language: "EN-gb"', ['warming']],
    ['language: "ckb"', []],
    ['person: "hydrologist"', ['dry', 'general']],
    ['person: "photographer"', []],
    ['organisation: "agency"', ['dry', 'warming']],
    ['publishedFrom: "2026-01-02T00:00:00Z"', ['match', 'dry', 'warming']],
    ['publishedBefore: "2026-01-02T00:00:00Z"', ['general']],
    ['publishedFrom: "2026-01-02T03:00:00+03:00", publishedBefore: "2026-01-03T00:00:00Z"', ['warming']],
    ['topic: "science", language: "en", person: "hydrologist"', ['general']],
    ['topic: "climate", organisation: "agency", publishedFrom: "2026-01-03T00:00:00Z"', ['dry']],
    ['person: "hydrologist", organisation: "agency"', ['dry']],
  ])('%s', async (filter, slugs) => {
    expect(await listed(filter)).toEqual(slugs)
  })

  test('by the id of a person or an organisation as well as by the slug', async () => {
    expect(await listed(`person: "${globalId('Person', person)}"`)).toEqual(['dry', 'general'])
    expect(await listed(`organisation: "${globalId('Organisation', agency)}"`)).toEqual(['dry', 'warming'])
    expect(await listed(`organisation: "${globalId('Person', person)}"`)).toEqual([])
  })

  test('topics that stand in a circle end', async () => {
    const { prisma } = app.database
    const drought = await prisma.topic.findUniqueOrThrow({ where: { slug: 'drought' } })
    await prisma.topic.update({ where: { slug: 'science' }, data: { parentId: drought.id } })
    expect(await listed('topic: "drought"')).toEqual(['dry', 'warming', 'general'])
    await prisma.topic.update({ where: { slug: 'science' }, data: { parentId: null } })
  })

  test('a range that ends before it begins, and a moment that is none, are refused', async () => {
    const range = 'publishedFrom: "2026-01-02T00:00:00Z", publishedBefore: "2026-01-02T00:00:00Z"'
    const { errors } = await app.post(`{ articles(filter: { ${range} }) { edges { cursor } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'publishedBefore' } }])
    for (const moment of [
      'yesterday',
      '2026-01-01',
      '0000-01-01T00:00:00Z',
      '9999-12-31T23:59:59-05:00',
      '2026-13-01T00:00:00Z',
    ]) {
      const answer = await app.post(
        `{ articles(filter: { publishedFrom: "${moment}" }) { edges { cursor } } }`,
      )
      expect(answer.errors?.[0]?.message, moment).toContain('A DateTime must have the form')
    }
  })
})
