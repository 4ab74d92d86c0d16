import { brandWithType } from '@pothos/core'
import { builder } from '../graphql/builder.ts'
import { keyset } from '../graphql/keyset.ts'
import { Article } from './article.ts'
import { Entity } from './entity.ts'

export const Quotation = builder.prismaObject('Quotation', {
  fields: (t) => ({
    text: t.string({
      description: 'The quoted text, without quotation marks.',
      select: { block: { select: { text: true } } },
      resolve: ({ block }) => block.text ?? '',
    }),
    speaker: t.field({
      type: Entity,
      nullable: true,
      description: 'The speaker.',
      select: (_args, _context, nested) => ({
        speakerPerson: nested(true, [], 'Person'),
        speakerOrganisation: nested(true, [], 'Organisation'),
      }),
      resolve: ({ speakerPerson, speakerOrganisation }) =>
        speakerPerson ? branded(speakerPerson, 'Person') : branded(speakerOrganisation, 'Organisation'),
    }),
    roleAsPrinted: t.exposeString('roleAsPrinted', { nullable: true }),
    direct: t.exposeBoolean('direct'),
    via: t.exposeString('via', { nullable: true }),
    viaOrganisation: t.relation('viaOrganisation', { nullable: true }),
    article: t.relation('article', {
      type: Article,
      description: 'The article that contains the quotation.',
    }),
  }),
})

/** Marks a row with its type, because the interface cannot tell from which table it comes. */
function branded<Row>(row: Row, typename: 'Person' | 'Organisation'): Row {
  if (row) brandWithType(row, typename as never)
  return row
}

/** Newest first: row ids grow with time. */
export const newestQuotation = keyset<{ id: string }>({ field: 'id', direction: 'desc', kind: 'uuid' })

export const QuotationConnection = builder.connectionObject({ type: Quotation, name: 'QuotationConnection' })
