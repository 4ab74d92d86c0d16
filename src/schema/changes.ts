import { Forbidden, NotSignedIn } from '../base/errors.ts'
import { forwardPage } from '../graphql/arguments.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import { DEFAULT_PAGE_SIZE } from '../graphql/limits.ts'
import { CHARGED_UNLESS_REMOVALS, NEVER_CHARGED } from '../graphql/operation-charge.ts'
import { FOR_PARTNERS, FOR_SUSPENDED_PARTNERS } from '../graphql/partner-access.ts'
import { relayOptions } from '../graphql/relay.ts'
import { audienceOf } from '../licensing/partner-audience.ts'
import { type ChargedPage, readChargedChanges } from '../syndication/charged-changes.ts'
import { followChanges } from '../syndication/live.ts'
import { countRemovalRequest } from '../syndication/removal-limit.ts'
import type { AudienceChange } from '../syndication/removal-status.ts'
import { readRemovalPage } from '../syndication/removals.ts'
import { Change } from './change.ts'

const ChangeEdge = builder.objectRef<AudienceChange>('ChangeEdge').implement({
  description: 'An edge in a connection.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'A cursor for use in pagination.' }),
    node: t.field({
      type: Change,
      description: 'The item at the end of the edge.',
      resolve: (change) => change,
    }),
  }),
})

const ChangeConnection = builder.objectRef<ChargedPage>('ChangeConnection').implement({
  description: 'The connection type for Change.',
  fields: (t) => ({
    edges: t.field({
      type: [ChangeEdge],
      description: 'A list of edges, in the order of the changes.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ changes }) => changes,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Information to aid in pagination. "endCursor" is set even if the page is empty.',
      resolve: ({ changes, cursor, more }) => ({
        startCursor: changes[0]?.cursor ?? null,
        endCursor: cursor,
        hasNextPage: more,
        hasPreviousPage: false,
      }),
    }),
    removalsOnly: t.exposeBoolean('removalsOnly', {
      description:
        'True if your quota is used up: the page contains only removals. Continue after "endCursor" as usual: the ' +
        'skipped changes follow when the quota resets.',
    }),
    retryAfter: t.exposeInt('retryAfter', {
      nullable: true,
      description: 'Seconds until your quota resets; null unless "removalsOnly" is true.',
    }),
  }),
})

builder.queryField('changes', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'The changes to the articles that you may have now, or that you received before, including removals, in order ' +
      'and without gaps. Without "after", the list starts with the first change. For partners and editors.',
    extensions: { ...FOR_PARTNERS, ...CHARGED_UNLESS_REMOVALS },
    authScopes: { syndication: true },
    args: forwardPage,
    complexity: pageComplexity,
    resolve: async (_root, { first, after }, context) => {
      const audience = await audienceOf(context.viewer, context.prisma)
      return readChargedChanges(
        { audience, via: 'GRAPHQL', after: after ?? null, first: first ?? DEFAULT_PAGE_SIZE },
        context.charge,
        context,
      )
    },
  }),
)

builder.queryField('removals', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'The articles that you received and must remove. Accepts a cursor of Query.removals or Query.changes. ' +
      'Suspended partners may also use this field. For partners.',
    extensions: { ...FOR_SUSPENDED_PARTNERS, ...NEVER_CHARGED },
    args: forwardPage,
    complexity: pageComplexity,
    resolve: async (_root, { first, after }, context) => {
      const { viewer } = context
      if (viewer.role === 'anonymous') throw new NotSignedIn()
      if (viewer.partnerId === undefined)
        throw new Forbidden('Only partners can read removals. Send a partner key.')
      await countRemovalRequest(viewer.partnerId, context.removalRequests)
      const request = { partnerId: viewer.partnerId, via: 'GRAPHQL', after: after ?? null } as const
      const page = await readRemovalPage({ ...request, first: first ?? DEFAULT_PAGE_SIZE }, context)
      return { ...page, removalsOnly: true, retryAfter: null }
    },
  }),
)

builder.subscriptionField('changes', (t) =>
  t.field({
    type: Change,
    description:
      'The changes of Query.changes in real time: first all changes after the cursor, then new changes. Without ' +
      '"after", the subscription starts with the next change. For partners and editors.',
    extensions: { ...FOR_PARTNERS, ...CHARGED_UNLESS_REMOVALS },
    authScopes: { syndication: true },
    args: { after: t.arg.string(relayOptions.afterArgOptions) },
    subscribe: (_root, { after }, context) =>
      followChanges(
        { viewer: context.viewer, after: context.resumeAfter ?? after ?? null, charge: context.charge },
        context,
      ),
    resolve: (change) => change,
  }),
)
