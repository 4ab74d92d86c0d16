import { expect, test } from 'vitest'
import { saveOrganisation, savePerson } from '../../src/articles/save-entity.ts'
import { freshApp } from '../support/app.ts'
import { addArticle } from '../support/newsroom.ts'

test('a story is served with every kind of block, its names, its picture and its direction', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await saveOrganisation(prisma, { slug: 'office', name: 'Example Office' })
  await savePerson(prisma, { slug: 'speaker', name: 'Example Speaker' })
  await savePerson(prisma, { slug: 'photographer', name: 'Example Photographer' })
  const picture = { url: '/pictures/citadel.svg', alt: 'A citadel', credit: 'Example Photographer' }
  const { slug } = await addArticle(prisma, {
    language: 'ckb',
    leadImage: { ...picture, caption: 'Example Speaker at the citadel' },
    blocks: [
      { kind: 'HEADING', text: 'What Example Speaker said', level: 3 },
      { kind: 'PARAGRAPH', text: 'It rained 🌧 when Example Speaker left the Example Office.' },
      {
        kind: 'QUOTATION',
        text: 'We stay.',
        speaker: { person: 'speaker' },
        roleAsPrinted: 'the spokesperson',
        direct: true,
        via: { text: 'a readout of the Example Office', organisation: 'office' },
      },
      { kind: 'QUOTATION', text: 'Nothing is decided.', speaker: { organisation: 'office' }, direct: false },
      { kind: 'IMAGE', image: { url: 'https://pictures.example/a.jpg' } },
      {
        kind: 'EMBED',
        embed: {
          provider: 'X',
          url: 'https://x.example/1',
          handle: '@example',
          text: 'Hello',
          postedAt: new Date(0),
        },
      },
    ],
  })
  const { article } = await app.ask(`{ article(slug: "${slug}") {
    direction leadImage { url alt caption credit }
    people(namedIn: [ARTICLE, CAPTION, CREDIT]) { namedIn roleAsPrinted person { slug } }
    body { __typename position
      ... on Heading { text level mentions { ...M } }
      ... on Paragraph { text mentions { ...M } }
      ... on QuotationBlock { text quotation { direct roleAsPrinted via viaOrganisation { slug } speaker { __typename slug } } }
      ... on ImageBlock { image { url } }
      ... on EmbedBlock { embed { provider url handle text postedAt } } } } }
    fragment M on Mention { start end surface person { slug } organisation { slug } }`)

  expect(article.direction).toBe('RTL')
  expect(article.leadImage).toEqual({
    ...picture,
    url: `${app.config.publicUrl}/pictures/citadel.svg`,
    caption: 'Example Speaker at the citadel',
  })
  expect(article.people).toEqual([
    { namedIn: 'ARTICLE', roleAsPrinted: 'the spokesperson', person: { slug: 'speaker' } },
    { namedIn: 'CAPTION', roleAsPrinted: null, person: { slug: 'speaker' } },
    { namedIn: 'CREDIT', roleAsPrinted: null, person: { slug: 'photographer' } },
  ])
  const [heading, paragraph, ...rest] = article.body
  expect(heading).toMatchObject({ __typename: 'Heading', position: 1, level: 3 })
  for (const { text, mentions } of [heading, paragraph]) {
    for (const { start, end, surface } of mentions) expect(text.slice(start, end)).toBe(surface)
  }
  expect(paragraph.mentions).toMatchObject([
    { surface: 'Example Speaker', person: { slug: 'speaker' }, organisation: null },
    { surface: 'Example Office', person: null, organisation: { slug: 'office' } },
  ])
  expect(rest).toEqual([
    {
      __typename: 'QuotationBlock',
      position: 3,
      text: 'We stay.',
      quotation: {
        direct: true,
        roleAsPrinted: 'the spokesperson',
        via: 'a readout of the Example Office',
        viaOrganisation: { slug: 'office' },
        speaker: { __typename: 'Person', slug: 'speaker' },
      },
    },
    {
      __typename: 'QuotationBlock',
      position: 4,
      text: 'Nothing is decided.',
      quotation: {
        direct: false,
        roleAsPrinted: null,
        via: null,
        viaOrganisation: null,
        speaker: { __typename: 'Organisation', slug: 'office' },
      },
    },
    { __typename: 'ImageBlock', position: 5, image: { url: 'https://pictures.example/a.jpg' } },
    {
      __typename: 'EmbedBlock',
      position: 6,
      embed: {
        provider: 'X',
        url: 'https://x.example/1',
        handle: '@example',
        text: 'Hello',
        postedAt: '1970-01-01T00:00:00.000Z',
      },
    },
  ])
})
