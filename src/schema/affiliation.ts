import { builder } from '../graphql/builder.ts'
import { Organisation } from './organisation.ts'
import { Person } from './person.ts'

builder.prismaObject('Affiliation', {
  select: {},
  fields: (t) => ({
    title: t.exposeString('title', { description: 'The title of the position.' }),
    from: t.expose('from', { type: 'Date', nullable: true, description: 'The first day in the position.' }),
    to: t.expose('to', { type: 'Date', nullable: true, description: 'The last day in the position.' }),
    person: t.relation('person', { type: Person }),
    organisation: t.relation('organisation', { type: Organisation }),
  }),
})
