import { builder } from '../graphql/builder.ts'
import type {
  ArticleOrganisationJson,
  ArticlePersonJson,
  EntityJson,
  OrganisationJson,
  PersonJson,
} from '../syndication/article-json.ts'
import { describeEntity, EntityKind } from './entity.ts'
import { NamedIn } from './named-in.ts'

// The people and organisations of a licensed version: only what identifies them. Their articles and quotations
// are outside of the licence.

export const LicensedEntity = builder.interfaceRef<EntityJson>('LicensedEntity').implement({
  description: 'A person or an organisation that the licensed version of an article names.',
  resolveType: ({ kind }) => (kind === 'PERSON' ? 'LicensedPerson' : 'LicensedOrganisation'),
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the Person or Organisation.' }),
    kind: t.expose('kind', { type: EntityKind, ...describeEntity.kind }),
    slug: t.exposeString('slug', describeEntity.slug),
    name: t.exposeString('name', describeEntity.name),
  }),
})

export const LicensedPerson = builder.objectRef<PersonJson>('LicensedPerson').implement({
  description: 'A person that the licensed version of an article names.',
  interfaces: [LicensedEntity],
})

export const LicensedOrganisation = builder.objectRef<OrganisationJson>('LicensedOrganisation').implement({
  description: 'An organisation that the licensed version of an article names.',
  interfaces: [LicensedEntity],
})

export const LicensedArticlePerson = builder.objectRef<ArticlePersonJson>('LicensedArticlePerson').implement({
  description: 'A person that a part of the licensed version names.',
  fields: (t) => ({
    person: t.expose('person', { type: LicensedPerson, description: 'The person.' }),
    namedIn: t.expose('namedIn', {
      type: NamedIn,
      description: 'The part of the article that names the person.',
    }),
    roleAsPrinted: t.exposeString('roleAsPrinted', {
      nullable: true,
      description: 'The first role of the person, as printed.',
    }),
    rolesAsPrinted: t.exposeStringList('rolesAsPrinted', {
      description: 'The roles of the person, as printed.',
    }),
  }),
})

export const LicensedArticleOrganisation = builder
  .objectRef<ArticleOrganisationJson>('LicensedArticleOrganisation')
  .implement({
    description: 'An organisation that a part of the licensed version names.',
    fields: (t) => ({
      organisation: t.expose('organisation', {
        type: LicensedOrganisation,
        description: 'The organisation.',
      }),
      namedIn: t.expose('namedIn', {
        type: NamedIn,
        description: 'The part of the article that names the organisation.',
      }),
    }),
  })
