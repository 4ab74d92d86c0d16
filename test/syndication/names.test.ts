import { describe, expect, test } from 'vitest'
import { noTerms, type Terms } from '../../src/licensing/terms.ts'
import { mergeAppearances } from '../../src/syndication/appearances.ts'
import type {
  ArticleBlock,
  EntityAppearance,
  FullArticle,
  ImageWithRights,
  LicensedArticle,
  LicensedEntity,
} from '../../src/syndication/licensed-article.ts'
import { project } from '../../src/syndication/project.ts'
import { noTexts } from '../support/texts.ts'

// What a version of a story still tells when a part of it was taken away.

const NOW = new Date('2026-02-01T00:00:00Z')
const everything: Terms = {
  ...noTerms,
  topics: ['*'],
  sections: ['*'],
  languages: ['*'],
  fullText: true,
  quotations: true,
  embeds: true,
}

const person = (id: string, name: string): LicensedEntity => ({ kind: 'PERSON', id, slug: id, name })
const ali = person('ali', 'Ali')
const eve = person('eve', 'Eve Example')
const desk: LicensedEntity = { kind: 'ORGANISATION', id: 'desk', slug: 'desk', name: 'Desk' }

const picture: ImageWithRights = {
  url: 'https://pictures.example/one.jpg',
  alt: null,
  caption: null,
  photographer: null,
  agency: null,
  credit: null,
  usageTerms: null,
  syndicatable: true,
  partners: [],
}

const plain: FullArticle = {
  id: 'story',
  slug: 'story',
  url: 'https://news.example/story',
  language: 'en',
  version: 1,
  ...noTexts,
  headline: 'A headline',
  dateline: null,
  topic: null,
  publishedAt: new Date('2026-01-01T00:00:00Z'),
  updatedAt: new Date('2026-01-01T00:00:00Z'),
  corrections: [],
  status: 'USABLE',
  embargoedUntil: null,
  leadImage: null,
  body: [],
  people: [],
  organisations: [],
}

function paragraph(text: string, ...who: LicensedEntity[]): ArticleBlock<ImageWithRights> {
  const mentions = who.map((entity) => {
    const start = text.indexOf(entity.name)
    return { start, end: start + entity.name.length, surface: entity.name, roleAsPrinted: null, entity }
  })
  return { kind: 'PARAGRAPH', text, mentions }
}

function quotation(text: string, quoted: Partial<SaidBy> = {}): ArticleBlock<ImageWithRights> {
  const nobody = { speaker: null, roleAsPrinted: null, direct: true, via: null, viaOrganisation: null }
  return { kind: 'QUOTATION', text, mentions: [], quotation: { ...nobody, ...quoted } }
}

type SaidBy = Extract<ArticleBlock<ImageWithRights>, { kind: 'QUOTATION' }>['quotation']

function named(
  entity: LicensedEntity,
  namedIn: EntityAppearance['namedIn'] = 'ARTICLE',
  ...rolesAsPrinted: string[]
): EntityAppearance {
  return { entity, namedIn, rolesAsPrinted }
}

function versionOf(story: Partial<FullArticle>, terms: Partial<Terms> = {}): LicensedArticle {
  const audience = { kind: 'partner', id: '', slug: 'wire', terms: { ...everything, ...terms } } as const
  return project({ ...plain, ...story }, audience, NOW) as LicensedArticle
}

const names = ({ people, organisations }: LicensedArticle) =>
  [...people, ...organisations].map(({ entity }) => entity.name)

const refused = { ...picture, syndicatable: false }
/** A quotation that nobody has a right to, so that something is taken. */
const taken = quotation('Taken.')
const NO_QUOTATIONS = { quotations: false }

describe('whoever is named', () => {
  test.each<[string, Partial<FullArticle>, boolean]>([
    ['in nothing that is left is not in the lists', { body: [taken] }, false],
    ['in the headline stays', { headline: 'Ali returns', body: [taken] }, true],
    ['in the kicker stays', { kicker: 'By Ali', body: [taken] }, true],
    ['in the standfirst stays', { standfirst: 'It was Ali.', body: [taken] }, true],
    ['in the byline stays', { byline: 'Ali, London', body: [taken] }, true],
    ['in the dateline stays', { dateline: { text: 'Ali', place: null, region: null }, body: [taken] }, true],
    ['in a paragraph stays', { body: [taken, paragraph('Ali went.')] }, true],
    ['in a longer word does not', { body: [taken, paragraph('Alicante, Kali and Ali2.')] }, false],
    ['beside signs stays', { body: [taken, paragraph('“Ali’s”')] }, true],
    ['in a caption stays', { leadImage: { ...picture, caption: 'Ali waves' }, body: [taken] }, true],
    ['in a credit stays', { leadImage: { ...picture, credit: 'Ali/Desk' }, body: [taken] }, true],
    ['as a photographer stays', { leadImage: { ...picture, photographer: 'Ali' }, body: [taken] }, true],
    ['as an agency stays', { leadImage: { ...picture, agency: 'Ali' }, body: [taken] }, true],
    [
      'under a picture in the body stays',
      { body: [taken, { kind: 'IMAGE', image: { ...picture, caption: 'Ali' } }] },
      true,
    ],
    [
      'in a post stays',
      {
        body: [
          taken,
          {
            kind: 'EMBED',
            embed: { provider: 'X', url: '', authorName: 'Ali', handle: null, text: null, postedAt: null },
          },
        ],
      },
      true,
    ],
    [
      'in the words of a post stays',
      {
        body: [
          taken,
          {
            kind: 'EMBED',
            embed: { provider: 'X', url: '', authorName: null, handle: null, text: 'Ali!', postedAt: null },
          },
        ],
      },
      true,
    ],
  ])('%s', (_where, story, isLeft) => {
    expect(names(versionOf({ people: [named(ali)], ...story }, NO_QUOTATIONS))).toEqual(isLeft ? ['Ali'] : [])
  })

  test('as the photographer of a lead picture that was taken goes with it', () => {
    const leadImage = { ...refused, photographer: 'Ali', agency: 'Desk' }
    const story = {
      people: [named(ali, 'CREDIT')],
      organisations: [named(desk, 'CREDIT')],
      body: [paragraph('Nobody.')],
    }
    expect(names(versionOf({ ...story, leadImage }))).toEqual([])
    expect(names(versionOf({ ...story, leadImage: { ...leadImage, syndicatable: true } }))).toEqual([
      'Ali',
      'Desk',
    ])
  })

  test('stays although nothing prints the name, where nothing was taken', () => {
    expect(names(versionOf({ people: [named(ali)], body: [paragraph('Somebody.')] }))).toEqual(['Ali'])
  })

  test('in the byline stays, however it is printed there', () => {
    const story = { people: [named(ali, 'BYLINE')], byline: 'By A.', body: [taken] }
    expect(names(versionOf(story, NO_QUOTATIONS))).toEqual(['Ali'])
  })

  test('by a mention in what is left stays, under another name', () => {
    const mention = { start: 0, end: 3, surface: 'She', roleAsPrinted: null, entity: eve }
    const left: ArticleBlock<ImageWithRights> = {
      kind: 'HEADING',
      level: 2,
      text: 'She won',
      mentions: [mention],
    }
    expect(names(versionOf({ people: [named(eve)], body: [taken, left] }, NO_QUOTATIONS))).toEqual([
      'Eve Example',
    ])
  })

  test('by another name that the taken part spells stays, where what is left prints that', () => {
    const alias: ArticleBlock<ImageWithRights> = {
      ...quotation('E. Ex. said so'),
      mentions: [{ start: 0, end: 6, surface: 'E. Ex.', roleAsPrinted: null, entity: eve }],
    } as ArticleBlock<ImageWithRights>
    const story = { people: [named(eve)], body: [alias, paragraph('It was E. Ex. again.')] }
    expect(names(versionOf(story, NO_QUOTATIONS))).toEqual(['Eve Example'])
    expect(names(versionOf({ ...story, body: [alias] }, NO_QUOTATIONS))).toEqual([])
  })

  test('as a speaker, or as who relayed the words, stays with the quotation', () => {
    const said = quotation('Words.', { speaker: ali, viaOrganisation: desk })
    const embed: ArticleBlock<ImageWithRights> = {
      kind: 'EMBED',
      embed: { provider: 'X', url: '', authorName: null, handle: null, text: null, postedAt: null },
    }
    const story = { people: [named(ali)], organisations: [named(desk)], body: [embed, said] }
    expect(names(versionOf(story, { embeds: false }))).toEqual(['Ali', 'Desk'])
    expect(names(versionOf(story, { quotations: false }))).toEqual([])
  })

  test.each(['roleAsPrinted', 'via'] as const)('in the %s of a quotation that is left stays', (field) => {
    const story = {
      people: [named(ali)],
      body: [quotation('Words.', { [field]: 'friend of Ali' }), { kind: 'IMAGE', image: refused } as const],
    }
    expect(names(versionOf(story))).toEqual(['Ali'])
  })
})

test('everybody is listed once for each part of the article, and feeds merge the parts and their roles', () => {
  const people = [
    named(ali, 'ARTICLE', 'mayor'),
    named(eve, 'ARTICLE', 'judge'),
    named(ali, 'CAPTION', 'mayor', 'host'),
  ]
  expect(versionOf({ people }).people).toEqual(people)
  expect(mergeAppearances(people)).toEqual([
    { ...ali, rolesAsPrinted: ['mayor', 'host'] },
    { ...eve, rolesAsPrinted: ['judge'] },
  ])
})

describe('the parts of an article that name somebody', () => {
  const photographed = { ...refused, photographer: 'Ali', credit: 'Ali / Desk', caption: 'Ali waves' }
  const everywhere = [named(ali), named(ali, 'CAPTION'), named(ali, 'CREDIT'), named(ali, 'BYLINE')]
  const partsOf = ({ people }: LicensedArticle) => people.map(({ namedIn }) => namedIn)

  test('are not those of an image that was taken away', () => {
    const story = { people: everywhere, body: [paragraph('Ali went.')], byline: 'Ali' }
    expect(partsOf(versionOf({ ...story, leadImage: photographed }))).toEqual(['ARTICLE', 'BYLINE'])
    expect(partsOf(versionOf({ ...story, leadImage: { ...photographed, syndicatable: true } }))).toEqual([
      'ARTICLE',
      'CAPTION',
      'CREDIT',
      'BYLINE',
    ])
  })

  test('are not the text, where only a quotation named them that was taken away', () => {
    const leadImage = { ...picture, caption: 'Ali waves' }
    const story = { people: everywhere.slice(0, 2), leadImage, body: [quotation('Words.', { speaker: ali })] }
    expect(partsOf(versionOf(story, NO_QUOTATIONS))).toEqual(['CAPTION'])
    expect(partsOf(versionOf(story))).toEqual(['ARTICLE', 'CAPTION'])
  })

  test('are those that print the name, where the part that was listed is taken away', () => {
    const story = {
      people: [named(ali, 'CREDIT', 'photographer')],
      kicker: 'By Ali',
      leadImage: photographed,
    }
    expect(versionOf(story).people).toEqual([named(ali, 'ARTICLE')])
  })
})

test('of the roles those are left that what is left prints, in whatever letters', () => {
  const people = [named(ali, 'ARTICLE', 'Mayor of Paris', 'judge', 'host')]
  const body = [taken, paragraph('Ali, mayor of Paris, was a ghost.')]
  expect(versionOf({ people, body }, NO_QUOTATIONS).people).toEqual([named(ali, 'ARTICLE', 'Mayor of Paris')])
})

describe('what a partner gets', () => {
  test('has what its licence says of the body, in its order', () => {
    const embed = { provider: 'X', url: '', authorName: null, handle: null, text: null, postedAt: null }
    const body: ArticleBlock<ImageWithRights>[] = [
      paragraph('One.'),
      quotation('Two.'),
      { kind: 'IMAGE', image: picture },
      { kind: 'IMAGE', image: { ...refused, url: 'https://pictures.example/two.jpg' } },
      { kind: 'EMBED', embed },
      { kind: 'HEADING', level: 2, text: 'Last.', mentions: [] },
    ]
    const kinds = (terms: Partial<Terms>) => versionOf({ body }, terms).body.map(({ kind }) => kind)
    expect(kinds({})).toEqual(['PARAGRAPH', 'QUOTATION', 'IMAGE', 'EMBED', 'HEADING'])
    expect(kinds({ quotations: false })).toEqual(['PARAGRAPH', 'IMAGE', 'EMBED', 'HEADING'])
    expect(kinds({ embeds: false })).toEqual(['PARAGRAPH', 'QUOTATION', 'IMAGE', 'HEADING'])
    expect(kinds({ fullText: false })).toEqual([])
    expect(versionOf({ body }, { fullText: false }).hasFullText).toBe(false)
    expect(versionOf({ body }).hasFullText).toBe(true)
  })

  test('says nothing of who else may have a picture', () => {
    const version = versionOf({ leadImage: picture, body: [{ kind: 'IMAGE', image: picture }] })
    const { syndicatable, partners, ...shown } = picture
    expect(version.leadImage).toEqual(shown)
    expect(version.body).toEqual([{ kind: 'IMAGE', image: shown }])
    expect(version).not.toHaveProperty('status')
    expect(version).not.toHaveProperty('embargoedUntil')
  })

  test.each([
    ['  From Dateline ', 'From Dateline'],
    [' ', null],
    ['', null],
  ])('carries the attribution %j as %j', (attribution, line) => {
    expect(versionOf({}, { attribution }).attribution).toBe(line)
  })
})

describe('the address of a picture that was refused', () => {
  const body = (text: string) => [{ kind: 'IMAGE', image: refused } as const, paragraph(text, ali)]

  test.each([
    ['See https://pictures.example/one.jpg, Ali', 'See , Ali'],
    ['See HTTP://pictures.example/ONE.jpg, Ali', 'See HTTP://, Ali'],
    ['See pictures.example/one.jpg, Ali', 'See , Ali'],
    ['See pictures.pictures.example/one.jpgexample/one.jpg, Ali', 'See , Ali'],
    ['See pictures.example/another.jpg, Ali', 'See pictures.example/another.jpg, Ali'],
  ])('is taken from "%s", and a mention behind it moves', (text, left) => {
    const [block] = versionOf({ body: body(text), people: [named(ali)] }).body
    expect(block).toMatchObject({ text: left })
    const { mentions } = block as Extract<ArticleBlock<ImageWithRights>, { kind: 'PARAGRAPH' }>
    expect(mentions.map(({ start, end }) => left.slice(start, end))).toEqual(['Ali'])
  })

  test('takes every picture with that address away, also where another right was given to it', () => {
    const version = versionOf({
      leadImage: { ...picture, url: 'https://PICTURES.example/one.jpg' },
      body: body('Nothing.'),
    })
    expect(version.leadImage).toBeNull()
  })

  test('is taken from it as a person would type it', () => {
    const url = 'https://pictures.example/b%C3%BCro.jpg'
    const [block] = versionOf({
      body: [
        { kind: 'IMAGE', image: { ...refused, url } },
        paragraph('At https://pictures.example/büro.jpg.'),
      ],
    }).body
    expect(block).toMatchObject({ text: 'At .' })
  })
})
