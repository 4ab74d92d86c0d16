import { builder } from './builder.ts'

/** Arguments that identify an object by slug or id; see `slugOrRowId` in ids.ts. */
export const slugOrId = builder.args((t) => ({
  slug: t.string({ description: 'The slug. Give either the slug or the id.' }),
  id: t.id({ description: 'The id. Give either the slug or the id.' }),
}))
