import { NotFound } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { rowIdOf } from '../graphql/ids.ts'
import type { QueueEvent } from '../live/queue-event.ts'
import { canonicalLanguage } from '../text/language.ts'
import { Comment } from './comment.ts'
import { Decision } from './decision.ts'

type Ready = Extract<QueueEvent, { kind: 'READY' }>
type Queued = Extract<QueueEvent, { kind: 'QUEUED' }>
type Decided = Extract<QueueEvent, { kind: 'DECIDED' }>
type Reset = Extract<QueueEvent, { kind: 'RESET' }>

const QueueReady = builder.objectRef<Ready>('QueueReady').implement({
  description: 'The first event: what happens from now on is sent. Load the queue now.',
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When the subscription started.' }),
  }),
})

const CommentQueued = builder.objectRef<Queued>('CommentQueued').implement({
  description: 'A comment was submitted.',
  fields: (t) => ({
    commentId: t.globalID({ description: 'The id of the comment.', resolve: idOf }),
    comment: t.prismaField({
      type: Comment,
      description: 'The comment as it is now. If it is already decided, its DecisionMade event follows.',
      resolve: async (query, { commentId }, _args, { db }) =>
        existing('comment', await db.comment.findUnique({ ...query, where: { id: commentId } })),
    }),
  }),
})

const DecisionMade = builder.objectRef<Decided>('DecisionMade').implement({
  description: 'A comment was approved or rejected. The rejection of an approved comment retracts it.',
  fields: (t) => ({
    commentId: t.globalID({ description: 'The id of the comment.', resolve: idOf }),
    comment: t.prismaField({
      type: Comment,
      description: 'The comment as it is now. If it was decided again, another DecisionMade event follows.',
      resolve: async (query, { commentId }, _args, { db }) =>
        existing('comment', await db.comment.findUnique({ ...query, where: { id: commentId } })),
    }),
    decision: t.prismaField({
      type: Decision,
      description: 'The decision.',
      resolve: async (query, { decisionId }, _args, { db }) =>
        existing('decision', await db.decision.findUnique({ ...query, where: { id: decisionId } })),
    }),
  }),
})

const QueueReset = builder.objectRef<Reset>('QueueReset').implement({
  description: 'Events were missed. Load the queue again; the events after this one are complete.',
  fields: (t) => ({
    reason: t.field({ type: QueueResetReason, description: 'The reason.', resolve: ({ reason }) => reason }),
  }),
})

const QueueResetReason = builder.enumType('QueueResetReason', {
  description: 'The reason that events of the moderation queue were missed.',
  values: {
    OTHER_HISTORY: { description: 'The database was restored or failed over.' },
    EVENTS_MISSED: {
      description: 'Too many comments changed at once, or the database was unavailable for too long.',
    },
  } as const,
})

const typeOfKind = {
  READY: QueueReady,
  QUEUED: CommentQueued,
  DECIDED: DecisionMade,
  RESET: QueueReset,
} as const

const ModerationQueueEvent = builder.unionType('ModerationQueueEvent', {
  description: 'An event of the moderation queue.',
  types: [QueueReady, CommentQueued, DecisionMade, QueueReset],
  resolveType: (event) => typeOfKind[event.kind],
})

const ModerationEventFilter = builder.inputType('ModerationEventFilter', {
  description: 'Filters events of the moderation queue by comment. All given conditions must match.',
  fields: (t) => ({
    articleId: t.id({ description: 'Filters by article.' }),
    language: t.string({ description: 'Filters by the language that the reader declared.' }),
  }),
})

builder.subscriptionField('moderationQueue', (t) =>
  t.field({
    type: ModerationQueueEvent,
    description:
      'What enters and leaves the moderation queue, in real time: each submission and each decision once, in order for ' +
      'each comment. Subscribe first. After QueueReady, load Query.moderationQueue, then apply the events by the id of ' +
      'the comment, also those that arrived during loading: the loaded queue may already include their effect. After a ' +
      'reconnect and after QueueReset, load again. For moderators.',
    authScopes: { role: 'moderator' },
    args: { filter: t.arg({ type: ModerationEventFilter, description: 'Filters events.' }) },
    subscribe: (_root, { filter }, { queueEvents, viewer, requester }) =>
      queueEvents.subscribe(
        {
          articleId: filter?.articleId == null ? undefined : rowIdOf('Article', filter.articleId),
          language: filter?.language == null ? undefined : canonicalLanguage(filter.language),
        },
        { viewer, requester },
      ),
    resolve: (event) => event,
  }),
)

function idOf({ commentId }: { commentId: string }) {
  return { type: 'Comment' as const, id: commentId }
}

/** A missing row is an error for the client, and not of the gateway: it would execute the event again and again. */
function existing<Row>(what: string, row: Row | null): Row {
  if (row === null) throw new NotFound(what)
  return row
}
