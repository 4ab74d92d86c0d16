import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImageDraft } from '../../src/articles/draft.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'
import { addPartner } from '../support/partner.ts'
import { countedByHand } from './counted.ts'

const NOW = new Date('2026-03-01T12:00:00Z')
const COUNT = `mutation ($licence: LicenceInput!) {
  setLicence(input: { partner: "wire", licence: $licence }) {
    ... on SetLicencePayload { licence { coverage { articles images } } }
    ... on Error { message }
  }
}`

let app: TestApp
let admin: string

beforeAll(async () => {
  app = await freshApp({ now: () => NOW })
  admin = await app.token('admin')
  await addPartner(app.database.prisma, { slug: 'wire' })
  await addPartner(app.database.prisma, { slug: 'other' })
})
afterAll(() => app.close())

/** Addresses of which one contains another, or differs from it only in case. */
const NAMES = ['a.jpg', 'a.jpg?width=300', 'A.JPG', 'b.jpg']

const anyImage = fc.record({
  name: fc.constantFrom(...NAMES),
  agency: fc.constantFrom(undefined, 'Alpha', 'alpha', 'Beta', 'Alpha / Beta', '—'),
  syndicatable: fc.boolean(),
  partners: fc.constantFrom<string[][]>([], [], ['wire'], ['other']),
})

const anyArticle = fc.record({
  lead: fc.option(anyImage),
  body: fc.array(anyImage, { maxLength: 3 }),
  embargoedUntil: fc.constantFrom(null, null, new Date(NOW.getTime() + 1)),
})

const anyLicence = fc.record({
  agencies: fc.constantFrom([], ['Alpha'], ['BETA'], ['alpha', 'beta'], ['*']),
  fullText: fc.boolean(),
})

let runs = 0

test('the images that a licence covers are counted as its partner gets them', {
  timeout: 60_000,
}, async () => {
  const agree = fc.asyncProperty(
    fc.array(anyArticle, { minLength: 1, maxLength: 3 }),
    fc.array(anyLicence, { minLength: 3, maxLength: 3 }),
    async (articles, licences) => {
      runs += 1
      const topic = { slug: `run-${runs}`, label: 'Run' }
      const image = ({ name, ...rights }: { name: string } & Partial<ImageDraft>): ImageDraft => ({
        url: `https://pictures.example/${runs}/${name}`,
        ...rights,
      })
      for (const { lead, body, embargoedUntil } of articles) {
        const blocks = body.map((each) => ({ kind: 'IMAGE' as const, image: image(each) }))
        const leadImage = lead ? image(lead) : undefined
        await addArticle(app.database.prisma, { topic, embargoedUntil, leadImage, blocks })
      }
      for (const licence of licences) {
        const answer = await app.ask(COUNT, { licence: { ...licence, topics: [topic.slug] } }, admin)
        expect(answer.setLicence.licence.coverage).toEqual(await countedByHand(app, 'wire', NOW))
      }
    },
  )
  await fc.assert(agree, { numRuns: 20 })
})
