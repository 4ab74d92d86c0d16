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

export const Person = builder.prismaNode('Person', {
  id: { field: 'id' },
  nullable: true,
  interfaces: [Entity],
  findUnique: (id) => ({ id: toRowId(id) }),
  fields: (t) => ({
    kind: t.field({ type: EntityKind, ...describeEntity.kind, resolve: () => 'PERSON' as const }),
    slug: t.exposeString('slug', describeEntity.slug),
    name: t.exposeString('name', describeEntity.name),
    description: t.exposeString('description', { nullable: true, ...describeEntity.description }),
    names: t.relation('names', namesField),
    externalIds: t.relation('externalIds', externalIdsField),
    affiliations: t.relation('affiliations', affiliationsField),
    articles: t.connection(articlesField('person'), ArticleConnection),
    quotations: t.connection(quotationsField('person'), QuotationConnection),
  }),
})

const PersonFilter = nameFilter('PersonFilter', 'Filters people.')

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
        const page = rootPage(byName, args, named(args.filter), context, info)
        return byName.page(await context.db.person.findMany(page), args)
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
