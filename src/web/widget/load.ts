import {
  WidgetAncestorsDocument,
  type WidgetCommentFragment,
  WidgetCommentsAroundDocument,
  WidgetCommentsDocument,
  WidgetRepliesDocument,
} from '../../../schema/documents.ts'
import { addPage, type Comments, type Edge, openComments, openReplies, type Page, ROOT } from './comments.ts'
import { type Gateway, GatewayError } from './gateway.ts'
import type { Order } from './state.ts'

/** The number of comments of the first page of a list. */
const PAGE_SIZE = 20
/** The number of comments of each further page: the reader wants to see many. */
const NEXT_PAGE_SIZE = 50
/** The number of comments before and after a comment that the reader wants to see. */
const NEIGHBOURS = 10
const MAX_PAGE_SIZE = 100

/** The article as the page names it. */
export type ArticleName = { id: string } | { slug: string } | { url: string }

export function articleName(name: string): ArticleName {
  return /^https?:\/\//i.test(name) ? { url: name } : { slug: name }
}

/** The comments of an article, and the moment of the feed that they belong to. */
export interface Opened {
  articleId: string
  commentingOpen: boolean
  feedCursor: string
  comments: Comments
}

/** A comment and its cursor. */
interface Step {
  id: string
  cursor: string
}

/** Loads the newest or the oldest comments. */
export async function openAtEdge(gateway: Gateway, name: ArticleName, edge: Order): Promise<Opened> {
  const size = edge === 'newest' ? { last: PAGE_SIZE } : { first: PAGE_SIZE }
  const { article } = await gateway.query(WidgetCommentsDocument, { ...name, ...size })
  if (!article) throw new GatewayError('NOT_FOUND', 'The article does not exist.')
  const page = pageOf(article.comments, edge === 'newest' ? 'older' : 'newer')
  return { ...article, articleId: article.id, comments: openComments(page, article.commentCount) }
}

/** Loads a comment with those before and after it; null if it is not shown on this article. */
export async function openAround(gateway: Gateway, articleId: string, id: string): Promise<Opened | null> {
  const path = await pathTo(gateway, articleId, id)
  const [top] = path
  if (!top) return null
  const found = await gateway.query(WidgetCommentsAroundDocument, {
    articleId,
    commentId: top.id,
    cursor: top.cursor,
    count: NEIGHBOURS,
  })
  const { article, node } = found
  if (!article || !isComment(node)) return null
  const { older, newer } = article
  const page = {
    comments: [...nodesOf(older), node, ...nodesOf(newer)],
    hasOlder: older.pageInfo.hasPreviousPage,
    hasNewer: newer.pageInfo.hasNextPage,
  }
  let comments = openComments(page, article.commentCount)
  for (const [index, child] of path.slice(1).entries()) {
    const parentId = (path[index] as Step).id
    const replies = await repliesAround(gateway, parentId, child)
    comments = withReplies(comments, parentId, replies)
  }
  return { ...article, articleId, comments }
}

/** Opens the lists of replies again that were open before. */
export async function reopenReplies(gateway: Gateway, opened: Opened, before: Comments): Promise<Opened> {
  let { comments } = opened
  for (const [parentId, { ids }] of before.sections) {
    if (parentId === ROOT || comments.sections.has(parentId) || !comments.byId.has(parentId)) continue
    const first = Math.min(MAX_PAGE_SIZE, Math.max(PAGE_SIZE, ids.length))
    const page = await repliesPage(gateway, parentId, { first })
    if (page) comments = withReplies(comments, parentId, page)
  }
  return { ...opened, comments }
}

function withReplies(comments: Comments, parentId: string, page: Page): Comments {
  const open = openReplies(comments, parentId)
  return addPage(open, { parentId, page, edge: null, since: open.clock })
}

/** Loads the next page of a list at one edge; the first page of an empty list. */
export async function loadPage(
  gateway: Gateway,
  articleId: string,
  comments: Comments,
  parentId: string,
  edge: Edge,
): Promise<Page | null> {
  const ids = comments.sections.get(parentId)?.ids ?? []
  const id = edge === 'older' ? ids[0] : ids.at(-1)
  const cursor = id === undefined ? null : comments.byId.get(id)?.cursor
  const size = ids.length === 0 ? PAGE_SIZE : NEXT_PAGE_SIZE
  const page = edge === 'older' ? { last: size, before: cursor } : { first: size, after: cursor }
  if (parentId !== ROOT) return repliesPage(gateway, parentId, page)
  const { article } = await gateway.query(WidgetCommentsDocument, { id: articleId, ...page })
  return article ? pageOf(article.comments, edge) : null
}

function isComment(node: object | null): node is WidgetCommentFragment {
  return node !== null && 'body' in node
}

/** The comments from the first of a thread down to one; empty if it is not shown on this article. */
async function pathTo(gateway: Gateway, articleId: string, id: string): Promise<Step[]> {
  const path: Step[] = []
  let next: string | null = id
  while (next !== null) {
    const found = await ancestorsOf(gateway, next)
    if (!found || found.article?.id !== articleId) return path
    next = null
    for (let step: Ancestor | null = found; step; step = step.parent ?? null) {
      const { id, cursor, parent } = step
      if (cursor === null) return path
      // The query stops after four parents: the last step is the first of the next query.
      if (parent === undefined) next = id
      else path.unshift({ id, cursor })
    }
  }
  return path
}

interface Ancestor {
  id: string
  cursor: string | null
  /** Null if there is none that is shown; undefined if it was not asked for. */
  parent?: Ancestor | null
}

async function ancestorsOf(gateway: Gateway, id: string) {
  const { node } = await gateway.query(WidgetAncestorsDocument, { id }).catch(noneIfInvalid)
  return node && 'cursor' in node ? (node as Ancestor & { article: { id: string } | null }) : null
}

/** An id in an address can be anything. */
function noneIfInvalid(error: unknown): { node: null } {
  if (error instanceof GatewayError && error.failure === 'NOT_FOUND') return { node: null }
  throw error
}

async function repliesAround(gateway: Gateway, parentId: string, child: Step): Promise<Page> {
  const none = { comments: [], hasOlder: false, hasNewer: false }
  const older = (await repliesPage(gateway, parentId, { last: NEIGHBOURS, before: child.cursor })) ?? none
  const after = older.comments.at(-1)?.cursor
  const rest = (await repliesPage(gateway, parentId, { first: NEIGHBOURS + 1, after })) ?? none
  return {
    comments: [...older.comments, ...rest.comments],
    hasOlder: older.hasOlder,
    hasNewer: rest.hasNewer,
  }
}

interface PageArguments {
  first?: number
  after?: string | null
  last?: number
  before?: string | null
}

async function repliesPage(gateway: Gateway, id: string, page: PageArguments): Promise<Page | null> {
  const { node } = await gateway.query(WidgetRepliesDocument, { id, ...page })
  if (!node || !('replies' in node)) return null
  return pageOf(node.replies, page.last === undefined ? 'newer' : 'older')
}

interface Connection {
  edges: readonly { node: WidgetCommentFragment }[]
  pageInfo: { hasNextPage?: boolean; hasPreviousPage?: boolean }
}

/** A page of which only the edge in the direction of reading is known to go on. */
function pageOf(connection: Connection, edge: Edge): Page {
  const { hasNextPage = false, hasPreviousPage = false } = connection.pageInfo
  return {
    comments: nodesOf(connection),
    hasOlder: edge === 'older' && hasPreviousPage,
    hasNewer: edge === 'newer' && hasNextPage,
  }
}

function nodesOf({ edges }: Pick<Connection, 'edges'>): WidgetCommentFragment[] {
  return edges.map(({ node }) => node)
}
