import { currentDraft } from '../articles/current.ts'
import { storedArticleColumns } from '../articles/lock.ts'
import { draftOf } from '../articles/snapshot.ts'
import { builder } from '../graphql/builder.ts'
import { nestedPage, pageComplexity, selecting } from '../graphql/connections.ts'
import { keyset } from '../graphql/keyset.ts'
import { changesIn } from './draft-to-input.ts'

// Versions and drafts, for editors.

const onlyEditors = {
  nullable: true,
  authScopes: { role: 'editor' },
  unauthorizedResolver: () => null,
} as const

/** A draft contains a whole article and needs its own query. */
const DRAFT_COMPLEXITY = 50

const Revision = builder.prismaObject('Revision', {
  select: {},
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'The number of the version, from 1.' }),
    at: t.expose('at', { type: 'DateTime' }),
    editor: t.exposeString('editor', { nullable: true }),
    draft: t.field({
      type: 'JSON',
      description: 'The content of the version, with the fields of ArticleChangesInput.',
      select: { snapshot: true },
      complexity: DRAFT_COMPLEXITY,
      resolve: ({ snapshot }) => changesIn(draftOf(snapshot)),
    }),
  }),
})

const newestVersion = keyset<{ version: number }>({ field: 'version', direction: 'desc', kind: 'integer' })

builder.prismaObjectFields('Article', (t) => ({
  revisions: t.connection(
    {
      ...onlyEditors,
      type: Revision,
      description: 'The versions of the article, newest first. For editors.',
      complexity: pageComplexity,
      select: (args, _context, nested) => ({ revisions: nestedPage(newestVersion, args, [], nested) }),
      resolve: (article, args) => newestVersion.page(article.revisions, args),
    },
    { name: 'RevisionConnection' },
    { name: 'RevisionEdge' },
  ),
  revision: t.field({
    ...onlyEditors,
    type: Revision,
    description: 'One version of the article; null if there is none. For editors.',
    args: { version: t.arg.int({ required: true, description: 'The number of the version, from 1.' }) },
    select: ({ version }, _context, nested) => ({
      revisions: { ...selecting(nested, { version: true } as const), where: { version } },
    }),
    resolve: ({ revisions }) => revisions[0] ?? null,
  }),
  draft: t.field({
    ...onlyEditors,
    type: 'JSON',
    description:
      'The current content, with the fields of ArticleChangesInput. Change it and pass it to updateArticle. For editors.',
    select: storedArticleColumns,
    complexity: DRAFT_COMPLEXITY,
    resolve: async (article, _args, { db }) => changesIn(await currentDraft(db, article)),
  }),
}))
