import { builder } from '../graphql/builder.ts'
import { selecting } from '../graphql/connections.ts'
import { type Selected, selectedColumns } from '../graphql/selected-fields.ts'
import { Embed, embedColumns } from './embed.ts'
import { Organisation } from './organisation.ts'
import { Person } from './person.ts'

// The body of an article: an ordered list of typed blocks. Clients switch on __typename and may skip blocks
// of an unknown type.

export const Block = builder.prismaInterface('Block', {
  name: 'Block',
  select: { kind: true },
  resolveType: ({ kind }) => typeOfKind[kind],
  fields: (t) => ({
    kind: t.expose('kind', { type: BlockKind, ...describeBlock.kind }),
    position: t.exposeInt('position'),
  }),
})

export const BlockKind = builder.enumType('BlockKind', {
  description: 'The kind of block.',
  values: {
    PARAGRAPH: { description: 'A paragraph.' },
    HEADING: { description: 'A heading.' },
    QUOTATION: { description: 'A quotation.' },
    IMAGE: { description: 'An image.' },
    EMBED: { description: 'A social media post.' },
  } as const,
})

/** The descriptions of the fields that the blocks of an article and of its licensed version have. */
export const describeBlock = {
  kind: { description: 'The kind of block.' },
  text: { description: 'The text.' },
  quotedText: { description: 'The quoted text, without quotation marks.' },
  level: { description: 'The level of the heading, from 2 to 6.' },
  quotation: { description: 'The speaker, and how the words are reported.' },
  mentions: { description: 'The mentions of people and organisations in the text, in reading order.' },
} as const

/** The text of a block of a kind that always has one. */
const blockText = {
  select: { text: true },
  resolve: ({ text }: { text: string | null }) => text ?? '',
} as const

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
  select: { kind: true },
  fields: (t) => ({
    text: t.string({ ...describeBlock.text, ...blockText }),
    mentions: t.relation('mentions', { ...describeBlock.mentions, query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'Heading',
  description: 'A heading in the body.',
  interfaces: [Block],
  select: { kind: true },
  fields: (t) => ({
    text: t.string({ ...describeBlock.text, ...blockText }),
    level: t.int({ ...describeBlock.level, select: { level: true }, resolve: ({ level }) => level ?? 2 }),
    mentions: t.relation('mentions', { ...describeBlock.mentions, query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'QuotationBlock',
  description: 'A quotation with its speaker.',
  interfaces: [Block],
  select: { kind: true },
  fields: (t) => ({
    text: t.string({ ...describeBlock.quotedText, ...blockText }),
    quotation: t.relation('quotation', { ...describeBlock.quotation, nullable: false, onNull: 'error' }),
    mentions: t.relation('mentions', { ...describeBlock.mentions, query: inTextOrder }),
  }),
})

builder.prismaObject('Block', {
  variant: 'ImageBlock',
  description: 'An image in the body.',
  interfaces: [Block],
  select: { kind: true },
  fields: (t) => ({
    image: t.relation('image', { nullable: true }),
  }),
})

builder.prismaObject('Block', {
  variant: 'EmbedBlock',
  description: 'An embedded social media post.',
  interfaces: [Block],
  select: { kind: true },
  fields: (t) => ({
    embed: t.field({
      type: Embed,
      description: 'The post.',
      select: (_args, _context, _nested, selected?: Selected) => ({
        embed: { select: selectedColumns(embedColumns, selected) },
      }),
      resolve: ({ embed }) => {
        if (!embed) throw new Error('an embed block has no post')
        return embed
      },
    }),
  }),
})

builder.prismaObject('Mention', {
  select: {},
  fields: (t) => ({
    start: t.exposeInt('start'),
    end: t.exposeInt('end'),
    surface: t.exposeString('surface'),
    roleAsPrinted: t.exposeString('roleAsPrinted', { nullable: true }),
    person: t.field({
      type: Person,
      nullable: true,
      description: 'The person; null for an organisation.',
      select: (_args, _context, nested) => ({ entity: selecting(nested, { kind: true } as const) }),
      resolve: ({ entity }) => (entity.kind === 'PERSON' ? entity : null),
    }),
    organisation: t.field({
      type: Organisation,
      nullable: true,
      description: 'The organisation; null for a person.',
      select: (_args, _context, nested) => ({ entity: selecting(nested, { kind: true } as const) }),
      resolve: ({ entity }) => (entity.kind === 'ORGANISATION' ? entity : null),
    }),
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
