import { visibleArticles } from '../articles/visible.ts'
import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, rootPage } from '../graphql/connections.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { Article, ArticleConnection, byPublication } from './article.ts'
import {
  articlesNaming,
  byName,
  byNameComplexity,
  Entity,
  inOrderOfMention,
  NamedIn,
  named,
  whereNamed,
} from './entity.ts'
import { newestQuotation, Quotation, QuotationConnection } from './quotation.ts'

export const Person = builder.prismaNode('Person', {
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
        description: 'Articles whose text names this person, newest first.',
        complexity: pageComplexity,
        select: (args, context, nested) => ({ articles: articlesNaming(args, context, nested) }),
        resolve: (person, args) =>
          byPublication.page(
            person.articles.map(({ article }) => article),
            args,
          ),
      },
      ArticleConnection,
    ),
    quotations: t.connection(
      {
        type: Quotation,
        description: 'Quotations of this person, newest first.',
        complexity: pageComplexity,
        select: (args, context, nested) => ({
          quotations: nestedPage(newestQuotation, args, [{ article: visibleArticles(context) }], nested),
        }),
        resolve: (person, args) => newestQuotation.page(person.quotations, args),
      },
      QuotationConnection,
    ),
  }),
})

const PersonFilter = builder.inputType('PersonFilter', {
  description: 'Filters people.',
  fields: (t) => ({
    name: t.string({
      description:
        'Filters by words of any name, in any script. All words must match. Maximum 10 words and 200 characters.',
    }),
  }),
})

builder.queryField('person', (t) =>
  t.prismaField({
    type: Person,
    nullable: true,
    description: 'Finds a person by slug or id.',
    args: slugOrId,
    resolve: (query, _root, args, context) =>
      context.db.person.findUnique({ ...query, where: slugOrRowId('Person', args) }),
  }),
)

builder.queryField('people', (t) =>
  t.connection(
    {
      type: Person,
      description: 'All people, ordered by name.',
      args: { filter: t.arg({ type: PersonFilter, description: 'Filters people.' }) },
      complexity: byNameComplexity,
      resolve: async (_root, args, context, info) => {
        const where = args.filter?.name == null ? [] : [named(args.filter.name)]
        const rows = await context.db.person.findMany(rootPage(byName, args, where, context, info))
        return byName.page(rows, args)
      },
    },
    PersonConnection,
  ),
)

export const PersonConnection = builder.connectionObject({ type: Person, name: 'PersonConnection' })

builder.prismaObject('ArticlePerson', {
  fields: (t) => ({
    person: t.relation('person'),
    namedIn: t.expose('namedIn', { type: NamedIn }),
    roleAsPrinted: t.string({
      nullable: true,
      description: 'The first role of the person, as printed.',
      resolve: ({ rolesAsPrinted }) => rolesAsPrinted[0] ?? null,
    }),
    rolesAsPrinted: t.exposeStringList('rolesAsPrinted'),
  }),
})

builder.prismaObjectField('Article', 'people', (t) =>
  t.relation('people', {
    description: 'The people that the article names, in the order of first mention.',
    args: whereNamed,
    query: inOrderOfMention,
    complexity: { field: 1, multiplier: 10 },
  }),
)
