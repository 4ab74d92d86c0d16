import { builder } from '../graphql/builder.ts'
import type { BlockJson, MentionJson, QuotationJson } from '../syndication/article-json.ts'
import type { ArticleEmbed } from '../syndication/licensed-article.ts'
import { LicensedEntity } from './licensed-entity.ts'
import { LicensedImage } from './licensed-image.ts'

// The body of a licensed version.

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
    entity: t.expose('entity', { type: LicensedEntity, description: 'The person or organisation.' }),
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
      type: LicensedEntity,
      nullable: true,
      description: 'The organisation that relayed the words, if it is known.',
    }),
  }),
})

const LicensedEmbed = builder.objectRef<ArticleEmbed>('LicensedEmbed').implement({
  description: 'An embedded social media post.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'The network.' }),
    url: t.exposeString('url', { description: 'The URL of the post.' }),
    authorName: t.exposeString('authorName', {
      nullable: true,
      description: 'The display name of the author on the network.',
    }),
    handle: t.exposeString('handle', {
      nullable: true,
      description: 'The account of the author on the network.',
    }),
    text: t.exposeString('text', { nullable: true, description: 'The text of the post.' }),
    postedAt: t.expose('postedAt', { type: 'DateTime', nullable: true, description: 'When it was posted.' }),
  }),
})

const LicensedBlockKind = builder.enumType('LicensedBlockKind', {
  description: 'The kind of block.',
  values: {
    PARAGRAPH: { description: 'A paragraph.' },
    HEADING: { description: 'A heading.' },
    QUOTATION: { description: 'A quotation.' },
    IMAGE: { description: 'An image.' },
    EMBED: { description: 'A social media post.' },
  } as const,
})

export const LicensedBlock = builder.objectRef<BlockJson>('LicensedBlock').implement({
  description: 'A block of the body. The kind determines which fields have a value.',
  fields: (t) => ({
    kind: t.expose('kind', { type: LicensedBlockKind, description: 'The kind of block.' }),
    text: t.exposeString('text', {
      nullable: true,
      description: 'The text of a paragraph, heading or quotation.',
    }),
    level: t.exposeInt('level', { nullable: true, description: 'The level of a heading, from 2 to 6.' }),
    mentions: t.expose('mentions', {
      type: [LicensedMention],
      description: 'The mentions of people and organisations in the text, in reading order.',
    }),
    quotation: t.expose('quotation', {
      type: LicensedQuotation,
      nullable: true,
      description: 'The speaker of a quotation.',
    }),
    image: t.expose('image', {
      type: LicensedImage,
      nullable: true,
      description: 'The image of an image block.',
    }),
    embed: t.expose('embed', {
      type: LicensedEmbed,
      nullable: true,
      description: 'The post of an embed block.',
    }),
  }),
})
