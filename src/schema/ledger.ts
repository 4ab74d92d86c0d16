import type { Delivery, Partner } from '../db/client/client.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { articleGlobalId } from '../syndication/article-json.ts'
import { DeliveryMethod } from './delivery-method.ts'

// The ledger of deliveries to partners: for editors.

const DeliveryKind = builder.enumType('DeliveryKind', {
  description: 'The kind of delivery.',
  values: {
    ARTICLE: { description: 'A version of the article.' },
    REMOVAL: { description: 'A removal notice.' },
  } as const,
})

type LedgerLine = Delivery & { partner: Pick<Partner, 'slug' | 'name'> }

const LedgerEntry = builder.objectRef<LedgerLine>('LedgerEntry').implement({
  description: 'An entry of the ledger: a version of an article, or a removal, that was sent to a partner.',
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
      description: 'When the version or removal was first fetched or sent by this method.',
    }),
    lastAt: t.expose('lastAt', {
      type: 'DateTime',
      description: 'When the version or removal was last fetched or sent by this method.',
    }),
    times: t.exposeInt('times', {
      description: 'The number of times that the version or removal was fetched or sent by this method.',
    }),
    deliveredAt: t.expose('deliveredAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the version or removal was first delivered: the partner fetched it or answered 2xx. Null before that.',
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
      description: 'When the partner acknowledged the version or removal.',
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
        const articleId = args.articleId == null ? undefined : rowIdOf('Article', args.articleId)
        const partner =
          args.partner == null
            ? null
            : await db.partner.findUnique({ where: { slug: args.partner }, select: { id: true } })
        if (args.partner != null && !partner) return newestFirst.page([], args)
        const where = {
          articleId,
          // By its id, so that the entries are read in the order of an index.
          partnerId: partner?.id,
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
