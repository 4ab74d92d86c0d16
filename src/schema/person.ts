import { slugOrId } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { slugOrRowId, toRowId } from '../graphql/ids.ts'
import { ArticleConnection } from './article.ts'
import { byNameComplexity, Entity, nameFilter, pageByName } from './entity.ts'
import { affiliationsField, articlesField, quotationsField } from './entity-fields.ts'
import { appearancesField, NamedIn } from './named-in.ts'
import { QuotationConnection } from './quotation.ts'

export const Person = builder.prismaNode('Entity', {
  variant: 'Person',
  description: 'A person in the news.',
  id: { field: 'id' },
  nullable: true,
  interfaces: [Entity],
  findUnique: (id) => ({ id: toRowId(id), kind: 'PERSON' }),
  select: { kind: true },
  fields: (t) => ({
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
      context.db.entity.findFirst({ ...query, where: { kind: 'PERSON', ...slugOrRowId('Person', args) } }),
  }),
)

builder.queryField('people', (t) =>
  t.connection(
    {
      type: Person,
      description: 'All people, ordered by name.',
      args: { filter: t.arg({ type: PersonFilter, description: 'Filters people.' }) },
      complexity: byNameComplexity,
      resolve: (_root, args, context, info) => pageByName('PERSON', args, context, info),
    },
    PersonConnection,
  ),
)

export const PersonConnection = builder.connectionObject({ type: Person, name: 'PersonConnection' })

const ArticlePerson = builder.prismaObject('ArticleEntity', {
  variant: 'ArticlePerson',
  description: 'A person that an article names.',
  select: {},
  fields: (t) => ({
    person: t.relation('entity', { type: Person, description: 'The person.' }),
    namedIn: t.expose('namedIn', { type: NamedIn }),
    roleAsPrinted: t.string({
      nullable: true,
      description: 'The first role of the person, as printed.',
      select: { rolesAsPrinted: true },
      resolve: ({ rolesAsPrinted }) => rolesAsPrinted[0] ?? null,
    }),
    rolesAsPrinted: t.exposeStringList('rolesAsPrinted'),
  }),
})

builder.prismaObjectField('Article', 'people', (t) =>
  t.field({
    type: [ArticlePerson],
    description: 'The people that the article names, in the order of first mention.',
    ...appearancesField('PERSON'),
  }),
)
