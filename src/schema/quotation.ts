import { builder } from '../graphql/builder.ts'
import { keyset } from '../graphql/keyset.ts'
import { Article } from './article.ts'
import { Entity } from './entity.ts'

export const Quotation = builder.prismaObject('Quotation', {
  select: {},
  fields: (t) => ({
    text: t.string({
      description: 'The quoted text, without quotation marks.',
      select: { block: { select: { text: true } } },
      resolve: ({ block }) => block.text ?? '',
    }),
    speaker: t.relation('speaker', { type: Entity, nullable: true }),
    roleAsPrinted: t.exposeString('roleAsPrinted', { nullable: true }),
    direct: t.exposeBoolean('direct'),
    via: t.exposeString('via', { nullable: true }),
    article: t.relation('article', {
      type: Article,
      description: 'The article that contains the quotation.',
    }),
  }),
})

/** Newest first: row ids grow with time. */
export const newestQuotation = keyset<{ id: string }>({ field: 'id', direction: 'desc', kind: 'uuid' })

export const QuotationConnection = builder.connectionObject({ type: Quotation, name: 'QuotationConnection' })
