import { builder } from '../graphql/builder.ts'
import { articleGlobalId } from '../syndication/article-json.ts'
import type {
  ArticleBlock,
  LicensedArticle as ArticleData,
  ArticleEmbed,
  ArticleMention,
  ArticleQuotation,
  LicensedEntity as EntityData,
  LicensedImage as ImageData,
  LicensedEntityWithRoles,
} from '../syndication/licensed-article.ts'
import { directionOf } from '../text/direction.ts'

// The licensed version of an article. These types do not read the database: they show the output of `project`.

export const LicensedArticle = builder.objectRef<ArticleData>('LicensedArticle')

const LicensedEntity = builder.objectRef<EntityData>('LicensedEntity').implement({
  description: 'A person or an organisation that an article names.',
  fields: (t) => ({
    id: t.globalID({
      description: 'The id of the Person or Organisation.',
      resolve: ({ kind, id }) => ({ type: kind === 'PERSON' ? 'Person' : 'Organisation', id }),
    }),
    kind: t.field({
      type: EntityKind,
      description: 'Whether it is a person or an organisation.',
      resolve: ({ kind }) => kind,
    }),
    slug: t.exposeString('slug', { description: 'The slug in URLs.' }),
    name: t.exposeString('name', { description: 'The canonical name.' }),
  }),
})

const EntityKind = builder.enumType('EntityKind', {
  description: 'The kind of entity.',
  values: {
    PERSON: { description: 'A person.' },
    ORGANISATION: { description: 'An organisation.' },
  } as const,
})

const LicensedImage = builder.objectRef<ImageData>('LicensedImage').implement({
  description: 'An image that you may use, with its credit.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'The absolute URL.' }),
    alt: t.exposeString('alt', {
      nullable: true,
      description: 'The alternative text.',
    }),
    caption: t.exposeString('caption', { nullable: true, description: 'The caption.' }),
    credit: t.exposeString('credit', {
      nullable: true,
      description: 'The credit line, which must be printed with the image.',
    }),
    photographer: t.exposeString('photographer', {
      nullable: true,
      description: 'The photographer or artist.',
    }),
    agency: t.exposeString('agency', { nullable: true, description: 'The agency that holds the rights.' }),
    usageTerms: t.exposeString('usageTerms', {
      nullable: true,
      description: 'The usage terms that came with the image.',
    }),
  }),
})

const LicensedMention = builder.objectRef<ArticleMention>('LicensedMention').implement({
  description: 'A mention of a person or organisation in a text.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'The start offset, in UTF-16 code units.' }),
    end: t.exposeInt('end', { description: 'The end offset, exclusive.' }),
    surface: t.exposeString('surface', { description: 'The name as printed.' }),
    roleAsPrinted: t.exposeString('roleAsPrinted', {
      nullable: true,
      description: 'The role printed next to the name.',
    }),
    entity: t.field({
      type: LicensedEntity,
      description: 'The person or organisation.',
      resolve: ({ entity }) => entity,
    }),
  }),
})

const LicensedQuotation = builder.objectRef<ArticleQuotation>('LicensedQuotation').implement({
  description: 'The speaker of a quotation, and how the words are reported.',
  fields: (t) => ({
    speaker: t.field({
      type: LicensedEntity,
      nullable: true,
      description: 'The speaker.',
      resolve: (q) => q.speaker,
    }),
    roleAsPrinted: t.exposeString('roleAsPrinted', {
      nullable: true,
      description: 'The role of the speaker, as printed.',
    }),
    direct: t.exposeBoolean('direct', { description: 'True for direct speech, false for reported speech.' }),
    via: t.exposeString('via', {
      nullable: true,
      description: 'The source that relayed the words, as printed.',
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

type Block = ArticleBlock<ImageData>

const LicensedBlock = builder.objectRef<Block>('LicensedBlock').implement({
  description: 'A block of the body. The kind determines which fields have a value.',
  fields: (t) => ({
    kind: t.field({
      type: LicensedBlockKind,
      description: 'The kind of block.',
      resolve: ({ kind }) => kind,
    }),
    text: t.string({
      nullable: true,
      description: 'The text of a paragraph, heading or quotation.',
      resolve: (block) => ('text' in block ? block.text : null),
    }),
    level: t.int({
      nullable: true,
      description: 'The level of a heading, from 2 to 6.',
      resolve: (block) => (block.kind === 'HEADING' ? block.level : null),
    }),
    mentions: t.field({
      type: [LicensedMention],
      description: 'The mentions of people and organisations in the text, in reading order.',
      resolve: (block) => ('mentions' in block ? block.mentions : []),
    }),
    quotation: t.field({
      type: LicensedQuotation,
      nullable: true,
      description: 'The speaker of a quotation.',
      resolve: (block) => (block.kind === 'QUOTATION' ? block.quotation : null),
    }),
    image: t.field({
      type: LicensedImage,
      nullable: true,
      description: 'The image of an image block.',
      resolve: (block) => (block.kind === 'IMAGE' ? block.image : null),
    }),
    embed: t.field({
      type: LicensedEmbed,
      nullable: true,
      description: 'The post of an embed block.',
      resolve: (block) => (block.kind === 'EMBED' ? block.embed : null),
    }),
  }),
})

const LicensedPerson = builder.objectRef<LicensedEntityWithRoles>('LicensedPerson').implement({
  description: 'A person that an article names.',
  fields: (t) => ({
    person: t.field({ type: LicensedEntity, description: 'The person.', resolve: (person) => person }),
    rolesAsPrinted: t.exposeStringList('rolesAsPrinted', {
      description: 'The roles of the person, as printed.',
    }),
  }),
})

type Correction = ArticleData['corrections'][number]

const LicensedCorrection = builder.objectRef<Correction>('LicensedCorrection').implement({
  description: 'A correction notice, which must be shown to readers.',
  fields: (t) => ({
    kind: t.string({
      description: 'The kind: CORRECTION, CLARIFICATION, UPDATE or RETRACTION.',
      resolve: ({ kind }) => kind,
    }),
    text: t.exposeString('text', { description: 'The text that readers see.' }),
    version: t.exposeInt('version', { description: 'The version that contains the correction.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the correction was published.' }),
  }),
})

const LicensedTopic = builder.objectRef<{ slug: string; label: string }>('LicensedTopic').implement({
  description: 'The topic of an article.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'The slug in URLs.' }),
    name: t.exposeString('label', { description: 'The name that readers see.' }),
  }),
})

LicensedArticle.implement({
  description: 'The licensed version of an article. Parts that your licence does not cover are left out.',
  fields: (t) => ({
    id: t.id({ description: 'The id of the Article.', resolve: ({ id }) => articleGlobalId(id) }),
    slug: t.exposeString('slug', { description: 'The slug of the article in URLs.' }),
    url: t.exposeString('url', { description: 'The URL of the original page.' }),
    language: t.exposeString('language', { description: 'The language, as a BCP 47 tag.' }),
    direction: t.string({
      description: 'The text direction: LTR or RTL.',
      resolve: ({ language }) => directionOf(language),
    }),
    version: t.exposeInt('version', { description: 'The number of the version, from 1.' }),
    kicker: t.exposeString('kicker', { nullable: true, description: 'The label above the headline.' }),
    headline: t.exposeString('headline', { description: 'The headline.' }),
    standfirst: t.exposeString('standfirst', {
      nullable: true,
      description: 'The summary below the headline.',
    }),
    dateline: t.string({
      nullable: true,
      description: 'The place of filing, as printed.',
      resolve: ({ dateline }) => dateline?.text ?? null,
    }),
    byline: t.exposeString('byline', { nullable: true, description: 'The authors, as printed.' }),
    topic: t.field({
      type: LicensedTopic,
      nullable: true,
      description: 'The topic.',
      resolve: ({ topic }) => topic,
    }),
    publishedAt: t.expose('publishedAt', {
      type: 'DateTime',
      description: 'When the article was published.',
    }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When the content that readers see last changed.',
    }),
    leadImage: t.field({
      type: LicensedImage,
      nullable: true,
      description: 'The main image.',
      resolve: ({ leadImage }) => leadImage,
    }),
    hasFullText: t.exposeBoolean('hasFullText', { description: 'Whether your licence includes the body.' }),
    body: t.field({
      type: [LicensedBlock],
      description:
        'The blocks of the body, in reading order. Empty if your licence does not include the body.',
      complexity: { field: 1, multiplier: 20 },
      resolve: ({ body }) => body,
    }),
    people: t.field({
      type: [LicensedPerson],
      description: 'The people that your version names.',
      resolve: ({ people }) => people,
    }),
    organisations: t.field({
      type: [LicensedEntity],
      description: 'The organisations that your version names.',
      resolve: ({ organisations }) => organisations,
    }),
    corrections: t.field({
      type: [LicensedCorrection],
      description: 'The correction notices, newest first. They must be shown to readers.',
      resolve: ({ corrections }) => corrections,
    }),
    attribution: t.exposeString('attribution', {
      nullable: true,
      description: 'The attribution line, which must be printed with the article.',
    }),
  }),
})
