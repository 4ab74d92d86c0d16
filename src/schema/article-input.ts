import { builder } from '../graphql/builder.ts'
import { NamedIn } from './entity.ts'

// A story as editors hand it in. The draft that Article.draft shows is of the form of ArticleChangesInput.

const SLUG_OR_ID = 'its slug or its id'

const ImageInput = builder.inputType('ImageInput', {
  description: 'A picture.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'Its address, absolute or on this gateway.' }),
    alt: t.string({ description: 'What it shows, for those who cannot see it.' }),
    caption: t.string({ description: 'The words under it.' }),
    photographer: t.string({ description: 'Who took or made it.' }),
    agency: t.string({
      description: 'The agency that holds the rights; leave it out for your own pictures.',
    }),
    credit: t.string({ description: 'The line that must be printed with it.' }),
    usageTerms: t.string({ description: 'The terms it came with.' }),
    syndicatable: t.boolean({
      description:
        'Whether partners may have it without a right of their own. Left out, what was said before of this address.',
    }),
    partners: t.stringList({
      description:
        'Slugs of the partners who may have it all the same. Left out, what was said before of this address.',
    }),
  }),
})

const SpeakerInput = builder.inputType('SpeakerInput', {
  isOneOf: true,
  description: 'Who said something: a person or an organisation that the newsroom knows.',
  fields: (t) => ({
    person: t.string({ description: `The person, by ${SLUG_OR_ID}.` }),
    organisation: t.string({ description: `The organisation, by ${SLUG_OR_ID}.` }),
  }),
})

const RelayedByInput = builder.inputType('RelayedByInput', {
  description: 'Who relayed somebody else’s words.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'As printed: "a readout of the presidency".' }),
    organisation: t.string({
      description: `The organisation, where the newsroom knows it, by ${SLUG_OR_ID}.`,
    }),
  }),
})

const ParagraphInput = builder.inputType('ParagraphInput', {
  description: 'A paragraph of plain text.',
  fields: (t) => ({ text: t.string({ required: true, description: 'The words.' }) }),
})

const HeadingInput = builder.inputType('HeadingInput', {
  description: 'A heading inside the story.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The words.' }),
    level: t.int({ required: true, defaultValue: 2, description: 'From 2 to 6.' }),
  }),
})

const QuotationInput = builder.inputType('QuotationInput', {
  description: 'Words that somebody said.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The words, without quotation marks.' }),
    speaker: t.field({ type: SpeakerInput, description: 'Who said them.' }),
    roleAsPrinted: t.string({ description: "The speaker's role in the words of the story." }),
    direct: t.boolean({
      required: true,
      defaultValue: true,
      description: "True for the speaker's own words, false for a report of them.",
    }),
    via: t.field({ type: RelayedByInput, description: 'Who relayed them.' }),
  }),
})

const EmbedInput = builder.inputType('EmbedInput', {
  description: 'A post on a social network.',
  fields: (t) => ({
    provider: t.string({ required: true, description: 'The network: "X", "YouTube".' }),
    url: t.string({ required: true, description: 'The address of the post.' }),
    authorName: t.string({ description: "The author's name as the network shows it." }),
    handle: t.string({ description: "The author's account on the network." }),
    text: t.string({ description: 'What the post says.' }),
    postedAt: t.field({ type: 'DateTime', description: 'When it was posted.' }),
  }),
})

export const BlockInput = builder.inputType('BlockInput', {
  isOneOf: true,
  description: "One block of a story's body.",
  fields: (t) => ({
    paragraph: t.field({
      type: ParagraphInput,
      description: 'A paragraph.',
    }),
    heading: t.field({ type: HeadingInput, description: 'A heading.' }),
    quotation: t.field({ type: QuotationInput, description: 'A quotation.' }),
    image: t.field({ type: ImageInput, description: 'A picture.' }),
    embed: t.field({ type: EmbedInput, description: 'A post.' }),
  }),
})

const DatelineInput = builder.inputType('DatelineInput', {
  description: 'Where a story was filed from.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'As printed.' }),
    place: t.string({ description: 'The town.' }),
    region: t.string({ description: 'The region or country.' }),
  }),
})

const TopicInput = builder.inputType('TopicInput', {
  description: 'A subject to file a story under.',
  fields: (t) => ({
    slug: t.string({ required: true, description: 'Its slug.' }),
    name: t.string({ description: 'What readers are shown. Only a new topic needs it.' }),
  }),
})

const NamedPersonInput = builder.inputType('NamedPersonInput', {
  description: 'A person whom the story names.',
  fields: (t) => ({
    person: t.string({ required: true, description: `The person, by ${SLUG_OR_ID}.` }),
    namedIn: t.field({ type: NamedIn, required: true, defaultValue: 'STORY', description: 'Where.' }),
    rolesAsPrinted: t.stringList({ description: 'Their roles in the words of the story.' }),
  }),
})

const NamedOrganisationInput = builder.inputType('NamedOrganisationInput', {
  description: 'An organisation that the story names.',
  fields: (t) => ({
    organisation: t.string({ required: true, description: `The organisation, by ${SLUG_OR_ID}.` }),
    namedIn: t.field({ type: NamedIn, required: true, defaultValue: 'STORY', description: 'Where.' }),
  }),
})

type Fields = Parameters<Parameters<typeof builder.inputType>[1]['fields']>[0]

/** What a story may have beside headline, language and body. */
export const furniture = (t: Fields) => ({
  kicker: t.string({ description: 'The label above the headline.' }),
  standfirst: t.string({ description: 'The summary under the headline.' }),
  dateline: t.field({ type: DatelineInput, description: 'Where it was filed from.' }),
  byline: t.string({ description: 'Who wrote it, as printed.' }),
  topic: t.field({ type: TopicInput, description: 'The subject it is filed under.' }),
  leadImage: t.field({ type: ImageInput, description: 'The picture at its head.' }),
  people: t.field({
    type: [NamedPersonInput],
    description: 'People with their roles as printed. Whoever the text names is found without it.',
  }),
  organisations: t.field({
    type: [NamedOrganisationInput],
    description: 'Organisations that the text itself does not name as the newsroom does.',
  }),
})

export const ArticleChangesInput = builder.inputType('ArticleChangesInput', {
  description:
    'What a story shall be. Fields that are left out stay as they are; null takes away what a story need not have.',
  fields: (t) => ({
    language: t.string({ description: 'The language it is written in, as a BCP 47 tag.' }),
    headline: t.string({ description: 'The title.' }),
    blocks: t.field({
      type: [BlockInput],
      description: 'The whole body in reading order, up to 500 blocks.',
    }),
    publishedAt: t.field({
      type: 'DateTime',
      description: 'When it is published; until then only editors see it.',
    }),
    ...furniture(t),
  }),
})

export type ArticleChanges = typeof ArticleChangesInput.$inferInput
export type Block = typeof BlockInput.$inferInput
