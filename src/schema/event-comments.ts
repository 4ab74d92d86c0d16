import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { CommentFeedEvent } from '../comment-feed/event.ts'
import { type AuthoredComment, shown } from '../comments/visible.ts'
import type { Comment } from '../db/client/client.ts'
import type { Context } from '../graphql/context.ts'

// Events of a comment feed come with their comments and authors. What else a client selects is loaded here: for
// one event of a subscription, or for all events of a page with one statement.

type Approved = Extract<CommentFeedEvent, { kind: 'APPROVED' }>
type Retracted = Extract<CommentFeedEvent, { kind: 'RETRACTED' }>
type Comments = Promise<ReadonlyMap<string, object>>

interface Page {
  ids: { approved: readonly string[]; retracted: readonly string[] }
  /** By the path of the selection in the document. */
  loads: Map<string, Comments>
}

const pages = new WeakMap<CommentFeedEvent, Page>()

/** Makes the comments of some events load together. Returns copies, because events are shared by all clients. */
export function loadTogether(events: readonly CommentFeedEvent[]): CommentFeedEvent[] {
  const approved = events.flatMap((event) => (event.kind === 'APPROVED' ? event.comment.id : []))
  const retracted = events.flatMap((event) => (event.kind === 'RETRACTED' ? event.commentId : []))
  const page: Page = { ids: { approved, retracted }, loads: new Map() }
  const copies = events.map((event) => ({ ...event }))
  for (const event of copies) pages.set(event, page)
  return copies
}

/**
 * The comment of an event with the selected relations. Visibility is not checked again: if the comment was
 * retracted after the event was read, the retraction is the next event.
 */
export function withSelectedRelations(
  event: Approved,
  _args: object,
  context: Context,
  info: GraphQLResolveInfo,
): AuthoredComment | Promise<AuthoredComment> {
  const { comment } = event
  const query = queryFromInfo({ context, info, select: { id: true } })
  if (Object.keys(query.select).every((name) => name in comment)) return comment
  const load = async (ids: readonly string[]) => {
    const found = await context.db.comment.findMany({ ...query, where: { id: { in: [...ids] } } })
    return new Map(found.map((each) => [each.id, each]))
  }
  const page = pages.get(event)
  return loadOnce(page?.ids.approved ?? [comment.id], page, info, load).then((found) => {
    const loaded = found.get(comment.id)
    if (!loaded) throw new Error(`the comment ${comment.id} of an event does not exist`)
    return { ...loaded, ...comment }
  })
}

/** The parent of a retracted comment with the selected relations; null if it is not shown. */
export async function parentOfRetracted(
  event: Retracted,
  _args: object,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Comment | null> {
  const parent = queryFromInfo({ context, info, select: { id: true, status: true } })
  const load = async (ids: readonly string[]) => {
    const where = { id: { in: [...ids] }, parent: shown }
    const found = await context.db.comment.findMany({ where, select: { id: true, parent } })
    return new Map(found.flatMap(({ id, parent }) => (parent ? [[id, parent] as const] : [])))
  }
  const page = pages.get(event)
  const found = await loadOnce(page?.ids.retracted ?? [event.commentId], page, info, load)
  return (found.get(event.commentId) as Comment | undefined) ?? null
}

function loadOnce(
  ids: readonly string[],
  page: Page | undefined,
  info: GraphQLResolveInfo,
  load: (ids: readonly string[]) => Comments,
): Comments {
  const selection = pathOf(info)
  const loading = page?.loads.get(selection) ?? load(ids)
  page?.loads.set(selection, loading)
  return loading
}

/** The path of a field without the indexes of lists: the same for all items. */
function pathOf({ path }: GraphQLResolveInfo): string {
  const keys: string[] = []
  for (let step: typeof path | undefined = path; step; step = step.prev) {
    if (typeof step.key === 'string') keys.push(step.key)
  }
  return keys.join('/')
}
