import { builder } from './builder.ts'

/** The two ways to name one thing; `slugOrRowId` of ids.ts makes a where-condition of them. */
export const slugOrId = builder.args((t) => ({
  slug: t.string({ description: 'Its name in addresses. Give this or the id.' }),
  id: t.id({ description: 'Its id. Give this or the slug.' }),
}))
