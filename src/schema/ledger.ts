import { Forbidden, InvalidInput, NotSignedIn, RateLimited } from '../base/errors.ts'
import type { Delivery, Partner } from '../db/client/client.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { FOR_SUSPENDED_PARTNERS } from '../graphql/partner-access.ts'
import { type Acknowledgement, acknowledge } from '../syndication/acknowledge.ts'
import { articleGlobalId } from '../syndication/article-json.ts'
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

// Deliveries to partners and their acknowledgements: for editors. The mutation `acknowledge` is for partners.

const DeliveryMethod = builder.enumType('DeliveryMethod', {
  description: 'The delivery method.',
  values: {
    GRAPHQL: { description: 'A GraphQL query.' },
    SUBSCRIPTION: { description: 'A GraphQL subscription.' },
    REST: { description: 'A REST request.' },
    FEED: { description: 'A feed request.' },
    WEBHOOK: { description: 'A webhook message.' },
    WEBSUB: { description: 'A WebSub notification.' },
  } as const,
})

const DeliveryKind = builder.enumType('DeliveryKind', {
  description: 'The kind of delivery.',
  values: {
    ARTICLE: { value: 'STORY', description: 'A version of the article.' },
    REMOVAL: { description: 'A removal notice.' },
  } as const,
})

const RemovalConfirmation = builder.objectRef<Confirmation>('RemovalConfirmation').implement({
  description: "An editor's record that a partner confirmed the removal of an article.",
  fields: (t) => ({
    editorName: t.exposeString('editorName', { nullable: true, description: 'The name of the editor.' }),
    note: t.exposeString('note', { description: 'Who confirmed the removal, and how.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was recorded.' }),
  }),
})

const ArticleHolder = builder.objectRef<Holder>('ArticleHolder').implement({
  description: 'The state of an article at one partner.',
  fields: (t) => ({
    partner: t.string({ description: 'The slug of the partner.', resolve: ({ partner }) => partner.slug }),
    partnerName: t.string({
      description: 'The name of the outlet.',
      resolve: ({ partner }) => partner.name,
    }),
    version: t.exposeInt('version', { description: 'The newest version that was delivered.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When that version was delivered.' }),
    via: t.field({
      type: [DeliveryMethod],
      description: 'The delivery methods.',
      resolve: ({ via }) => via,
    }),
    confirmed: t.exposeInt('confirmed', {
      nullable: true,
      description: 'The newest version that the partner acknowledged.',
    }),
    confirmedAt: t.expose('confirmedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was acknowledged.',
    }),
    removalAttemptedAt: t.expose('removalAttemptedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the first attempt to send the removal was made.',
    }),
    removalNotifiedAt: t.expose('removalNotifiedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the removal was first delivered: the partner fetched it, answered 2xx, or confirmed it to an editor. ' +
        'Null until then.',
    }),
    confirmations: t.field({
      type: [RemovalConfirmation],
      description: 'Confirmations by phone or mail that editors recorded, latest first.',
      resolve: ({ confirmations }) => confirmations,
    }),
    removedAt: t.expose('removedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the partner confirmed the removal.',
    }),
    mayKeep: t.exposeBoolean('mayKeep', {
      description: 'Whether the licence of the partner covers the article now.',
    }),
    mustStillRemove: t.boolean({
      description: 'Whether the partner may not keep the article and has not confirmed its removal.',
      resolve: mustStillRemove,
    }),
  }),
})

export const ArticleRecall = builder.objectRef<Recall>('ArticleRecall').implement({
  description: 'The partners that received an article, and the state of its removal.',
  fields: (t) => ({
    articleId: t.id({
      description: 'The id of the article.',
      resolve: ({ articleId }) => articleGlobalId(articleId),
    }),
    withdrawn: t.field({
      type: RemovalReason,
      nullable: true,
      description: 'Why the article is withdrawn for all partners; null if it may be shown.',
      resolve: ({ withdrawn }) => withdrawn,
    }),
    isComplete: t.boolean({
      description: 'Whether every partner that must remove the article has confirmed its removal.',
      resolve: ({ holders }) => !holders.some(mustStillRemove),
    }),
    holders: t.field({
      type: [ArticleHolder],
      description: 'The partners that received the article. Those that must still remove it come first.',
      resolve: ({ holders }) => holders,
    }),
  }),
})

builder.queryField('recall', (t) =>
  t.field({
    type: ArticleRecall,
    description:
      'The partners that received an article, with version and time, and the state of its removal. For editors.',
    authScopes: { role: 'editor' },
    args: { articleId: t.arg.id({ required: true, description: 'The id of the article.' }) },
    resolve: (_root, { articleId }, context) => recall(rowIdOf('Article', articleId), context),
  }),
)

type LedgerLine = Delivery & { partner: Pick<Partner, 'slug' | 'name'> }

const LedgerEntry = builder.objectRef<LedgerLine>('LedgerEntry').implement({
  description: 'An entry of the ledger: a version of an article, or its removal, was sent to a partner.',
  fields: (t) => ({
    partner: t.string({ description: 'The slug of the partner.', resolve: ({ partner }) => partner.slug }),
    articleId: t.id({
      description: 'The id of the article.',
      resolve: ({ articleId }) => articleGlobalId(articleId),
    }),
    version: t.exposeInt('version', { description: 'The version; for a removal, the withdrawn version.' }),
    kind: t.field({ type: DeliveryKind, description: 'The kind of delivery.', resolve: ({ kind }) => kind }),
    via: t.field({ type: DeliveryMethod, description: 'The delivery method.', resolve: ({ via }) => via }),
    firstAt: t.expose('firstAt', {
      type: 'DateTime',
      description: 'When it was first fetched or sent by this method.',
    }),
    lastAt: t.expose('lastAt', {
      type: 'DateTime',
      description: 'When it was last fetched or sent by this method.',
    }),
    times: t.exposeInt('times', { description: 'How often it was fetched or sent.' }),
    deliveredAt: t.expose('deliveredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was first delivered: the partner fetched it or answered 2xx. Null until then.',
    }),
    failures: t.exposeInt('failures', { description: 'The number of failed attempts.' }),
    failedAt: t.expose('failedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last attempt failed.',
    }),
    failure: t.exposeString('failure', {
      nullable: true,
      description: 'The error of the last failed attempt.',
    }),
    acknowledgedAt: t.expose('acknowledgedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the partner acknowledged it.',
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
      description: 'The deliveries to partners, latest first. For editors.',
      authScopes: { role: 'editor' },
      args: {
        articleId: t.arg.id({ description: 'Filters by article.' }),
        partner: t.arg.string({ description: 'Filters by the slug of the partner.' }),
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
  description: 'The cursor is unknown. Start again without a cursor.',
  interfaces: [ErrorInterface],
})

const ChangesAcknowledged = builder.objectRef<Acknowledgement>('ChangesAcknowledged').implement({
  description: 'The result of the acknowledgement.',
  fields: (t) => ({
    confirmed: t.exposeInt('confirmed', {
      description: 'The number of articles that were acknowledged with this call.',
    }),
    removed: t.exposeInt('removed', {
      description: 'The number of removals that were acknowledged with this call.',
    }),
  }),
})

const AcknowledgeInput = builder.inputType('AcknowledgeInput', {
  description: 'The changes that you have applied.',
  fields: (t) => ({
    cursor: t.string({ required: true, description: 'The cursor of the last change that you have applied.' }),
  }),
})

builder.mutationField('acknowledge', (t) =>
  t.field({
    type: ChangesAcknowledged,
    description:
      'Acknowledges all changes up to a cursor: you have stored or removed these articles. For partners.',
    extensions: FOR_SUSPENDED_PARTNERS,
    args: { input: t.arg({ type: AcknowledgeInput, required: true, description: 'The cursor.' }) },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput, UnknownCursor, RateLimited] },
    resolve: async (_root, { input: { cursor } }, { viewer, prisma, now, removalRequests }) => {
      if (viewer.role === 'anonymous') throw new NotSignedIn()
      if (viewer.partnerId === undefined)
        throw new Forbidden('Only partners can acknowledge changes. Send a partner key.')
      await countRemovalRequest(viewer.partnerId, removalRequests)
      return acknowledge({ partnerId: viewer.partnerId, cursor }, { prisma, now })
    },
  }),
)
