import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { rootPage } from '../graphql/connections.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { ArticleConnection } from './article.ts'
import { byName, byNameComplexity, describeEntity, Entity, EntityKind, named, nameFilter } from './entity.ts'
import {
  affiliationsField,
  articlesField,
  externalIdsField,
  namesField,
  quotationsField,
} from './entity-fields.ts'
import { inOrderOfMention, NamedIn, whereNamed } from './named-in.ts'
import { QuotationConnection } from './quotation.ts'

export const Organisation = builder.prismaNode('Organisation', {
  id: { field: 'id' },
  nullable: true,
  interfaces: [Entity],
  findUnique: (id) => ({ id: toRowId(id) }),
  fields: (t) => ({
    kind: t.field({ type: EntityKind, ...describeEntity.kind, resolve: () => 'ORGANISATION' as const }),
    slug: t.exposeString('slug', describeEntity.slug),
    name: t.exposeString('name', describeEntity.name),
    description: t.exposeString('description', { nullable: true, ...describeEntity.description }),
    names: t.relation('names', namesField),
    externalIds: t.relation('externalIds', externalIdsField),
    affiliations: t.relation('affiliations', affiliationsField),
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
      context.db.organisation.findUnique({ ...query, where: slugOrRowId('Organisation', args) }),
  }),
)

builder.queryField('organisations', (t) =>
  t.connection(
    {
      type: Organisation,
      description: 'All organisations, ordered by name.',
      args: { filter: t.arg({ type: OrganisationFilter, description: 'Filters organisations.' }) },
      complexity: byNameComplexity,
      resolve: async (_root, args, context, info) => {
        const page = rootPage(byName, args, named(args.filter), context, info)
        return byName.page(await context.db.organisation.findMany(page), args)
      },
    },
    OrganisationConnection,
  ),
)

export const OrganisationConnection = builder.connectionObject({
  type: Organisation,
  name: 'OrganisationConnection',
})

builder.prismaObject('ArticleOrganisation', {
  fields: (t) => ({
    organisation: t.relation('organisation'),
    namedIn: t.expose('namedIn', { type: NamedIn }),
  }),
})

builder.prismaObjectField('Article', 'organisations', (t) =>
  t.relation('organisations', {
    description: 'The organisations that the article names, in the order of first mention.',
    args: whereNamed,
    query: inOrderOfMention,
    complexity: { field: 1, multiplier: 10 },
  }),
)
