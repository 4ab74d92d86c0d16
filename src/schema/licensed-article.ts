import { builder } from '../graphql/builder.ts'
import { storyId } from '../syndication/article-json.ts'
import type {
  NamedEntity,
  Picture,
  StoryBlock,
  StoryEmbed,
  Entity as StoryEntity,
  StoryMention,
  StoryQuotation,
  SyndicatedStory,
} from '../syndication/licensed-article.ts'
import { directionOf } from '../text/direction.ts'

// A story as its asker may have it. None of these types reads the database: they show what `project` left.

export const LicensedStory = builder.objectRef<SyndicatedStory>('LicensedStory')

const Entity = builder.objectRef<StoryEntity>('NamedEntity').implement({
  description: 'A person or an organisation that a story names.',
  fields: (t) => ({
    id: t.globalID({
      description: 'The id of the Person or Organisation.',
      resolve: ({ kind, id }) => ({ type: kind === 'PERSON' ? 'Person' : 'Organisation', id }),
    }),
    kind: t.field({ type: EntityKind, description: 'Which of the two.', resolve: ({ kind }) => kind }),
    slug: t.exposeString('slug', { description: 'Its name in addresses.' }),
    name: t.exposeString('name', { description: 'The name that the newsroom uses.' }),
  }),
})

const EntityKind = builder.enumType('EntityKind', {
  description: 'What bears a name.',
  values: {
    PERSON: { description: 'A person.' },
    ORGANISATION: { description: 'An organisation.' },
  } as const,
})

const LicensedPicture = builder.objectRef<Picture>('LicensedPicture').implement({
  description: 'A picture that you may use, with what must be printed beside it.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Its absolute address.' }),
    alt: t.exposeString('alt', {
      nullable: true,
      description: 'What it shows, for those who cannot see it.',
    }),
    caption: t.exposeString('caption', { nullable: true, description: 'The words under it.' }),
    credit: t.exposeString('credit', {
      nullable: true,
      description: 'The line that must be printed with it.',
    }),
    photographer: t.exposeString('photographer', { nullable: true, description: 'Who took or made it.' }),
    agency: t.exposeString('agency', { nullable: true, description: 'The agency that holds the rights.' }),
    usageTerms: t.exposeString('usageTerms', { nullable: true, description: 'The terms it came with.' }),
  }),
})

const LicensedMention = builder.objectRef<StoryMention>('LicensedMention').implement({
  description: 'Where a text names somebody, in UTF-16 code units.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'Where the name starts, from 0.' }),
    end: t.exposeInt('end', { description: 'The offset after its last code unit.' }),
    surface: t.exposeString('surface', { description: 'The name as the text spells it.' }),
    roleAsPrinted: t.exposeString('roleAsPrinted', { nullable: true, description: 'The role beside it.' }),
    entity: t.field({ type: Entity, description: 'Who is named.', resolve: ({ entity }) => entity }),
  }),
})

const LicensedQuotation = builder.objectRef<StoryQuotation>('LicensedQuotation').implement({
  description: 'Who said the words of a block, and how.',
  fields: (t) => ({
    speaker: t.field({
      type: Entity,
      nullable: true,
      description: 'Who said them.',
      resolve: (q) => q.speaker,
    }),
    roleAsPrinted: t.exposeString('roleAsPrinted', { nullable: true, description: "The speaker's role." }),
    direct: t.exposeBoolean('direct', { description: "True for the speaker's own words." }),
    via: t.exposeString('via', { nullable: true, description: 'Who relayed them, as printed.' }),
  }),
})

const LicensedEmbed = builder.objectRef<StoryEmbed>('LicensedEmbed').implement({
  description: 'A post on a social network.',
  fields: (t) => ({
    provider: t.exposeString('provider', { description: 'The network.' }),
    url: t.exposeString('url', { description: 'The address of the post.' }),
    authorName: t.exposeString('authorName', { nullable: true, description: "The author's name there." }),
    handle: t.exposeString('handle', { nullable: true, description: "The author's account." }),
    text: t.exposeString('text', { nullable: true, description: 'What it says.' }),
    postedAt: t.expose('postedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
  }),
})

const LicensedBlockKind = builder.enumType('LicensedBlockKind', {
  description: 'What a block of a body is.',
  values: {
    PARAGRAPH: { description: 'Text.' },
    HEADING: { description: 'A heading, with a level.' },
    QUOTATION: { description: 'Words that somebody said.' },
    IMAGE: { description: 'A picture.' },
    EMBED: { description: 'A post.' },
  } as const,
})

type Block = StoryBlock<Picture>

const LicensedBlock = builder.objectRef<Block>('LicensedBlock').implement({
  description: 'One piece of a body. Which fields have a value depends on its kind.',
  fields: (t) => ({
    kind: t.field({ type: LicensedBlockKind, description: 'What it is.', resolve: ({ kind }) => kind }),
    text: t.string({
      nullable: true,
      description: 'The words of a paragraph, heading or quotation.',
      resolve: (block) => ('text' in block ? block.text : null),
    }),
    level: t.int({
      nullable: true,
      description: 'The level of a heading, 2 to 6.',
      resolve: (block) => (block.kind === 'HEADING' ? block.level : null),
    }),
    mentions: t.field({
      type: [LicensedMention],
      description: 'Where the words name somebody, in reading order.',
      resolve: (block) => ('mentions' in block ? block.mentions : []),
    }),
    quotation: t.field({
      type: LicensedQuotation,
      nullable: true,
      description: 'Who said the words of a quotation.',
      resolve: (block) => (block.kind === 'QUOTATION' ? block.quotation : null),
    }),
    image: t.field({
      type: LicensedPicture,
      nullable: true,
      description: 'The picture.',
      resolve: (block) => (block.kind === 'IMAGE' ? block.image : null),
    }),
    embed: t.field({
      type: LicensedEmbed,
      nullable: true,
      description: 'The post.',
      resolve: (block) => (block.kind === 'EMBED' ? block.embed : null),
    }),
  }),
})

const NamedPerson = builder.objectRef<NamedEntity>('LicensedPerson').implement({
  description: 'A person whom a story names.',
  fields: (t) => ({
    person: t.field({ type: Entity, description: 'Who.', resolve: (person) => person }),
    rolesAsPrinted: t.exposeStringList('rolesAsPrinted', { description: 'In the words of the story.' }),
  }),
})

type Correction = SyndicatedStory['corrections'][number]

const LicensedCorrection = builder.objectRef<Correction>('LicensedCorrection').implement({
  description: 'A change that readers must be told of.',
  fields: (t) => ({
    kind: t.string({
      description: 'CORRECTION, CLARIFICATION, UPDATE or RETRACTION.',
      resolve: ({ kind }) => kind,
    }),
    text: t.exposeString('text', { description: 'The words that readers see.' }),
    version: t.exposeInt('version', { description: 'The version that carries the change.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When readers were told.' }),
  }),
})

const LicensedTopic = builder.objectRef<{ slug: string; label: string }>('LicensedTopic').implement({
  description: 'The subject that a story is filed under.',
  fields: (t) => ({
    slug: t.exposeString('slug', { description: 'Its name in addresses.' }),
    name: t.exposeString('label', { description: 'What readers are shown.' }),
  }),
})

LicensedStory.implement({
  description: 'A story as you may have it: what your licence does not cover is not in it.',
  fields: (t) => ({
    id: t.id({ description: 'The id of the Article.', resolve: ({ id }) => storyId(id) }),
    slug: t.exposeString('slug', { description: "The story's name in addresses." }),
    url: t.exposeString('url', { description: 'The address of the original page.' }),
    language: t.exposeString('language', { description: 'A BCP 47 tag.' }),
    direction: t.string({
      description: 'Which way the text runs: LTR or RTL.',
      resolve: ({ language }) => directionOf(language),
    }),
    version: t.exposeInt('version', { description: "Counts the story's versions from 1." }),
    kicker: t.exposeString('kicker', { nullable: true, description: 'The label above the headline.' }),
    headline: t.exposeString('headline', { description: 'The title.' }),
    standfirst: t.exposeString('standfirst', { nullable: true, description: 'The summary.' }),
    dateline: t.string({
      nullable: true,
      description: 'Where it was filed from, as printed.',
      resolve: ({ dateline }) => dateline?.text ?? null,
    }),
    byline: t.exposeString('byline', { nullable: true, description: 'Who wrote it, as printed.' }),
    topic: t.field({
      type: LicensedTopic,
      nullable: true,
      description: 'The subject it is filed under.',
      resolve: ({ topic }) => topic,
    }),
    publishedAt: t.expose('publishedAt', { type: 'DateTime', description: 'When it was published.' }),
    updatedAt: t.expose('updatedAt', {
      type: 'DateTime',
      description: 'When what readers see last changed.',
    }),
    leadImage: t.field({
      type: LicensedPicture,
      nullable: true,
      description: 'The picture at its head.',
      resolve: ({ leadImage }) => leadImage,
    }),
    hasFullText: t.exposeBoolean('hasFullText', { description: 'Whether you may have the body.' }),
    body: t.field({
      type: [LicensedBlock],
      description: 'The body, block by block; empty where you may not have it.',
      complexity: { field: 1, multiplier: 20 },
      resolve: ({ body }) => body,
    }),
    people: t.field({
      type: [NamedPerson],
      description: 'Whom your version of it names.',
      resolve: ({ people }) => people,
    }),
    organisations: t.field({
      type: [Entity],
      description: 'The organisations that your version of it names.',
      resolve: ({ organisations }) => organisations,
    }),
    corrections: t.field({
      type: [LicensedCorrection],
      description: 'What readers must be told, newest first.',
      resolve: ({ corrections }) => corrections,
    }),
    attribution: t.exposeString('attribution', {
      nullable: true,
      description: 'The line that must stand with the story.',
    }),
  }),
})
