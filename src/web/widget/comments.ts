import type { WidgetCommentFragment, WidgetFeedEventFragment } from '../../../schema/documents.ts'

// The comments that the widget has loaded, and how pages and feed events change them. Every function is pure.

/** A comment with the id of the comment that it replies to, or ROOT. */
export type Comment = WidgetCommentFragment & { parentId: string }

/** In place of the id of a parent: the comments that are not replies. */
export const ROOT = ''

/** A part of a list without gaps: the comments that are not replies, or the replies to one comment. */
export interface Section {
  /** Earliest approval first. */
  ids: readonly string[]
  /** Whether the gateway has earlier ones than the first. */
  hasOlder: boolean
  /** Whether the gateway has later ones than the last, besides the new ones. */
  hasNewer: boolean
  /** The new ones: approved while the page is open, and not among `ids` yet. Earliest approval first. */
  fresh: readonly string[]
  /** The clock when the section was opened. */
  openedAt: number
}

export interface Comments {
  byId: ReadonlyMap<string, Comment>
  /** By the id of the parent, or ROOT. */
  sections: ReadonlyMap<string, Section>
  /** The ids of retracted comments. They never become public again. */
  removed: ReadonlySet<string>
  /** The numbers of replies that events brought, each with the clock of the event. */
  replyCounts: ReadonlyMap<string, { count: number; clock: number }>
  /** Grows with each event, and with each list of replies that is opened. */
  clock: number
  /** The number of approved comments of the article, replies included. */
  count: number
}

/** A page of a list, earliest approval first. */
export interface Page {
  comments: readonly WidgetCommentFragment[]
  hasOlder: boolean
  hasNewer: boolean
}

export type Edge = 'older' | 'newer'
type Approved = Extract<WidgetFeedEventFragment, { __typename: 'CommentApproved' }>
type Retracted = Extract<WidgetFeedEventFragment, { __typename: 'CommentRetracted' }>

const NONE: Section = { ids: [], hasOlder: true, hasNewer: true, fresh: [], openedAt: 0 }

/** The comments of an article as first loaded. */
export function openComments(page: Page, count: number): Comments {
  const empty: Comments = {
    byId: new Map(),
    sections: new Map([[ROOT, NONE]]),
    removed: new Set(),
    replyCounts: new Map(),
    clock: 0,
    count,
  }
  return addPage(empty, { parentId: ROOT, page, edge: null, since: 0 })
}

/** Opens the list of replies to a comment, before its first page is loaded: from then on, new replies are kept. */
export function openReplies(state: Comments, parentId: string): Comments {
  if (state.sections.has(parentId)) return state
  const clock = state.clock + 1
  return withSection({ ...state, clock }, parentId, { ...NONE, openedAt: clock })
}

export interface AddedPage {
  parentId: string
  page: Page
  /** The edge of the section that the page continues; null for the first page of a section. */
  edge: Edge | null
  /** The clock when the page was requested. */
  since: number
}

/** Whether a page was requested before its section was closed and opened again: then events may be missing. */
export function isOutdated(
  state: Comments,
  { parentId, since }: Pick<AddedPage, 'parentId' | 'since'>,
): boolean {
  const section = state.sections.get(parentId)
  return section !== undefined && section.openedAt > since
}

/** Adds a page. What events changed after the page was requested wins over the page. */
export function addPage(state: Comments, { parentId, page, edge, since }: AddedPage): Comments {
  const section = state.sections.get(parentId)
  if (!section || section.openedAt > since) return state
  const known = new Set(section.ids)
  const added = page.comments.filter(({ id }) => !known.has(id) && !state.removed.has(id))
  const byId = new Map(state.byId)
  for (const comment of page.comments) {
    if (state.removed.has(comment.id)) continue
    const newer = state.replyCounts.get(comment.id)
    const replyCount = newer && newer.clock > since ? newer.count : comment.replyCount
    byId.set(comment.id, { ...comment, parentId, replyCount })
  }
  const ids = added.map(({ id }) => id)
  const merged = edge === 'older' ? [...ids, ...section.ids] : [...section.ids, ...ids]
  const shown = new Set(merged)
  return withSection({ ...state, byId }, parentId, {
    ids: merged,
    hasOlder: edge === 'newer' ? section.hasOlder : page.hasOlder,
    hasNewer: edge === 'older' ? section.hasNewer : page.hasNewer,
    openedAt: section.openedAt,
    fresh: section.fresh.filter((id) => !shown.has(id)),
  })
}

/** Shows the new comments of a section at its end. Not possible before its end is loaded. */
export function showFresh(state: Comments, parentId: string): Comments {
  const section = state.sections.get(parentId)
  if (!section || section.hasNewer || section.fresh.length === 0) return state
  return withSection(state, parentId, { ...section, ids: [...section.ids, ...section.fresh], fresh: [] })
}

/** Closes the list of replies to a comment, and the lists below it. */
export function closeReplies(state: Comments, parentId: string): Comments {
  const next = withoutSection(state, parentId)
  return state.removed.has(parentId) ? withoutComment(next, parentId) : next
}

/**
 * Applies an event. Applying it again changes nothing.
 * @param replyTo the comment that the reader writes a reply to: its place stays
 */
export function applyEvent(
  state: Comments,
  event: Approved | Retracted,
  replyTo: string | null = null,
): Comments {
  const counted = withParentCount({ ...state, count: event.commentCount, clock: state.clock + 1 }, event)
  return event.__typename === 'CommentApproved'
    ? approve(counted, event)
    : retract(counted, event.commentId, replyTo)
}

function approve(state: Comments, { comment: { parent, isReply, ...comment } }: Approved): Comments {
  const parentId = isReply ? parent?.id : ROOT
  const section = parentId === undefined ? undefined : state.sections.get(parentId)
  if (parentId === undefined || !section) return state
  const { id } = comment
  if (state.removed.has(id) || section.fresh.includes(id) || section.ids.includes(id)) return state
  const byId = new Map(state.byId).set(id, { ...comment, parentId })
  return withSection({ ...state, byId }, parentId, { ...section, fresh: [...section.fresh, id] })
}

/** The reader no longer replies to a comment: a retracted one without replies disappears. */
export function endReply(state: Comments, id: string): Comments {
  if (!state.removed.has(id) || !state.byId.has(id) || hasReplies(state, id)) return state
  return withoutComment(withoutSection(state, id), id)
}

/** A retracted comment disappears. If its replies are shown, its place stays, without its text. */
function retract(state: Comments, id: string, replyTo: string | null): Comments {
  const next = { ...state, removed: new Set(state.removed).add(id) }
  const comment = state.byId.get(id)
  if (!comment) return next
  if (id === replyTo || hasReplies(state, id)) {
    const blank = { ...comment, body: '', author: { displayName: '' } }
    return { ...next, byId: new Map(state.byId).set(id, blank) }
  }
  return withoutComment(withoutSection(next, id), id)
}

/** Whether replies to a comment are here. */
function hasReplies(state: Comments, id: string): boolean {
  const { ids, fresh } = state.sections.get(id) ?? NONE
  return ids.length + fresh.length > 0
}

function withParentCount(state: Comments, event: Approved | Retracted): Comments {
  const parent = event.__typename === 'CommentApproved' ? event.comment.parent : event.parent
  if (!parent) return state
  const { id, replyCount } = parent
  const replyCounts = new Map(state.replyCounts).set(id, { count: replyCount, clock: state.clock })
  const comment = state.byId.get(id)
  if (!comment || state.removed.has(id)) return { ...state, replyCounts }
  return { ...state, replyCounts, byId: new Map(state.byId).set(id, { ...comment, replyCount }) }
}

function withSection(state: Comments, parentId: string, section: Section): Comments {
  return { ...state, sections: new Map(state.sections).set(parentId, section) }
}

/** Forgets a list of replies with everything below it. */
function withoutSection(state: Comments, parentId: string): Comments {
  if (!state.sections.has(parentId)) return state
  const sections = new Map(state.sections)
  const byId = new Map(state.byId)
  const forget = (parent: string) => {
    const { ids, fresh } = sections.get(parent) ?? NONE
    sections.delete(parent)
    for (const id of [...ids, ...fresh]) {
      byId.delete(id)
      forget(id)
    }
  }
  forget(parentId)
  return { ...state, sections, byId }
}

/** Takes a comment out of its list, and its parent too if that was retracted and has no other replies here. */
function withoutComment(state: Comments, id: string): Comments {
  const comment = state.byId.get(id)
  const section = comment && state.sections.get(comment.parentId)
  if (!section) return state
  const { parentId } = comment
  const byId = new Map(state.byId)
  byId.delete(id)
  const rest = {
    ...section,
    ids: section.ids.filter((each) => each !== id),
    fresh: section.fresh.filter((each) => each !== id),
  }
  const next = withSection({ ...state, byId }, parentId, rest)
  const isEmpty = rest.ids.length + rest.fresh.length === 0 && !rest.hasOlder && !rest.hasNewer
  return isEmpty && state.removed.has(parentId) ? closeReplies(next, parentId) : next
}
