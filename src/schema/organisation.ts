import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { ArticleConnection } from './article.ts'
import { byNameComplexity, Entity, nameFilter, pageByName } from './entity.ts'
import { affiliationsField, articlesField, quotationsField } from './entity-fields.ts'
import { appearancesField, NamedIn } from './named-in.ts'
import { QuotationConnection } from './quotation.ts'

export const Organisation = builder.prismaNode('Entity', {
  variant: 'Organisation',
  description:
    'An organisation in the news: a government body, a party, an armed group, a company, an agency.',
  id: { field: 'id' },
  nullable: true,
  interfaces: [Entity],
  findUnique: (id) => ({ id: toRowId(id), kind: 'ORGANISATION' }),
  select: { kind: true },
  fields: (t) => ({
    affiliations: t.relation('members', affiliationsField),
    articles: t.connection(articlesField('organisation'), ArticleConnection),
    quotations: t.connection(quotationsField('organisation'), QuotationConnection),
  }),
})

const OrganisationFilter = nameFilter('OrganisationFilter', 'Filters organisations.')

builder.queryField('organisation', (t) =>
  t.prismaField({
    type: Organisation,
    nullable: true,
    description: 'Finds an organisation by slug or id.',
    args: slugOrId,
    resolve: (query, _root, args, context) =>
      context.db.entity.findFirst({
        ...query,
        where: { kind: 'ORGANISATION', ...slugOrRowId('Organisation', args) },
      }),
  }),
)

builder.queryField('organisations', (t) =>
  t.connection(
    {
      type: Organisation,
      description: 'All organisations, ordered by name.',
      args: { filter: t.arg({ type: OrganisationFilter, description: 'Filters organisations.' }) },
      complexity: byNameComplexity,
      resolve: (_root, args, context, info) => pageByName('ORGANISATION', args, context, info),
    },
    OrganisationConnection,
  ),
)

export const OrganisationConnection = builder.connectionObject({
  type: Organisation,
  name: 'OrganisationConnection',
})

const ArticleOrganisation = builder.prismaObject('ArticleEntity', {
  variant: 'ArticleOrganisation',
  description: 'An organisation that an article names.',
  select: {},
  fields: (t) => ({
    organisation: t.relation('entity', { type: Organisation, description: 'The organisation.' }),
    namedIn: t.expose('namedIn', { type: NamedIn }),
  }),
})

builder.prismaObjectField('Article', 'organisations', (t) =>
  t.field({
    type: [ArticleOrganisation],
    description: 'The organisations that the article names, in the order of first mention.',
    ...appearancesField('ORGANISATION'),
  }),
)

builder.prismaObjectField('Quotation', 'viaOrganisation', (t) =>
  t.relation('viaOrganisation', { type: Organisation, nullable: true }),
)
