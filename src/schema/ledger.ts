import { Forbidden, InvalidInput, NotSignedIn, RateLimited } from '../base/errors.ts'
import type { Delivery, Partner } from '../db/client/client.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { FOR_SUSPENDED_PARTNERS } from '../graphql/partner-access.ts'
import { type Acknowledgement, acknowledge } from '../syndication/acknowledge.ts'
import { storyId } from '../syndication/article-json.ts'
import { UnknownCursor } from '../syndication/cursor.ts'
import {
  type Confirmation,
  type Holder,
  mustStillRemove,
  type Recall,
  recall,
} from '../syndication/recall.ts'
import { countRemovalRequest } from '../syndication/removal-limit.ts'
import { RemovalReason } from './changes.ts'

// Who was given what, and who confirmed: for editors, but for the confirmation itself, which is the partners'.

const DeliveryWay = builder.enumType('DeliveryWay', {
  description: 'How a partner was given something.',
  values: {
    GRAPHQL: { description: 'It asked in GraphQL.' },
    SUBSCRIPTION: { description: 'It was subscribed in GraphQL.' },
    REST: { description: 'It asked over REST.' },
    FEED: { description: 'It read a feed.' },
    WEBHOOK: { description: 'It was sent a webhook.' },
    WEBSUB: { description: 'It was sent a feed.' },
  } as const,
})

const DeliveryKind = builder.enumType('DeliveryKind', {
  description: 'What a partner was given.',
  values: {
    STORY: { description: 'The story as it may have it.' },
    REMOVAL: { description: 'The word that the story must be removed.' },
  } as const,
})

const RemovalConfirmation = builder.objectRef<Confirmation>('RemovalConfirmation').implement({
  description: "An editor's record that a partner confirmed the removal of a story.",
  fields: (t) => ({
    editorName: t.exposeString('editorName', { nullable: true, description: "The editor's name." }),
    note: t.exposeString('note', { description: 'Who confirmed the removal, and how.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was recorded.' }),
  }),
})

const StoryHolder = builder.objectRef<Holder>('StoryHolder').implement({
  description: 'Where one partner stands with one story.',
  fields: (t) => ({
    partner: t.string({ description: "The partner's slug.", resolve: ({ partner }) => partner.slug }),
    partnerName: t.string({
      description: 'What the outlet is called.',
      resolve: ({ partner }) => partner.name,
    }),
    version: t.exposeInt('version', { description: 'The newest version that it was given.' }),
    since: t.expose('since', { type: 'DateTime', description: 'Since when it has that version.' }),
    via: t.field({
      type: [DeliveryWay],
      description: 'How it was given the story.',
      resolve: ({ via }) => via,
    }),
    confirmed: t.exposeInt('confirmed', {
      nullable: true,
      description: 'The newest version that it confirmed to have taken over.',
    }),
    confirmedAt: t.expose('confirmedAt', { type: 'DateTime', nullable: true, description: 'When.' }),
    removalAttemptedAt: t.expose('removalAttemptedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first attempt was made to tell the partner to remove the story.',
    }),
    removalToldAt: t.expose('removalToldAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the partner first fetched the removal, answered it with 2xx, or confirmed it to an editor. Null until ' +
        'then.',
    }),
    confirmations: t.field({
      type: [RemovalConfirmation],
      description: 'Confirmations by phone or mail that editors recorded, latest first.',
      resolve: ({ confirmations }) => confirmations,
    }),
    removedAt: t.expose('removedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it confirmed that the story is gone.',
    }),
    mayKeep: t.exposeBoolean('mayKeep', { description: 'Whether it may have the story now.' }),
    mustStillRemove: t.boolean({
      description: 'Whether it has a story that it may not keep, as far as it has confirmed.',
      resolve: mustStillRemove,
    }),
  }),
})

export const StoryRecall = builder.objectRef<Recall>('StoryRecall').implement({
  description: 'Who has a story, and who confirmed that it is gone.',
  fields: (t) => ({
    articleId: t.id({ description: 'The story.', resolve: ({ articleId }) => storyId(articleId) }),
    withdrawn: t.field({
      type: RemovalReason,
      nullable: true,
      description: 'Why the story is withdrawn from everybody; null while it may be shown.',
      resolve: ({ withdrawn }) => withdrawn,
    }),
    isComplete: t.boolean({
      description: 'Whether nobody has it any more who may not keep it.',
      resolve: ({ holders }) => !holders.some(mustStillRemove),
    }),
    holders: t.field({
      type: [StoryHolder],
      description: 'Every partner that was ever given it; who must still remove it comes first.',
      resolve: ({ holders }) => holders,
    }),
  }),
})

builder.queryField('recall', (t) =>
  t.field({
    type: StoryRecall,
    description:
      'Who has a story, in which version and since when, and who confirmed its removal. For editors.',
    authScopes: { role: 'editor' },
    args: { articleId: t.arg.id({ required: true, description: 'The story.' }) },
    resolve: (_root, { articleId }, context) => recall(rowIdOf('Article', articleId), context),
  }),
)

type LedgerLine = Delivery & { partner: Pick<Partner, 'slug' | 'name'> }

const LedgerEntry = builder.objectRef<LedgerLine>('LedgerEntry').implement({
  description:
    'One line of the ledger: a version of a story, or the word that it must go, went to a partner.',
  fields: (t) => ({
    partner: t.string({ description: "The partner's slug.", resolve: ({ partner }) => partner.slug }),
    storyId: t.id({ description: 'The story.', resolve: ({ articleId }) => storyId(articleId) }),
    version: t.exposeInt('version', { description: 'The version; of a removal, the one that is withdrawn.' }),
    kind: t.field({ type: DeliveryKind, description: 'What it was.', resolve: ({ kind }) => kind }),
    via: t.field({ type: DeliveryWay, description: 'How it went.', resolve: ({ via }) => via }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      description: 'When it was first fetched this way, or when the first attempt to send it was made.',
    }),
    lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When it last did.' }),
    times: t.exposeInt('times', { description: 'How often it was sent or fetched.' }),
    toldAt: t.expose('toldAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it first arrived: the partner fetched it, or answered with 2xx. Null until then.',
    }),
    failures: t.exposeInt('failures', { description: 'How many attempts failed.' }),
    failedAt: t.expose('failedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When an attempt last failed.',
    }),
    failure: t.exposeString('failure', {
      nullable: true,
      description: 'The error of the last failed attempt.',
    }),
    acknowledgedAt: t.expose('acknowledgedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the partner confirmed it.',
    }),
  }),
})

const newestFirst = keyset<Pick<Delivery, 'firstAt' | 'id'>>(
  { field: 'firstAt', direction: 'desc', kind: 'date' },
  { field: 'id', direction: 'desc', kind: 'uuid' },
)

builder.queryField('ledger', (t) =>
  t.connection(
    {
      type: LedgerEntry,
      description: 'Every delivery to partners, latest first. For editors.',
      authScopes: { role: 'editor' },
      args: {
        articleId: t.arg.id({ description: 'Of this story only.' }),
        partner: t.arg.string({ description: 'To the partner with this slug only.' }),
      },
      complexity: pageComplexity,
      resolve: async (_root, args, { db }) => {
        const { where: bounds, ...page } = newestFirst.query(args)
        const where = {
          articleId: args.articleId == null ? undefined : rowIdOf('Article', args.articleId),
          partner: args.partner == null ? undefined : { slug: args.partner },
        }
        const rows = await db.delivery.findMany({
          ...page,
          where: { AND: [where, bounds] },
          include: { partner: { select: { slug: true, name: true } } },
        })
        return newestFirst.page(rows, args)
      },
    },
    { name: 'LedgerConnection' },
    { name: 'LedgerEdge' },
  ),
)

builder.objectType(UnknownCursor, {
  name: 'UnknownCursor',
  description: 'The cursor is not one of this history: begin again without one.',
  interfaces: [ErrorInterface],
})

const ChangesAcknowledged = builder.objectRef<Acknowledgement>('ChangesAcknowledged').implement({
  description: 'What the ledger says now.',
  fields: (t) => ({
    confirmed: t.exposeInt('confirmed', {
      description: 'Stories that you newly confirmed to have taken over.',
    }),
    removed: t.exposeInt('removed', { description: 'Stories that you newly confirmed to have removed.' }),
  }),
})

const AcknowledgeInput = builder.inputType('AcknowledgeInput', {
  description: 'How far you have come.',
  fields: (t) => ({
    cursor: t.string({ required: true, description: 'Every change up to this cursor is applied.' }),
  }),
})

builder.mutationField('acknowledge', (t) =>
  t.field({
    type: ChangesAcknowledged,
    description:
      'Confirms that every change up to a cursor is applied: taken over, or removed. For partners.',
    extensions: FOR_SUSPENDED_PARTNERS,
    args: { input: t.arg({ type: AcknowledgeInput, required: true, description: 'How far.' }) },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput, UnknownCursor, RateLimited] },
    resolve: async (_root, { input: { cursor } }, { viewer, prisma, now, removalRequests }) => {
      if (viewer.role === 'anonymous') throw new NotSignedIn()
      if (viewer.partnerId === undefined) throw new Forbidden('Only a partner confirms what it has.')
      await countRemovalRequest(viewer.partnerId, removalRequests)
      return acknowledge({ partnerId: viewer.partnerId, cursor }, { prisma, now })
    },
  }),
)
