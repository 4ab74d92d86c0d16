import { builder } from '../graphql/builder.ts'
import { articleJson } from '../syndication/article-json.ts'
import type { AudienceChange, LicensedOutcome, RemovalNotice } from '../syndication/removal-status.ts'
import { LicensedArticle } from './licensed-article.ts'
import { ADVISORY, PUBLIC_REASON, RemovalReason } from './removal-reason.ts'

export const Change = builder.interfaceRef<AudienceChange>('Change').implement({
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

builder.objectRef<AudienceChange<LicensedOutcome>>('ArticleChanged').implement({
  description: 'The article is licensed to you: store the current version.',
  interfaces: [Change],
  fields: (t) => ({
    article: t.field({
      type: LicensedArticle,
      description: 'The current version of the article. It may be newer than this change.',
      resolve: ({ outcome }) => articleJson(outcome.article),
    }),
  }),
})

builder.objectRef<AudienceChange<RemovalNotice>>('ArticleRemoved').implement({
  description: 'You may not keep the article: remove it everywhere.',
  interfaces: [Change],
  fields: (t) => ({
    reason: t.field({
      type: RemovalReason,
      description: 'The reason for the removal.',
      resolve: ({ outcome }) => outcome.removed,
    }),
    publicReason: t.string({
      nullable: true,
      description: PUBLIC_REASON,
      resolve: ({ outcome }) => outcome.publicReason,
    }),
    advisory: t.string({
      nullable: true,
      description: ADVISORY,
      resolve: ({ outcome }) => outcome.advisory,
    }),
  }),
})

const ChangeKind = builder.enumType('ChangeKind', {
  description: 'The kind of change.',
  values: {
    PUBLISHED: {
      description: 'The article became visible: newly published, released, or its embargo ended.',
    },
    UPDATED: { description: 'The text, images or headline fields of the article changed.' },
    CORRECTED: { description: 'The article was corrected, with a notice for readers.' },
    EMBARGOED: { description: 'The article is under embargo: it may not be shown before a future time.' },
    WITHHELD: { description: 'The article was withheld.' },
    CANCELED: { description: 'The article was canceled.' },
    RIGHTS_CHANGED: { description: 'The rights to the article or to one of its images changed.' },
    COMMENTING_CHANGED: { description: 'The comments on the article were opened or closed.' },
  } as const,
})
