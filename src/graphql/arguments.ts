import { builder } from './builder.ts'
import { relayOptions } from './relay.ts'

/** Arguments that identify an object by slug or id; see `slugOrRowId` in ids.ts. */
export const slugOrId = builder.args((t) => ({
  slug: t.string({ description: 'The slug. Give either the slug or the id.' }),
  id: t.id({ description: 'The id. Give either the slug or the id.' }),
}))

/** Arguments of a list that is only read forwards. */
export const forwardPage = builder.args((t) => ({
  first: t.int(relayOptions.firstArgOptions),
  after: t.string(relayOptions.afterArgOptions),
}))
