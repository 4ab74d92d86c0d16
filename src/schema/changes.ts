import { notAllowed } from '../auth/refusal.ts'
import { hasRole } from '../auth/viewer.ts'
import { Forbidden, NotSignedIn } from '../base/errors.ts'
import { forwardPage } from '../graphql/arguments.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { pageComplexity } from '../graphql/connections.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { DEFAULT_PAGE_SIZE } from '../graphql/limits.ts'
import { FOR_PARTNERS, FOR_SUSPENDED_PARTNERS } from '../graphql/partner-access.ts'
import { relayOptions } from '../graphql/relay.ts'
import { audienceOf } from '../licensing/partner-audience.ts'
import { type ChargedPage, readChargedChanges } from '../syndication/charged-changes.ts'
import { followChanges } from '../syndication/live.ts'
import { ArticleGone, licensedArticle } from '../syndication/load-licensed-article.ts'
import { countRemovalRequest } from '../syndication/removal-limit.ts'
import type { AudienceChange, RemovalNotice } from '../syndication/removal-status.ts'
import { readRemovalPage } from '../syndication/removals.ts'
import { LicensedArticle } from './licensed-article.ts'

const ChangeKind = builder.enumType('ChangeKind', {
  description: 'The kind of change.',
  values: {
    PUBLISHED: { description: 'It became visible: newly published, released, or its embargo ended.' },
    UPDATED: { description: 'Its text, images or headline fields changed.' },
    CORRECTED: { description: 'It was corrected, with a notice for readers.' },
    EMBARGOED: { description: 'It is under embargo: it may not be shown before a future time.' },
    WITHHELD: { description: 'It was withheld.' },
    CANCELED: { description: 'It was canceled.' },
    RIGHTS_CHANGED: { description: 'The rights to the article or to one of its images changed.' },
    COMMENTING_CHANGED: { description: 'Its comments were opened or closed.' },
  } as const,
})

export const RemovalReason = builder.enumType('RemovalReason', {
  description: 'The reason for a removal.',
  values: {
    WITHHELD: { description: 'It was withheld. It may be released later.' },
    CANCELED: { description: 'It was canceled. It must not be used again.' },
    EMBARGOED: { description: 'It is under embargo: it may not be shown before a future time.' },
    LICENCE: { description: 'The licence does not cover it.' },
  } as const,
})

const PUBLIC_REASON = 'The reason, for the public; null if the newsroom gave none.'
const ADVISORY = 'Instructions besides removing the article; null if the newsroom gave none.'

const Change = builder.interfaceRef<AudienceChange>('Change').implement({
  description: 'A change of an article. Apply changes in order.',
  resolveType: ({ outcome }) => ('article' in outcome ? 'ArticleChanged' : 'ArticleRemoved'),
  fields: (t) => ({
    cursor: t.exposeString('cursor', {
      description: 'The cursor of the change. Pass it as "after" to continue.',
    }),
    kind: t.field({ type: ChangeKind, description: 'The kind of change.', resolve: ({ kind }) => kind }),
    at: t.expose('at', { type: 'DateTime', description: 'When the change happened.' }),
    articleId: t.globalID({
      description: 'The id of the article.',
      resolve: ({ articleId }) => ({ type: 'Article', id: articleId }),
    }),
    version: t.exposeInt('version', { description: 'The current version of the article.' }),
  }),
})

builder.objectRef<AudienceChange>('ArticleChanged').implement({
  description: 'The article is licensed to you: store the current version.',
  interfaces: [Change],
  fields: (t) => ({
    article: t.field({
      type: LicensedArticle,
      description: 'The current version of the article. It may be newer than this change.',
      resolve: ({ outcome }) => ('article' in outcome ? outcome.article : (null as never)),
    }),
  }),
})

builder.objectRef<AudienceChange>('ArticleRemoved').implement({
  description: 'You may not keep the article: remove it everywhere.',
  interfaces: [Change],
  fields: (t) => ({
    reason: t.field({
      type: RemovalReason,
      description: 'The reason for the removal.',
      resolve: (change) => noticeIn(change).removed,
    }),
    publicReason: t.string({
      nullable: true,
      description: PUBLIC_REASON,
      resolve: (change) => noticeIn(change).publicReason,
    }),
    advisory: t.string({
      nullable: true,
      description: ADVISORY,
      resolve: (change) => noticeIn(change).advisory,
    }),
  }),
})

function noticeIn({ outcome }: AudienceChange): RemovalNotice {
  return 'removed' in outcome ? outcome : (null as never)
}

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
      'Changes of the articles that you may have or had, in order and without gaps, including removals. Without ' +
      '"after", it starts with the first change. For partners and editors.',
    extensions: FOR_PARTNERS,
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

builder.queryField('licensedArticle', (t) =>
  t.field({
    type: LicensedArticle,
    nullable: true,
    description:
      'The licensed version of an article; null if it is not licensed to you. For partners and editors.',
    extensions: FOR_PARTNERS,
    authScopes: { syndication: true },
    args: { id: t.arg.id({ required: true, description: 'The id of the article.' }) },
    resolve: async (_root, { id }, context) => {
      try {
        return await licensed(id, context)
      } catch (error) {
        if (error instanceof ArticleGone) return null
        throw error
      }
    },
  }),
)

builder.objectType(ArticleGone, {
  name: 'ArticleGone',
  description: 'You received the article and may no longer keep it: remove it everywhere.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    articleId: t.globalID({
      description: 'The id of the article.',
      resolve: ({ articleId }) => ({ type: 'Article', id: articleId }),
    }),
    reason: t.field({
      type: RemovalReason,
      description: 'The reason for the removal.',
      resolve: ({ notice }) => notice.removed,
    }),
    publicReason: t.string({
      nullable: true,
      description: PUBLIC_REASON,
      resolve: ({ notice }) => notice.publicReason,
    }),
    advisory: t.string({ nullable: true, description: ADVISORY, resolve: ({ notice }) => notice.advisory }),
  }),
})

builder.queryField('licensedArticleResult', (t) =>
  t.field({
    type: LicensedArticle,
    nullable: true,
    description:
      'The same as Query.licensedArticle, with the reason if you received the article and must remove it. For ' +
      'partners and editors.',
    extensions: FOR_PARTNERS,
    authScopes: { syndication: true },
    args: { id: t.arg.id({ required: true, description: 'The id of the article.' }) },
    errors: { types: [ArticleGone], union: { name: 'LicensedArticleResult' } },
    resolve: (_root, { id }, context) => licensed(id, context),
  }),
)

async function licensed(id: string, context: Context) {
  const audience = await audienceOf(context.viewer, context.prisma)
  return licensedArticle({ articleId: rowIdOf('Article', id), audience, via: 'GRAPHQL' }, context)
}

builder.queryField('removals', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'The articles that you received and must remove. Accepts a cursor of Query.removals or Query.changes. ' +
      'Suspended partners may read it too. For partners.',
    extensions: FOR_SUSPENDED_PARTNERS,
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
      'The changes of Query.changes in real time: first all changes after the cursor, then new ones. Without ' +
      '"after", it starts with the next change. For partners and editors.',
    extensions: FOR_PARTNERS,
    args: { after: t.arg.string(relayOptions.afterArgOptions) },
    subscribe: (_root, { after }, context) => follow(after ?? null, context) as never,
    resolve: (change) => change as AudienceChange,
  }),
)

function follow(after: string | null, context: Context) {
  const { viewer } = context
  if (viewer.role !== 'partner' && !hasRole(viewer, 'editor')) throw notAllowed(viewer)
  return followChanges({ viewer, after: context.resumeAfter ?? after, charge: context.charge }, context)
}
