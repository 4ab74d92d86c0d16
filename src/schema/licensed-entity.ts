import { builder } from '../graphql/builder.ts'
import type { EntityJson, PersonJson } from '../syndication/article-json.ts'

// The people and organisations of a licensed version.

const EntityKind = builder.enumType('EntityKind', {
  description: 'The kind of entity.',
  values: {
    PERSON: { description: 'A person.' },
    ORGANISATION: { description: 'An organisation.' },
  } as const,
})

export const LicensedEntity = builder.objectRef<EntityJson>('LicensedEntity').implement({
  description: 'A person or an organisation that an article names.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the Person or Organisation.' }),
    kind: t.expose('kind', {
      type: EntityKind,
      description: 'Whether it is a person or an organisation.',
    }),
    slug: t.exposeString('slug', { description: 'The slug in URLs.' }),
    name: t.exposeString('name', { description: 'The canonical name.' }),
  }),
})

export const LicensedPerson = builder.objectRef<PersonJson>('LicensedPerson').implement({
  description: 'A person that an article names.',
  fields: (t) => ({
    person: t.expose('person', { type: LicensedEntity, description: 'The person.' }),
    rolesAsPrinted: t.exposeStringList('rolesAsPrinted', {
      description: 'The roles of the person, as printed.',
    }),
  }),
})
