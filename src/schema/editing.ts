import { checkUrl } from '../articles/check-draft.ts'
import { Forbidden, InvalidInput, NotSignedIn } from '../base/errors.ts'
import { type Edit, editArticle } from '../editing/edit.ts'
import { checkLimits, checkText, MAX_CORRECTION_CHARACTERS } from '../editing/limits.ts'
import { publishArticle } from '../editing/publish.ts'
import { builder } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { editPayload, forEditors, versionRead, versionReadIn } from './article-edit.ts'
import { type ArticleChanges, ArticleChangesInput } from './article-input.ts'
import { CorrectionKind } from './correction.ts'
import { draftChanges } from './draft-from-input.ts'
import { type PublishInput, publishFields } from './publish-input.ts'

// Mutations on the contents of an article: publish, update, correct.

builder.relayMutationField(
  'publishArticle',
  { description: 'A new article.', inputFields: publishFields },
  {
    authScopes: forEditors.authScopes,
    errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
    description: 'Publishes a new article. For editors.',
    resolve: (_root, { input }, context) => publish(input, context),
  },
  editPayload,
)

builder.relayMutationField(
  'updateArticle',
  {
    description: 'Changes to an article.',
    inputFields: (t) => ({
      ...versionRead(t),
      changes: t.field({ type: ArticleChangesInput, required: true, description: 'The changes.' }),
    }),
  },
  {
    ...forEditors,
    description: 'Updates an article. For editors.',
    resolve: (_root, { input }, context) =>
      editArticle({ ...versionReadIn(input), change: changing(input.changes, context) }, context),
  },
  editPayload,
)

builder.relayMutationField(
  'correctArticle',
  {
    description: 'A correction of an article, and the changes that it makes.',
    inputFields: (t) => ({
      ...versionRead(t),
      kind: t.field({ type: CorrectionKind, required: true, description: 'The kind of correction.' }),
      text: t.string({
        required: true,
        description: `The text that readers see. Maximum ${MAX_CORRECTION_CHARACTERS} characters.`,
      }),
      changes: t.field({ type: ArticleChangesInput, description: 'The changes to the article.' }),
    }),
  },
  {
    ...forEditors,
    description: 'Corrects an article and shows readers a notice: see Article.corrections. For editors.',
    resolve: (_root, { input }, context) => {
      const { kind, text, changes } = input
      if (text.trim() === '')
        throw new InvalidInput('text', '"text" is empty. Write the correction for readers.')
      checkText('text', text, MAX_CORRECTION_CHARACTERS)
      const change = changing(changes ?? {}, context)
      return editArticle(
        { ...versionReadIn(input), change, reason: 'CORRECTED', correction: { kind, text: text.trim() } },
        context,
      )
    },
  },
  editPayload,
)

function changing(changes: ArticleChanges, { publicUrl }: Context): Edit['change'] {
  return async (draft, tx) => ({ ...draft, ...(await draftChanges(changes, tx, publicUrl)) })
}

function publish({ slug, url, ...input }: PublishInput, context: Context) {
  const { embargoedUntil, commenting: comments, ...changes } = input
  checkLimits({ slug, url })
  checkUrl('url', url)
  return publishArticle(
    url,
    async (tx) => {
      const draft = await draftChanges(changes, tx, context.publicUrl)
      const { open, closesAt = null } = comments ?? { open: true }
      return {
        ...draft,
        slug,
        canonicalUrl: url,
        language: input.language,
        headline: input.headline,
        blocks: draft.blocks ?? [],
        embargoedUntil: embargoedUntil ?? null,
        commenting: { open, closesAt },
      }
    },
    context,
  )
}
