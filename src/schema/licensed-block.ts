import { builder } from '../graphql/builder.ts'
import type { BlockJson, MentionJson, QuotationJson } from '../syndication/article-json.ts'
import { BlockKind, describeBlock } from './article-body.ts'
import { Embed } from './embed.ts'
import { LicensedEntity, LicensedOrganisation, LicensedPerson } from './licensed-entity.ts'
import { LicensedImage } from './licensed-image.ts'

// The body of a licensed version. Each type has the fields of its counterpart in article-body.ts.

type BlockOf<Kind extends BlockJson['kind']> = Extract<BlockJson, { kind: Kind }>

export const LicensedBlock = builder.interfaceRef<BlockJson>('LicensedBlock').implement({
  description: 'A block of the body of a licensed version.',
  resolveType: ({ kind }) => typeOfKind[kind],
  fields: (t) => ({
    kind: t.expose('kind', { type: BlockKind, ...describeBlock.kind }),
    position: t.exposeInt('position', {
      description: 'The position of the block in the licensed version, from 1.',
    }),
  }),
})

const typeOfKind = {
  PARAGRAPH: 'LicensedParagraph',
  HEADING: 'LicensedHeading',
  QUOTATION: 'LicensedQuotationBlock',
  IMAGE: 'LicensedImageBlock',
  EMBED: 'LicensedEmbedBlock',
} as const

const LicensedMention = builder.objectRef<MentionJson>('LicensedMention').implement({
  description: 'A mention of a person or organisation in a text.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'The start offset, in UTF-16 code units.' }),
    end: t.exposeInt('end', { description: 'The end offset, exclusive.' }),
    surface: t.exposeString('surface', { description: 'The name as printed.' }),
    roleAsPrinted: t.exposeString('roleAsPrinted', {
      nullable: true,
      description: 'The role printed next to the name.',
    }),
    person: t.expose('person', {
      type: LicensedPerson,
      nullable: true,
      description: 'The person; null for an organisation.',
    }),
    organisation: t.expose('organisation', {
      type: LicensedOrganisation,
      nullable: true,
      description: 'The organisation; null for a person.',
    }),
  }),
})

const LicensedQuotation = builder.objectRef<QuotationJson>('LicensedQuotation').implement({
  description: 'The speaker of a quotation, and how the words are reported.',
  fields: (t) => ({
    speaker: t.expose('speaker', { type: LicensedEntity, nullable: true, description: 'The speaker.' }),
    roleAsPrinted: t.exposeString('roleAsPrinted', {
      nullable: true,
      description: 'The role of the speaker, as printed.',
    }),
    direct: t.exposeBoolean('direct', { description: 'True for direct speech, false for reported speech.' }),
    via: t.exposeString('via', {
      nullable: true,
      description: 'The source that relayed the words, as printed.',
    }),
    viaOrganisation: t.expose('viaOrganisation', {
      type: LicensedOrganisation,
      nullable: true,
      description: 'The organisation that relayed the words, if it is known.',
    }),
  }),
})

builder.objectRef<BlockOf<'PARAGRAPH'>>('LicensedParagraph').implement({
  description: 'A paragraph of plain text.',
  interfaces: [LicensedBlock],
  fields: (t) => ({
    text: t.exposeString('text', describeBlock.text),
    mentions: t.expose('mentions', { type: [LicensedMention], ...describeBlock.mentions }),
  }),
})

builder.objectRef<BlockOf<'HEADING'>>('LicensedHeading').implement({
  description: 'A heading in the body.',
  interfaces: [LicensedBlock],
  fields: (t) => ({
    text: t.exposeString('text', describeBlock.text),
    level: t.exposeInt('level', describeBlock.level),
    mentions: t.expose('mentions', { type: [LicensedMention], ...describeBlock.mentions }),
  }),
})

builder.objectRef<BlockOf<'QUOTATION'>>('LicensedQuotationBlock').implement({
  description: 'A quotation with its speaker.',
  interfaces: [LicensedBlock],
  fields: (t) => ({
    text: t.exposeString('text', describeBlock.quotedText),
    quotation: t.expose('quotation', { type: LicensedQuotation, ...describeBlock.quotation }),
    mentions: t.expose('mentions', { type: [LicensedMention], ...describeBlock.mentions }),
  }),
})

builder.objectRef<BlockOf<'IMAGE'>>('LicensedImageBlock').implement({
  description: 'An image in the body.',
  interfaces: [LicensedBlock],
  fields: (t) => ({
    image: t.expose('image', { type: LicensedImage, nullable: true, description: 'The image.' }),
  }),
})

builder.objectRef<BlockOf<'EMBED'>>('LicensedEmbedBlock').implement({
  description: 'An embedded social media post.',
  interfaces: [LicensedBlock],
  fields: (t) => ({
    embed: t.expose('embed', { type: Embed, description: 'The post.' }),
  }),
})
