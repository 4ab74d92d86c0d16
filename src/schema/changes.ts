import { notAllowed } from '../auth/refusal.ts'
import { hasRole } from '../auth/viewer.ts'
import { Forbidden, NotSignedIn } from '../base/errors.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { DEFAULT_PAGE, MAX_PAGE } from '../graphql/limits.ts'
import { FOR_PARTNERS, FOR_SUSPENDED_PARTNERS } from '../graphql/partner-access.ts'
import { audienceOf } from '../licensing/partner-audience.ts'
import { type ChargedPage, readCharged } from '../syndication/charged-changes.ts'
import { followChanges } from '../syndication/live.ts'
import { licensedStory, StoryGone } from '../syndication/load-licensed-article.ts'
import { countRemovalRequest } from '../syndication/removal-limit.ts'
import type { RemovalNotice, ToldChange } from '../syndication/removal-status.ts'
import { readRemovalPage } from '../syndication/removals.ts'
import { LicensedStory } from './licensed-article.ts'

const ChangeKind = builder.enumType('ChangeKind', {
  description: 'What happened to a story.',
  values: {
    PUBLISHED: { description: 'It came into view: new, back, or its embargo lifted.' },
    UPDATED: { description: 'It has other words, pictures or furniture.' },
    CORRECTED: { description: 'It was corrected, with words for its readers.' },
    EMBARGOED: { description: 'It may not be shown before a moment that lies ahead.' },
    WITHHELD: { description: 'It was taken from view for now.' },
    CANCELED: { description: 'It was killed.' },
    RIGHTS_CHANGED: { description: 'Who may have it, or a picture in it, changed.' },
    COMMENTING_CHANGED: { description: 'Its comments were opened or closed.' },
  } as const,
})

export const RemovalReason = builder.enumType('RemovalReason', {
  description: 'Why a story may not be kept.',
  values: {
    WITHHELD: { description: 'It was taken from view for now; it may come back.' },
    CANCELED: { description: 'It was killed: it must not be used again.' },
    EMBARGOED: { description: 'It may not be shown before a moment that lies ahead.' },
    LICENCE: { description: 'The licence does not cover it, or not any more.' },
  } as const,
})

const PUBLIC_REASON = 'The reason in words for the public; null if the newsroom gave none.'
const ADVISORY = 'Instructions besides removing the story; null if the newsroom gave none.'

const Change = builder.interfaceRef<ToldChange>('Change').implement({
  description: 'One change of a story. Apply changes in their order.',
  resolveType: ({ outcome }) => ('story' in outcome ? 'StoryChanged' : 'StoryRemoved'),
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'The place behind it: pass it as "after" to go on.' }),
    kind: t.field({ type: ChangeKind, description: 'What happened then.', resolve: ({ kind }) => kind }),
    at: t.expose('at', { type: 'DateTime', description: 'When it happened.' }),
    storyId: t.globalID({
      description: 'The story.',
      resolve: ({ articleId }) => ({ type: 'Article', id: articleId }),
    }),
    version: t.exposeInt('version', { description: "The story's version now." }),
  }),
})

builder.objectRef<ToldChange>('StoryChanged').implement({
  description: 'You may have the story: take it over as it stands now.',
  interfaces: [Change],
  fields: (t) => ({
    story: t.field({
      type: LicensedStory,
      description: 'The story as it stands now, which may be later than this change.',
      resolve: ({ outcome }) => ('story' in outcome ? outcome.story : (null as never)),
    }),
  }),
})

builder.objectRef<ToldChange>('StoryRemoved').implement({
  description: 'You may not keep the story: remove it everywhere.',
  interfaces: [Change],
  fields: (t) => ({
    reason: t.field({
      type: RemovalReason,
      description: 'Why.',
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

function noticeIn({ outcome }: ToldChange): RemovalNotice {
  return 'removed' in outcome ? outcome : (null as never)
}

const ChangeEdge = builder.objectRef<ToldChange>('ChangeEdge').implement({
  description: 'One item of a page.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'The place of the item: pass it as "after".' }),
    node: t.field({ type: Change, description: 'The item itself.', resolve: (change) => change }),
  }),
})

const ChangeConnection = builder.objectRef<ChargedPage>('ChangeConnection').implement({
  description: 'One page of changes.',
  fields: (t) => ({
    edges: t.field({
      type: [ChangeEdge],
      description: 'The items of the page, in the order in which they happened.',
      complexity: { field: 0, multiplier: 1 },
      resolve: ({ changes }) => changes,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description:
        'Where the page stands. "endCursor" is behind all that was looked at, also on an empty page.',
      resolve: ({ changes, cursor, more }) => ({
        startCursor: changes[0]?.cursor ?? null,
        endCursor: cursor,
        hasNextPage: more,
        hasPreviousPage: false,
      }),
    }),
    removalsOnly: t.exposeBoolean('removalsOnly', {
      description:
        'True when your quota is used up: the page has only removals. Continue after "endCursor" as usual: you get ' +
        'the skipped changes once the quota resets.',
    }),
    retryAfter: t.exposeInt('retryAfter', {
      nullable: true,
      description: 'Seconds until your quota resets; null unless "removalsOnly" is true.',
    }),
  }),
})

const AFTER = 'The last cursor that you have.'

builder.queryField('changes', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'What happened to stories that you may have, or had, behind a cursor: in order, without gaps, with the ' +
      'word to remove what you may not keep. Without a cursor it begins with the first. For partners and editors.',
    extensions: FOR_PARTNERS,
    authScopes: { syndication: true },
    args: {
      first: t.arg.int({ description: `So many; ${DEFAULT_PAGE} by default, at most ${MAX_PAGE}.` }),
      after: t.arg.string({ description: AFTER }),
    },
    complexity: ({ first }) => ({
      field: 1,
      multiplier: Math.min(Math.max(1, first ?? DEFAULT_PAGE), MAX_PAGE),
    }),
    resolve: async (_root, { first, after }, context) => {
      const audience = await audienceOf(context.viewer, context.prisma)
      return readCharged(
        { audience, via: 'GRAPHQL', after: after ?? null, first: first ?? DEFAULT_PAGE },
        context.charge,
        context,
      )
    },
  }),
)

builder.queryField('licensedStory', (t) =>
  t.field({
    type: LicensedStory,
    nullable: true,
    description: 'One story as you may have it; null when you may not. For partners and editors.',
    extensions: FOR_PARTNERS,
    authScopes: { syndication: true },
    args: { id: t.arg.id({ required: true, description: 'The story.' }) },
    resolve: async (_root, { id }, context) => {
      try {
        return await licensed(id, context)
      } catch (error) {
        if (error instanceof StoryGone) return null
        throw error
      }
    },
  }),
)

builder.objectType(StoryGone, {
  name: 'StoryGone',
  description: 'You received the story and may no longer keep it: remove it everywhere.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    storyId: t.globalID({
      description: 'The story.',
      resolve: ({ articleId }) => ({ type: 'Article', id: articleId }),
    }),
    reason: t.field({ type: RemovalReason, description: 'Why.', resolve: ({ notice }) => notice.removed }),
    publicReason: t.string({
      nullable: true,
      description: PUBLIC_REASON,
      resolve: ({ notice }) => notice.publicReason,
    }),
    advisory: t.string({ nullable: true, description: ADVISORY, resolve: ({ notice }) => notice.advisory }),
  }),
})

builder.queryField('licensedStoryResult', (t) =>
  t.field({
    type: LicensedStory,
    nullable: true,
    description:
      'The same as Query.licensedStory, with the reason if you received the story and must remove it. For ' +
      'partners and editors.',
    extensions: FOR_PARTNERS,
    authScopes: { syndication: true },
    args: { id: t.arg.id({ required: true, description: 'The story.' }) },
    errors: { types: [StoryGone], union: { name: 'LicensedStoryResult' } },
    resolve: (_root, { id }, context) => licensed(id, context),
  }),
)

async function licensed(id: string, context: Context) {
  const audience = await audienceOf(context.viewer, context.prisma)
  return licensedStory({ articleId: rowIdOf('Article', id), audience, via: 'GRAPHQL' }, context)
}

builder.queryField('removals', (t) =>
  t.field({
    type: ChangeConnection,
    description:
      'Only the stories that you received and must remove, after a cursor of Query.removals or Query.changes. ' +
      'Suspended partners may read it too. For partners.',
    extensions: FOR_SUSPENDED_PARTNERS,
    args: {
      first: t.arg.int({
        description: `Returns the first n items. Default ${DEFAULT_PAGE}, maximum ${MAX_PAGE}.`,
      }),
      after: t.arg.string({ description: 'Returns items after this cursor.' }),
    },
    complexity: ({ first }) => ({
      field: 1,
      multiplier: Math.min(Math.max(1, first ?? DEFAULT_PAGE), MAX_PAGE),
    }),
    resolve: async (_root, { first, after }, context) => {
      const { viewer } = context
      if (viewer.role === 'anonymous') throw new NotSignedIn()
      if (viewer.partnerId === undefined) throw new Forbidden('Only a partner is told what it must remove.')
      await countRemovalRequest(viewer.partnerId, context.removalRequests)
      const request = { partnerId: viewer.partnerId, via: 'GRAPHQL', after: after ?? null } as const
      const page = await readRemovalPage({ ...request, first: first ?? DEFAULT_PAGE }, context)
      return { ...page, removalsOnly: true, retryAfter: null }
    },
  }),
)

builder.subscriptionField('changes', (t) =>
  t.field({
    type: Change,
    description:
      'The same as Query.changes, as it happens: first all that came behind the cursor, then everything new. ' +
      'Without a cursor it begins now. For partners and editors.',
    extensions: FOR_PARTNERS,
    args: { after: t.arg.string({ description: AFTER }) },
    subscribe: (_root, { after }, context) => follow(after ?? null, context) as never,
    resolve: (change) => change as ToldChange,
  }),
)

function follow(after: string | null, context: Context) {
  const { viewer } = context
  if (viewer.role !== 'partner' && !hasRole(viewer, 'editor')) throw notAllowed(viewer)
  return followChanges({ viewer, after: context.resumeAfter ?? after, charge: context.charge }, context)
}
