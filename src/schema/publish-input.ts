import { builder } from '../graphql/builder.ts'
import { BlockInput, furniture } from './article-input.ts'

const CommentingInput = builder.inputType('CommentingInput', {
  description: 'Whether readers may comment.',
  fields: (t) => ({
    open: t.boolean({ required: true, defaultValue: true, description: 'Whether they may.' }),
    closesAt: t.field({ type: 'DateTime', description: 'When comments that are open close by themselves.' }),
  }),
})

export const PublishArticleInput = builder.inputType('PublishArticleInput', {
  description: 'A new story.',
  fields: (t) => ({
    slug: t.string({
      required: true,
      description: 'Its name in addresses, which it keeps: lower-case letters, digits and hyphens.',
    }),
    url: t.string({ required: true, description: 'The address of its page on your site, which it keeps.' }),
    language: t.string({ required: true, description: 'The language it is written in, as a BCP 47 tag.' }),
    headline: t.string({ required: true, description: 'The title.' }),
    blocks: t.field({
      type: [BlockInput],
      required: true,
      description: 'The body in reading order, up to 500 blocks.',
    }),
    publishedAt: t.field({
      type: 'DateTime',
      description: 'When it is published, until when only editors see it; now, when left out.',
    }),
    embargoedUntil: t.field({ type: 'DateTime', description: 'Until then only editors see it.' }),
    commenting: t.field({
      type: CommentingInput,
      description: 'Whether readers may comment; they may, when left out.',
    }),
    ...furniture(t),
  }),
})
