import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImageDraft } from '../../src/articles/draft.ts'
import type { PrismaClient } from '../../src/db/client/client.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner, broadTerms } from '../support/partner.ts'
import { countedByHand } from './counted.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const COVERAGE = 'coverage { articles images inForce warnings { term entry message } }'
const SET = `mutation ($partner: String!, $licence: LicenceInput!) {
  setLicence(input: { partner: $partner, licence: $licence }) {
    ... on SetLicencePayload { changed licence { ${COVERAGE} } }
    ... on Error { message }
  }
}`

let app: TestApp
let prisma: PrismaClient
let admin: string

const named = (name: string, more: Partial<ImageDraft> = {}): ImageDraft => ({
  url: `https://pictures.example/${name}.jpg`,
  ...more,
})
const inBody = (image: ImageDraft) => ({ kind: 'IMAGE' as const, image })
const paragraph = { kind: 'PARAGRAPH' as const, text: 'Words.' }
const world = { slug: 'world', label: 'World' }
const region = { slug: 'region', label: 'Region' }
const sport = { slug: 'sport', label: 'Sport' }

beforeAll(async () => {
  app = await freshApp({ now: () => NOW })
  prisma = app.database.prisma
  admin = await app.token('admin', { name: 'Admin' })
  const { id: parentId } = await prisma.topic.create({ data: world })
  await prisma.topic.create({ data: { ...region, parentId } })
  await prisma.topic.create({ data: { slug: 'empty', label: 'Empty' } })
  await addPartner(prisma, { slug: 'named' })
  await addArticle(prisma, {
    topic: world,
    leadImage: named('agency', { agency: 'Agence Une' }),
    blocks: [paragraph, inBody(named('ours', { syndicatable: true })), inBody(named('nobody'))],
  })
  await addArticle(prisma, {
    topic: region,
    language: 'en-GB',
    leadImage: named('two', { agency: 'Agence Une / Second Agency' }),
    blocks: [inBody(named('named', { partners: ['named'] })), inBody(named('ours', { syndicatable: true }))],
  })
  // Refused once, it is refused where it may be syndicated too.
  await addArticle(prisma, {
    topic: sport,
    language: 'ckb',
    leadImage: named('twice', { agency: 'Third Agency', syndicatable: false }),
    blocks: [
      inBody(named('twice', { agency: 'Third Agency', syndicatable: true })),
      inBody(named('TWICE', { syndicatable: true })),
    ],
  })
  await addArticle(prisma, { language: 'ckb' })
  await addArticle(prisma, { topic: world, publishedAt: new Date('2026-02-27T12:00:00Z') })
  await addArticle(prisma, { topic: world, embargoedUntil: new Date('2026-03-02T00:00:00Z') })
  await addArticle(prisma, { topic: world, language: 'tr', publishedAt: new Date('2026-03-02T00:00:00Z') })
  await addArticle(prisma, {
    topic: world,
    status: 'WITHHELD',
    leadImage: named('withheld', { syndicatable: true }),
  })
})

afterAll(() => app.close())

async function set(partner: string, licence: object): Promise<Json> {
  return (await app.ask(SET, { partner, licence }, admin)).setLicence.licence.coverage
}

test.each<[string, object, articles: number, images: number]>([
  ['everything but agencies', {}, 5, 1],
  ['nothing', { topics: [] }, 0, 0],
  ['one agency', { agencies: ['AGENCE UNE'] }, 5, 2],
  ['both agencies of a picture', { agencies: ['agence une', 'Second Agency'] }, 5, 3],
  ['every agency', { agencies: ['*'] }, 5, 4],
  ['no full text, and so no pictures of the body', { agencies: ['*'], fullText: false }, 5, 3],
  ['a topic and those under it', { topics: ['world'], agencies: ['*'] }, 3, 3],
  ['the lower topic alone', { topics: ['region'], agencies: ['*'] }, 1, 2],
  ['a section', { sections: ['sport'], agencies: ['*'] }, 1, 1],
  ['a language with its regions', { languages: ['en'] }, 3, 1],
  ['a language without its regions', { languages: ['en-GB'] }, 1, 1],
  ['stories of the last seven days', { retentionDays: 7 }, 1, 0],
  ['stories of the last two days, the end of which is not covered', { retentionDays: 2 }, 0, 0],
])('a licence for %s covers so many articles and images', async (_, terms, articles, images) => {
  const { slug } = await addPartner(prisma)
  const coverage = await set(slug, { ...broadTerms, ...terms })
  expect({ coverage, byHand: await countedByHand(app, slug, NOW) }).toMatchObject({
    coverage: { articles, images, inForce: true },
    byHand: { articles, images },
  })
})

test('a picture that names the partner counts for that partner', async () => {
  expect(await set('named', { retentionDays: null })).toMatchObject({ articles: 5, images: 2, warnings: [] })
})

test('a licence that is not in force covers nothing, and says that it is not in force', async () => {
  for (const dates of [{ validFrom: '2026-03-02T00:00:00Z' }, { validUntil: '2026-03-01T12:00:00Z' }]) {
    const { slug } = await addPartner(prisma)
    expect(await set(slug, dates)).toEqual({ articles: 0, images: 0, inForce: false, warnings: [] })
  }
})

test('entries that no article or image has are warned at, each with its list', async () => {
  const { slug } = await addPartner(prisma)
  const coverage = await set(slug, {
    topics: ['world', 'empty', 'region'],
    sections: ['empty', 'world', 'sport'],
    languages: ['en', 'de', 'ckb', 'tr'],
    agencies: ['Agence Une', 'Agence Un', 'second agency', 'THIRD AGENCY'],
  })
  expect(coverage.warnings).toEqual([
    { term: 'TOPICS', entry: 'empty', message: 'No article is filed under the topic "empty".' },
    { term: 'SECTIONS', entry: 'empty', message: 'No article is filed under the section "empty".' },
    { term: 'LANGUAGES', entry: 'de', message: 'No article is in the language "de".' },
    { term: 'AGENCIES', entry: 'Agence Un', message: 'No image names the agency "Agence Un".' },
  ])
})

test('coverage is answered when nothing changes, when a partner is added, and for administrators only', async () => {
  const { addPartner: added } = await app.ask(
    `mutation { addPartner(input: { slug: "fresh", name: "Fresh", licence: { agencies: ["Agence Un"] } }) {
      ... on AddPartnerPayload { key partner { licence { ${COVERAGE} } } }
    } }`,
    {},
    admin,
  )
  expect(added.partner.licence.coverage).toMatchObject({
    articles: 0,
    images: 0,
    warnings: [{ term: 'AGENCIES', entry: 'Agence Un' }],
  })
  expect(await set('fresh', {})).toEqual(added.partner.licence.coverage)
  const { errors } = await app.post(`{ viewerPartner { licence { ${COVERAGE} } } }`, {}, added.key)
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})
