import { visibleArticles } from '../articles/visible.ts'
import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, rootPage } from '../graphql/connections.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'
import {
  byName,
  byNameComplexity,
  Entity,
  inOrderOfNaming,
  NamedIn,
  named,
  storiesNaming,
  whereNamed,
} from './entity.ts'
import { newestQuotation, Quotation, QuotationConnection } from './quotation.ts'

export const Organisation = builder.prismaNode('Organisation', {
  id: { field: 'id' },
  nullable: true,
  interfaces: [Entity],
  findUnique: (id) => ({ id: toRowId(id) }),
  fields: (t) => ({
    names: t.relation('names', { query: { orderBy: [{ kind: 'asc' }, { normalised: 'asc' }] } }),
    externalIds: t.relation('externalIds', { query: { orderBy: { scheme: 'asc' } } }),
    affiliations: t.relation('affiliations', { query: { orderBy: [{ from: 'desc' }, { id: 'asc' }] } }),
    articles: t.connection(
      {
        type: Article,
        description: 'Stories that name this organisation in their own text, newest first.',
        complexity: pageComplexity,
        select: (args, context, nested) => ({ articles: storiesNaming(args, context, nested) }),
        resolve: (organisation, args) =>
          byPublication.page(
            organisation.articles.map(({ article }) => article),
            args,
          ),
      },
      ArticleConnection,
    ),
    quotations: t.connection(
      {
        type: Quotation,
        description: 'What this organisation said, newest first.',
        complexity: pageComplexity,
        select: (args, context, nested) => ({
          quotations: nestedPage(newestQuotation, args, [{ article: visibleArticles(context) }], nested),
        }),
        resolve: (organisation, args) => newestQuotation.page(organisation.quotations, args),
      },
      QuotationConnection,
    ),
  }),
})

const OrganisationFilter = builder.inputType('OrganisationFilter', {
  description: 'Which organisations to list.',
  fields: (t) => ({
    name: t.string({
      description: 'Words of any name, in any script; all must match. At most 10 words, 200 characters.',
    }),
  }),
})

builder.queryField('organisation', (t) =>
  t.prismaField({
    type: Organisation,
    nullable: true,
    description: 'One organisation, by slug or id.',
    args: slugOrId,
    resolve: (query, _root, args, context) =>
      context.db.organisation.findUnique({ ...query, where: slugOrRowId('Organisation', args) }),
  }),
)

builder.queryField('organisations', (t) =>
  t.connection(
    {
      type: Organisation,
      description: 'Every organisation known, by name.',
      args: { filter: t.arg({ type: OrganisationFilter, description: 'Which to list.' }) },
      complexity: byNameComplexity,
      resolve: async (_root, args, context, info) => {
        const where = args.filter?.name == null ? [] : [named(args.filter.name)]
        const rows = await context.db.organisation.findMany(rootPage(byName, args, where, context, info))
        return byName.page(rows, args)
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
    description: 'The organisations that the story and its captions name, in order of first naming.',
    args: whereNamed,
    query: inOrderOfNaming,
    complexity: { field: 1, multiplier: 10 },
  }),
)
