import { builder } from '../graphql/builder.ts'

// The images and the body of an article as editors submit them.

export const SLUG_OR_ID = 'slug or id'

export const ImageInput = builder.inputType('ImageInput', {
  description: 'An image.',
  fields: (t) => ({
    url: t.string({ required: true, description: 'The URL: absolute, or a path on this gateway.' }),
    alt: t.string({ description: 'The alternative text.' }),
    caption: t.string({ description: 'The caption.' }),
    photographer: t.string({ description: 'The photographer or artist.' }),
    agency: t.string({
      description: 'The agency that holds the rights. Omit it for your own images.',
    }),
    credit: t.string({ description: 'The credit line, which must be printed with the image.' }),
    usageTerms: t.string({ description: 'The usage terms that came with the image.' }),
    syndicatable: t.boolean({
      description:
        'Whether every partner may use the image. If omitted, the stored rights for this URL are kept.',
    }),
    partners: t.stringList({
      description:
        'Slugs of the partners that may use the image even if "syndicatable" is false. If omitted, the stored rights for this URL are kept.',
    }),
  }),
})

const SpeakerInput = builder.inputType('SpeakerInput', {
  isOneOf: true,
  description: 'The speaker of a quotation: a known person or organisation.',
  fields: (t) => ({
    person: t.string({ description: `The ${SLUG_OR_ID} of the person.` }),
    organisation: t.string({ description: `The ${SLUG_OR_ID} of the organisation.` }),
  }),
})

const RelayedByInput = builder.inputType('RelayedByInput', {
  description: 'The source that relayed a quotation.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The source as printed: "a readout of the presidency".' }),
    organisation: t.string({
      description: `The ${SLUG_OR_ID} of the organisation, if it is known.`,
    }),
  }),
})

const ParagraphInput = builder.inputType('ParagraphInput', {
  description: 'A paragraph of plain text.',
  fields: (t) => ({ text: t.string({ required: true, description: 'The text.' }) }),
})

const HeadingInput = builder.inputType('HeadingInput', {
  description: 'A heading in the body.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The text.' }),
    level: t.int({ required: true, defaultValue: 2, description: 'The level of the heading, from 2 to 6.' }),
  }),
})

const QuotationInput = builder.inputType('QuotationInput', {
  description: 'A quotation.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The quoted text, without quotation marks.' }),
    speaker: t.field({ type: SpeakerInput, description: 'The speaker.' }),
    roleAsPrinted: t.string({ description: 'The role of the speaker, as printed.' }),
    direct: t.boolean({
      required: true,
      defaultValue: true,
      description: 'True for direct speech, false for reported speech.',
    }),
    via: t.field({ type: RelayedByInput, description: 'The source that relayed the words.' }),
  }),
})

const EmbedInput = builder.inputType('EmbedInput', {
  description: 'An embedded social media post.',
  fields: (t) => ({
    provider: t.string({ required: true, description: 'The network: "X", "YouTube".' }),
    url: t.string({ required: true, description: 'The URL of the post.' }),
    authorName: t.string({ description: 'The display name of the author on the network.' }),
    handle: t.string({ description: 'The account of the author on the network.' }),
    text: t.string({ description: 'The text of the post.' }),
    postedAt: t.field({ type: 'DateTime', description: 'When the post was published.' }),
  }),
})

export const BlockInput = builder.inputType('BlockInput', {
  isOneOf: true,
  description: 'One block of the body.',
  fields: (t) => ({
    paragraph: t.field({
      type: ParagraphInput,
      description: 'A paragraph.',
    }),
    heading: t.field({ type: HeadingInput, description: 'A heading.' }),
    quotation: t.field({ type: QuotationInput, description: 'A quotation.' }),
    image: t.field({ type: ImageInput, description: 'An image.' }),
    embed: t.field({ type: EmbedInput, description: 'A social media post.' }),
  }),
})

export type Block = typeof BlockInput.$inferInput
