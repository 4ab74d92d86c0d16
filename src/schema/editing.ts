import { checkUrl } from '../articles/check-draft.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import {
  type Edit,
  EditConflict,
  type EditResult,
  editArticle,
  type WithdrawalNotice,
} from '../editing/edit.ts'
import {
  cancelEdit,
  commenting,
  embargoEdit,
  releaseEdit,
  withholdEdit,
} from '../editing/editorial-status.ts'
import {
  checkLimits,
  checkText,
  MAX_CORRECTION_CHARACTERS,
  MAX_NOTICE_CHARACTERS,
} from '../editing/limits.ts'
import { publishArticle } from '../editing/publish.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Article } from './article.ts'
import { type ArticleChanges, ArticleChangesInput } from './article-input.ts'
import { draftChanges } from './draft-from-input.ts'
import { CorrectionKind } from './image.ts'
import { PublishArticleInput } from './publish-input.ts'

builder.objectType(EditConflict, {
  name: 'EditConflict',
  description: 'Somebody else changed the article after the version that you read. Nothing was written.',
  interfaces: [ErrorInterface],
  fields: (t) => ({ version: t.exposeInt('version', { description: 'The current version.' }) }),
})

const ArticleEdited = builder.objectRef<EditResult>('ArticleEdited').implement({
  description: 'The article after the edit.',
  fields: (t) => ({
    article: t.prismaField({
      type: Article,
      description: 'The article.',
      resolve: (query, { id }, _args, { db }) => db.article.findUniqueOrThrow({ ...query, where: { id } }),
    }),
    version: t.exposeInt('version', { description: 'The version to pass to the next edit.' }),
    changed: t.exposeBoolean('changed', {
      description: 'False if the edit changed nothing; then nothing was written.',
    }),
  }),
})

const ID = 'The id of the article.'
const VERSION = 'The version that you read: see Article.version.'

const ArticleVersionInput = builder.inputType('ArticleVersionInput', {
  description: 'An article and the version that you read.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    publicReason: t.string({
      description:
        `For "withholdArticle" and "cancelArticle": the reason, for the public. Maximum ${MAX_NOTICE_CHARACTERS} ` +
        'characters. It is sent to the partners that have the article.',
    }),
    advisory: t.string({
      description:
        'For "withholdArticle" and "cancelArticle": instructions to the partners that have the article, besides ' +
        `removing it. Maximum ${MAX_NOTICE_CHARACTERS} characters.`,
    }),
  }),
})

const UpdateArticleInput = builder.inputType('UpdateArticleInput', {
  description: 'Changes to an article.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    changes: t.field({ type: ArticleChangesInput, required: true, description: 'The changes.' }),
  }),
})

const CorrectArticleInput = builder.inputType('CorrectArticleInput', {
  description: 'A correction of an article, and the changes that it makes.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    kind: t.field({ type: CorrectionKind, required: true, description: 'The kind of correction.' }),
    text: t.string({
      required: true,
      description: `The text that readers see. Maximum ${MAX_CORRECTION_CHARACTERS} characters.`,
    }),
    changes: t.field({ type: ArticleChangesInput, description: 'The changes to the article.' }),
  }),
})

const EmbargoArticleInput = builder.inputType('EmbargoArticleInput', {
  description: 'An embargo on an article.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    until: t.field({
      type: 'DateTime',
      description: 'The end of the embargo. An explicit null ends it now.',
    }),
  }),
})

const SetCommentingInput = builder.inputType('SetCommentingInput', {
  description: 'Whether readers can comment on an article.',
  fields: (t) => ({
    id: t.id({ required: true, description: ID }),
    version: t.int({ required: true, description: VERSION }),
    open: t.boolean({ required: true, description: 'Whether the comments are open.' }),
    closesAt: t.field({ type: 'DateTime', description: 'When open comments close automatically.' }),
  }),
})

builder.mutationFields((t) => {
  const refusals = { errors: { types: [NotSignedIn, Forbidden, InvalidInput] } }
  const failures = { errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput, EditConflict] } }
  const forEditors = { type: ArticleEdited, authScopes: { role: 'editor' } } as const
  const seen = { input: t.arg({ type: ArticleVersionInput, required: true, description: 'The article.' }) }
  return {
    publishArticle: t.field({
      ...forEditors,
      ...refusals,
      description: 'Publishes a new article. For editors.',
      args: { input: t.arg({ type: PublishArticleInput, required: true, description: 'The article.' }) },
      resolve: (_root, { input }, context) => publish(input, context),
    }),
    updateArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Updates an article. For editors.',
      args: { input: t.arg({ type: UpdateArticleInput, required: true, description: 'The changes.' }) },
      resolve: (_root, { input }, context) =>
        edit({ ...seenIn(input), change: changing(input.changes, context) }, context),
    }),
    correctArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Corrects an article and shows readers a notice: see Article.corrections. For editors.',
      args: { input: t.arg({ type: CorrectArticleInput, required: true, description: 'The correction.' }) },
      resolve: (_root, { input }, context) => {
        const { kind, text, changes } = input
        if (text.trim() === '')
          throw new InvalidInput('text', '"text" is empty. Write the correction for readers.')
        checkText('text', text, MAX_CORRECTION_CHARACTERS)
        const change = changing(changes ?? {}, context)
        return edit(
          { ...seenIn(input), change, reason: 'CORRECTED', correction: { kind, text: text.trim() } },
          context,
        )
      },
    }),
    withholdArticle: t.field({
      ...forEditors,
      ...failures,
      description:
        'Withholds an article: it is no longer visible anywhere. It can be released later. For editors.',
      args: seen,
      resolve: (_root, { input }, context) => edit(withholdEdit(seenIn(input), noticeIn(input)), context),
    }),
    releaseArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Releases a withheld article. A canceled article cannot be released. For editors.',
      args: seen,
      resolve: (_root, { input }, context) => {
        if (input.publicReason != null || input.advisory != null) {
          throw new InvalidInput(
            'publicReason',
            'A release takes no "publicReason" or "advisory". Leave them out.',
          )
        }
        return edit(releaseEdit(seenIn(input)), context)
      },
    }),
    cancelArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Cancels an article: it is withdrawn everywhere, for good. For editors.',
      args: seen,
      resolve: (_root, { input }, context) => edit(cancelEdit(seenIn(input), noticeIn(input)), context),
    }),
    embargoArticle: t.field({
      ...forEditors,
      ...failures,
      description: 'Sets the embargo of an article, or ends it now. For editors.',
      args: { input: t.arg({ type: EmbargoArticleInput, required: true, description: 'The embargo.' }) },
      resolve: (_root, { input }, context) => {
        if (input.until === undefined)
          throw new InvalidInput(
            'until',
            '"until" is missing. Give a date and time, or null to end the embargo.',
          )
        return edit(embargoEdit(seenIn(input), input.until, context.now), context)
      },
    }),
    setCommenting: t.field({
      ...forEditors,
      ...failures,
      description: 'Opens or closes the comments on an article. For editors.',
      args: {
        input: t.arg({ type: SetCommentingInput, required: true, description: 'The comment settings.' }),
      },
      resolve: (_root, { input }, context) => {
        const { open, closesAt = null } = input
        return edit(commenting(seenIn(input), { open, closesAt }, context.now), context)
      },
    }),
  }
})

/** The row id of the article, and the version that the editor read. */
function seenIn({ id, version }: { id: string; version: number }) {
  return { id: rowIdOf('Article', id), version }
}

/** The notice to partners about a withdrawn article. */
function noticeIn(input: typeof ArticleVersionInput.$inferInput): WithdrawalNotice {
  const text = (field: 'publicReason' | 'advisory') => {
    const value = input[field]?.trim() || null
    if (value !== null) checkText(field, value, MAX_NOTICE_CHARACTERS)
    return value
  }
  return { publicReason: text('publicReason'), advisory: text('advisory') }
}

function edit(what: Edit, context: Context): Promise<EditResult> {
  return editArticle(what, context)
}

function changing(changes: ArticleChanges, { publicUrl }: Context): Edit['change'] {
  return async (draft, tx) => ({ ...draft, ...(await draftChanges(changes, tx, publicUrl)) })
}

function publish({ slug, url, ...input }: typeof PublishArticleInput.$inferInput, context: Context) {
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
