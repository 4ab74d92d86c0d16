import { queryFromInfo } from '@pothos/plugin-prisma'
import type { GraphQLResolveInfo } from 'graphql'
import type { CommentFeedEvent } from '../comment-feed/event.ts'
import type { AuthoredComment } from '../comments/visible.ts'
import type { Context } from '../graphql/context.ts'

// Events of a comment feed come with their comments and authors. What else a client selects is loaded here: for
// one event of a subscription, or for all events of a page with one statement.

type Approved = Extract<CommentFeedEvent, { kind: 'APPROVED' }>
type Comments = Promise<ReadonlyMap<string, object>>

interface Page {
  ids: readonly string[]
  /** By the path of the selection in the document. */
  loads: Map<string, Comments>
}

const pages = new WeakMap<CommentFeedEvent, Page>()

/** Makes the comments of some events load together. Returns copies, because events are shared by all clients. */
export function loadTogether(events: readonly CommentFeedEvent[]): CommentFeedEvent[] {
  const ids = events.flatMap((event) => (event.kind === 'APPROVED' ? event.comment.id : []))
  const page: Page = { ids, loads: new Map() }
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
  return loadOnce(page, info, load, comment.id).then((found) => {
    const loaded = found.get(comment.id)
    if (!loaded) throw new Error(`the comment ${comment.id} of an event does not exist`)
    return { ...loaded, ...comment }
  })
}

function loadOnce(
  page: Page | undefined,
  info: GraphQLResolveInfo,
  load: (ids: readonly string[]) => Comments,
  id: string,
): Comments {
  if (!page) return load([id])
  const selection = pathOf(info)
  const loading = page.loads.get(selection) ?? load(page.ids)
  page.loads.set(selection, loading)
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
