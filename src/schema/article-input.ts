import { describeText, type FieldsWith, fieldsWith } from '../articles/fields.ts'
import { recordOf } from '../base/records.ts'
import { builder, type InputFields } from '../graphql/builder.ts'
import { BlockInput, ImageInput, SLUG_OR_ID } from './block-input.ts'
import { NamedIn } from './named-in.ts'

// An article as editors submit it. Article.draft has the form of ArticleChangesInput.

const DatelineInput = builder.inputType('DatelineInput', {
  description: 'The dateline: where the article was filed from.',
  fields: (t) => ({
    text: t.string({ required: true, description: 'The dateline as printed.' }),
    place: t.string({ description: 'The town.' }),
    region: t.string({ description: 'The region or country.' }),
  }),
})

const TopicInput = builder.inputType('TopicInput', {
  description: 'The topic of an article.',
  fields: (t) => ({
    slug: t.string({ required: true, description: 'The slug of the topic.' }),
    name: t.string({ description: 'The name that readers see. For an existing topic, give only its slug.' }),
  }),
})

const NamedPersonInput = builder.inputType('NamedPersonInput', {
  description: 'A person that the article names.',
  fields: (t) => ({
    person: t.string({ required: true, description: `The ${SLUG_OR_ID} of the person.` }),
    namedIn: t.field({
      type: NamedIn,
      required: true,
      defaultValue: 'ARTICLE',
      description: 'The part of the article that names the person.',
    }),
    rolesAsPrinted: t.stringList({ description: 'The roles of the person, as printed.' }),
  }),
})

const NamedOrganisationInput = builder.inputType('NamedOrganisationInput', {
  description: 'An organisation that the article names.',
  fields: (t) => ({
    organisation: t.string({ required: true, description: `The ${SLUG_OR_ID} of the organisation.` }),
    namedIn: t.field({
      type: NamedIn,
      required: true,
      defaultValue: 'ARTICLE',
      description: 'The part of the article that names the organisation.',
    }),
  }),
})

/** The fields that an article may lack. */
export const optionalFields = (t: InputFields) => ({
  ...recordOf(fieldsWith({ kind: 'text', edited: true, required: false }), (name) =>
    t.string(describeText(name)),
  ),
  dateline: t.field({ type: DatelineInput, description: 'The dateline: where the article was filed from.' }),
  topic: t.field({ type: TopicInput, description: 'The topic.' }),
  leadImage: t.field({ type: ImageInput, description: 'The main image.' }),
  people: t.field({
    type: [NamedPersonInput],
    description: 'People with their roles as printed. People that the text names are found automatically.',
  }),
  organisations: t.field({
    type: [NamedOrganisationInput],
    description:
      'Organisations that cannot be found automatically, because the text does not use a known name.',
  }),
})

export const ArticleChangesInput = builder.inputType('ArticleChangesInput', {
  description:
    'The changes to an article. Omitted fields keep their value. Null removes the value of an optional field.',
  fields: (t) =>
    ({
      language: t.string({ description: 'The language, as a BCP 47 tag.' }),
      ...recordOf(fieldsWith({ kind: 'text', edited: true, required: true }), (name) =>
        t.string(describeText(name)),
      ),
      blocks: t.field({
        type: [BlockInput],
        description: 'The whole body, in reading order. Maximum 500 blocks.',
      }),
      publishedAt: t.field({
        type: 'DateTime',
        description: 'The publication time. Before this time, only editors see the article.',
      }),
      ...optionalFields(t),
    }) satisfies Record<FieldsWith<{ edited: true }>, unknown>,
})

export type ArticleChanges = typeof ArticleChangesInput.$inferInput
