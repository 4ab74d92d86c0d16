import type { InputShapeFromFields } from '@pothos/core'
import { describeText, fieldsWith } from '../articles/fields.ts'
import { recordOf } from '../base/records.ts'
import { builder, type InputFields } from '../graphql/builder.ts'
import { optionalFields } from './article-input.ts'
import { BlockInput } from './block-input.ts'

const CommentingInput = builder.inputType('CommentingInput', {
  description: 'The comment settings.',
  fields: (t) => ({
    open: t.boolean({ required: true, defaultValue: true, description: 'Whether the comments are open.' }),
    closesAt: t.field({ type: 'DateTime', description: 'When open comments close automatically.' }),
  }),
})

/** The fields of PublishArticleInput. */
export const publishFields = (t: InputFields) => ({
  slug: t.string({
    required: true,
    description: 'The slug in URLs: lower-case letters, digits and hyphens. It cannot be changed later.',
  }),
  url: t.string({
    required: true,
    description: 'The URL of the page on your site. It cannot be changed later.',
  }),
  language: t.string({ required: true, description: 'The language, as a BCP 47 tag.' }),
  ...recordOf(fieldsWith({ kind: 'text', edited: true, required: true }), (name) =>
    t.string({ required: true, ...describeText(name) }),
  ),
  blocks: t.field({
    type: [BlockInput],
    required: true,
    description: 'The body, in reading order. Maximum 500 blocks.',
  }),
  publishedAt: t.field({
    type: 'DateTime',
    description: 'The publication time. Before this time, only editors see the article. Default now.',
  }),
  embargoedUntil: t.field({
    type: 'DateTime',
    description: 'The end of the embargo. Before this time, only editors see the article.',
  }),
  commenting: t.field({
    type: CommentingInput,
    description: 'The comment settings. By default, the comments are open.',
  }),
  ...optionalFields(t),
})

export type PublishInput = InputShapeFromFields<ReturnType<typeof publishFields>>
