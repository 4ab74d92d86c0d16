import { builder } from '../graphql/builder.ts'

// The body of an article: an ordered list of typed blocks. Clients switch on __typename and may skip blocks
// of an unknown type.

export const Block = builder.prismaInterface('Block', {
  name: 'Block',
  resolveType: ({ kind }) => typeOfKind[kind],
  fields: (t) => ({
    position: t.exposeInt('position'),
  }),
})

const typeOfKind = {
  PARAGRAPH: 'Paragraph',
  HEADING: 'Heading',
  QUOTATION: 'QuotationBlock',
  IMAGE: 'ImageBlock',
  EMBED: 'EmbedBlock',
} as const

builder.prismaObject('Block', {
  variant: 'Paragraph',
  description: 'A paragraph of plain text.',
  interfaces: [Block],
  fields: (t) => ({
    text: t.string({ description: 'The text.', resolve: ({ text }) => text ?? '' }),
    mentions: t.relation('mentions', { query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'Heading',
  description: 'A heading in the body.',
  interfaces: [Block],
  fields: (t) => ({
    text: t.string({ description: 'The text.', resolve: ({ text }) => text ?? '' }),
    level: t.int({
      description: 'The level of the heading, from 2 to 6.',
      resolve: ({ level }) => level ?? 2,
    }),
    mentions: t.relation('mentions', { query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'QuotationBlock',
  description: 'A quotation with its speaker.',
  interfaces: [Block],
  fields: (t) => ({
    text: t.string({
      description: 'The quoted text, without quotation marks.',
      resolve: ({ text }) => text ?? '',
    }),
    quotation: t.relation('quotation', { nullable: false, onNull: 'error' }),
    mentions: t.relation('mentions', { query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'ImageBlock',
  description: 'An image in the body.',
  interfaces: [Block],
  fields: (t) => ({
    image: t.relation('image', { nullable: true }),
  }),
})

builder.prismaObject('Block', {
  variant: 'EmbedBlock',
  description: 'An embedded social media post.',
  interfaces: [Block],
  fields: (t) => ({
    embed: t.relation('embed', { nullable: false, onNull: 'error' }),
  }),
})

builder.prismaObject('Embed', {
  fields: (t) => ({
    provider: t.exposeString('provider'),
    url: t.exposeString('url'),
    authorName: t.exposeString('authorName', { nullable: true }),
    handle: t.exposeString('handle', { nullable: true }),
    text: t.exposeString('text', { nullable: true }),
    postedAt: t.expose('postedAt', { type: 'DateTime', nullable: true }),
  }),
})

builder.prismaObject('Mention', {
  fields: (t) => ({
    start: t.exposeInt('start'),
    end: t.exposeInt('end'),
    surface: t.exposeString('surface'),
    roleAsPrinted: t.exposeString('roleAsPrinted', { nullable: true }),
    person: t.relation('person', { nullable: true }),
    organisation: t.relation('organisation', { nullable: true }),
    block: t.relation('block'),
  }),
})

builder.prismaObjectField('Article', 'body', (t) =>
  t.relation('blocks', {
    description: 'The blocks of the body, in reading order.',
    query: { orderBy: { position: 'asc' } },
    complexity: { field: 1, multiplier: 20 },
  }),
)

builder.prismaObjectField('Article', 'mentions', (t) =>
  t.relation('mentions', {
    description: 'The mentions of people and organisations in the body, in reading order.',
    query: { orderBy: [{ block: { position: 'asc' } }, { start: 'asc' }] },
    complexity: { field: 1, multiplier: 20 },
  }),
)

function inTextOrder() {
  return { orderBy: { start: 'asc' } } as const
}
