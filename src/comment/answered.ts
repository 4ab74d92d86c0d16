import { queryFromInfo } from '@pothos/plugin-prisma'
import type { FieldNode, GraphQLResolveInfo } from 'graphql'
import type { Context } from '../graphql/context.ts'
import { type AuthoredComment, visibleAnswered, withAuthor } from './visible.ts'

/** Comments asked for in the same moment by the same field, read in one query. */
interface Batch {
  ids: Set<string>
  rows: Promise<Map<string, AuthoredComment>>
}

const batches = new WeakMap<Context, Map<FieldNode, Batch>>()

/**
 * The comment that another one answers, where the viewer may see it. Most comments answer none: for them
 * nothing is read, which is why this is no part of the parent's own query.
 */
export function loadAnswered(
  { parentId }: { parentId: string | null },
  context: Context,
  info: GraphQLResolveInfo,
): null | Promise<AuthoredComment | null> {
  if (parentId === null) return null
  const { ids, rows } = batchOf(context, info)
  ids.add(parentId)
  return rows.then((found) => found.get(parentId) ?? null)
}

function batchOf(context: Context, info: GraphQLResolveInfo): Batch {
  const ofContext = batches.get(context) ?? new Map<FieldNode, Batch>()
  batches.set(context, ofContext)
  const field = info.fieldNodes[0] as FieldNode
  const known = ofContext.get(field)
  if (known) return known
  const ids = new Set<string>()
  const rows = Promise.resolve().then(async () => {
    ofContext.delete(field)
    const found = await context.db.comment.findMany({
      ...queryFromInfo({ context, info, include: withAuthor }),
      where: { AND: [{ id: { in: [...ids] } }, visibleAnswered(context)] },
    })
    return new Map(found.map((row) => [row.id, row]))
  })
  const batch = { ids, rows }
  ofContext.set(field, batch)
  return batch
}
