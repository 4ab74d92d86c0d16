import { builder } from '../graphql/builder.ts'

// A story's body: an ordered list of typed blocks. Clients switch on __typename; a kind they do not
// know can be skipped without losing the order of the rest.

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
    text: t.string({ description: 'The words.', resolve: ({ text }) => text ?? '' }),
    mentions: t.relation('mentions', { query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'Heading',
  description: 'A heading inside the story.',
  interfaces: [Block],
  fields: (t) => ({
    text: t.string({ description: 'The words.', resolve: ({ text }) => text ?? '' }),
    level: t.int({ description: 'From 2 to 6.', resolve: ({ level }) => level ?? 2 }),
    mentions: t.relation('mentions', { query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'QuotationBlock',
  description: 'Words that somebody said, with who said them.',
  interfaces: [Block],
  fields: (t) => ({
    text: t.string({ description: 'The words, without quotation marks.', resolve: ({ text }) => text ?? '' }),
    quotation: t.relation('quotation', { nullable: false, onNull: 'error' }),
    mentions: t.relation('mentions', { query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'ImageBlock',
  description: 'A picture inside the story.',
  interfaces: [Block],
  fields: (t) => ({
    image: t.relation('image', { nullable: true }),
  }),
})

builder.prismaObject('Block', {
  variant: 'EmbedBlock',
  description: 'A post on a social network.',
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
    description: 'The body, block by block.',
    query: { orderBy: { position: 'asc' } },
    complexity: { field: 1, multiplier: 20 },
  }),
)

builder.prismaObjectField('Article', 'mentions', (t) =>
  t.relation('mentions', {
    description: 'Every place in the body where a person or an organisation is named, in reading order.',
    query: { orderBy: [{ block: { position: 'asc' } }, { start: 'asc' }] },
    complexity: { field: 1, multiplier: 20 },
  }),
)

function inTextOrder() {
  return { orderBy: { start: 'asc' } } as const
}
