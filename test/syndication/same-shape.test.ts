import { type GraphQLField, getNamedType, isCompositeType, isInterfaceType, isObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { articles } from '../../src/sample/articles/index.ts'
import { fillWithSample } from '../../src/sample/fill.ts'
import { schema } from '../../src/schema/schema.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { everyText } from '../support/texts.ts'

// The licensed version of an article has one shape in GraphQL, REST and webhooks.

let app: TestApp
const keys: { name: string; token: string }[] = []

beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  await fillWithSample(app.database, { ...app.config, sample: true }, () => new Date())
  await addPartner(prisma, { slug: 'herald' })
  const { id } = await addArticle(prisma, {
    ...everyText((name) => `The ${name}`),
    dateline: { text: 'ERBIL', place: 'Erbil', region: 'Kurdistan Region' },
    topic: { slug: 'own-topic', label: 'Own topic' },
    leadImage: { url: '/images/1.jpg', credit: 'Name', syndicatable: true },
    organisations: [{ organisation: 'afp', namedIn: 'ARTICLE' }],
    blocks: [
      { kind: 'HEADING', text: 'Heading', level: 3 },
      { kind: 'PARAGRAPH', text: 'AFP and Barham Salih' },
      {
        kind: 'QUOTATION',
        text: 'Words',
        direct: false,
        speaker: { person: 'barham-salih' },
        roleAsPrinted: 'President',
        via: { text: 'a readout', organisation: 'afp' },
      },
      {
        kind: 'IMAGE',
        image: {
          url: 'https://pictures.example/2.jpg',
          photographer: 'Name',
          agency: 'AFP',
          syndicatable: true,
        },
      },
      {
        kind: 'EMBED',
        embed: { provider: 'X', url: 'https://x.example/1', handle: '@a', postedAt: new Date('2026-01-01') },
      },
    ],
  })
  const input = { id, version: 1, kind: 'UPDATE', text: 'New', changes: { headline: 'Corrected' } }
  const { correctArticle } = await app.ask(
    `mutation ($input: CorrectArticleInput!) { correctArticle(input: $input) { __typename } }`,
    { input },
    await app.token('editor'),
  )
  expect(correctArticle).toEqual({ __typename: 'CorrectArticlePayload' })
  const whole = await addPartner(prisma, { licence: { agencies: ['*'], attribution: 'From us' }, ...QUOTA })
  const teaser = await addPartner(prisma, { licence: { fullText: false }, ...QUOTA })
  keys.push(
    { name: 'a full licence', token: whole.key },
    { name: 'a licence without the body', token: teaser.key },
    { name: 'an editor', token: await app.token('editor') },
  )
})

afterAll(() => app.close())

/** The sample articles that partners may have. */
const published = articles.filter(({ status, embargoedUntil }) => !status && !embargoedUntil)

const QUOTA = { quotaPerMinute: 10_000 }

/** The selection of every field of an object type or interface, at every depth. */
function allFields(typename: string): string {
  const type = schema.getType(typename)
  if (isInterfaceType(type)) {
    const types = schema.getPossibleTypes(type)
    return `{ ${types.map(({ name }) => `... on ${name} ${allFields(name)}`).join(' ')} }`
  }
  if (!isObjectType(type)) throw new Error(`${typename} has no fields`)
  const fields = Object.values(type.getFields()).map(({ name, type: value }) => {
    const named = getNamedType(value)
    return isCompositeType(named) ? `${name} ${allFields(named.name)}` : name
  })
  return `{ ${fields.join(' ')} }`
}

interface Json {
  id: string
}

async function rest<Body>(path: string, token: string): Promise<Body> {
  const answer = await fetch(new URL(`/syndication/${path}`, app.url), {
    headers: { authorization: `Bearer ${token}` },
  })
  expect([path, answer.status]).toEqual([path, 200])
  return (await answer.json()) as Body
}

async function articlesInChanges(token: string): Promise<Json[]> {
  const { changes } = await rest<{ changes: { article: Json }[] }>('changes?first=100', token)
  return changes.map(({ article }) => article)
}

test('an article over REST is the answer of GraphQL with all fields selected', {
  timeout: 120_000,
}, async () => {
  const query = `query ($id: ID!) { licensedArticle(id: $id) ${allFields('LicensedArticle')} }`
  for (const { name, token } of keys) {
    const articles = await articlesInChanges(token)
    const ids = new Set(articles.map(({ id }) => id))
    expect(ids.size, name).toBeGreaterThan(published.length)
    for (const id of ids) {
      const { licensedArticle } = await app.ask(query, { id }, token)
      expect(await rest(`articles/${id}`, token)).toEqual(licensedArticle)
      // The change sequence of REST has the same article too; webhooks send the same change.
      for (const article of articles.filter((each) => each.id === id)) {
        expect(article).toEqual(licensedArticle)
      }
    }
  }
})

test('the compared articles have a value in every field', async () => {
  const missing = new Set(valuePaths('LicensedArticle'))
  for (const article of await articlesInChanges(keys[0]!.token))
    for (const path of pathsWithValue(article)) missing.delete(path)
  expect([...missing]).toEqual([])
})

/** The paths of all fields of a type: "body.quotation.via". */
function valuePaths(typename: string, within = ''): string[] {
  return fieldsOf(typename).flatMap(({ name, type }) => [
    within + name,
    ...valuePaths(getNamedType(type).name, `${within}${name}.`),
  ])
}

/** The fields of a type; for an interface, those of all its types. */
function fieldsOf(typename: string): GraphQLField<unknown, unknown>[] {
  const type = schema.getType(typename)
  if (isInterfaceType(type)) return schema.getPossibleTypes(type).flatMap(({ name }) => fieldsOf(name))
  return isObjectType(type) ? Object.values(type.getFields()) : []
}

function pathsWithValue(value: object, within = ''): string[] {
  return Object.entries(value).flatMap(([name, part]) => {
    if (part === null || (Array.isArray(part) && part.length === 0)) return []
    const path = within + name
    const inner = Array.isArray(part) ? part : [part]
    return [
      path,
      ...inner.flatMap((each) => (typeof each === 'object' ? pathsWithValue(each, `${path}.`) : [])),
    ]
  })
}
