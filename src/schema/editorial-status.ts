import { InvalidInput } from '../base/errors.ts'
import { editArticle, type WithdrawalNotice } from '../editing/edit.ts'
import {
  cancelEdit,
  commenting,
  embargoEdit,
  releaseEdit,
  withholdEdit,
} from '../editing/editorial-status.ts'
import { checkText, MAX_NOTICE_CHARACTERS } from '../editing/limits.ts'
import { builder } from '../graphql/builder.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import { ARTICLE_ID, editErrors, forEditors, VERSION_READ, versionReadIn } from './article-edited.ts'

// Mutations on the status of an article: withhold, release, cancel, embargo, open or close its comments.

const ArticleVersionInput = builder.inputType('ArticleVersionInput', {
  description: 'An article and the version that you read.',
  fields: (t) => ({
    id: t.id({ required: true, description: ARTICLE_ID }),
    version: t.int({ required: true, description: VERSION_READ }),
    publicReason: t.string({
      description:
        'For "withholdArticle" and "cancelArticle" only: the reason to give to the public. It is sent to the partners ' +
        `that have the article. Maximum ${MAX_NOTICE_CHARACTERS} characters.`,
    }),
    advisory: t.string({
      description:
        'For "withholdArticle" and "cancelArticle" only: instructions to the partners that have the article, in ' +
        `addition to removing it. Maximum ${MAX_NOTICE_CHARACTERS} characters.`,
    }),
  }),
})

const EmbargoArticleInput = builder.inputType('EmbargoArticleInput', {
  description: 'An embargo on an article.',
  fields: (t) => ({
    id: t.id({ required: true, description: ARTICLE_ID }),
    version: t.int({ required: true, description: VERSION_READ }),
    until: t.field({
      type: 'DateTime',
      description: 'The end of the embargo. An explicit null ends it now.',
    }),
  }),
})

const SetCommentingInput = builder.inputType('SetCommentingInput', {
  description: 'Whether readers can comment on an article.',
  fields: (t) => ({
    id: t.id({ required: true, description: ARTICLE_ID }),
    version: t.int({ required: true, description: VERSION_READ }),
    open: t.boolean({ required: true, description: 'Whether the comments are open.' }),
    closesAt: t.field({ type: 'DateTime', description: 'When open comments close automatically.' }),
  }),
})

builder.mutationFields((t) => {
  const versionRead = {
    input: t.arg({ type: ArticleVersionInput, required: true, description: 'The article.' }),
  }
  return {
    withholdArticle: t.field({
      ...forEditors,
      ...editErrors,
      description:
        'Withholds an article: it is no longer visible anywhere. It can be released later. For editors.',
      args: versionRead,
      resolve: (_root, { input }, context) =>
        editArticle(withholdEdit(versionReadIn(input), noticeIn(input)), context),
    }),
    releaseArticle: t.field({
      ...forEditors,
      ...editErrors,
      description: 'Releases a withheld article. A canceled article cannot be released. For editors.',
      args: versionRead,
      resolve: (_root, { input }, context) => {
        if (input.publicReason != null || input.advisory != null) {
          throw new InvalidInput(
            'publicReason',
            '"publicReason" and "advisory" are not allowed in a release. Leave them out.',
          )
        }
        return editArticle(releaseEdit(versionReadIn(input)), context)
      },
    }),
    cancelArticle: t.field({
      ...forEditors,
      ...editErrors,
      description: 'Cancels an article: it is withdrawn everywhere, permanently. For editors.',
      args: versionRead,
      resolve: (_root, { input }, context) =>
        editArticle(cancelEdit(versionReadIn(input), noticeIn(input)), context),
    }),
    embargoArticle: t.field({
      ...forEditors,
      ...editErrors,
      description: 'Sets the embargo of an article, or ends it now. For editors.',
      args: { input: t.arg({ type: EmbargoArticleInput, required: true, description: 'The embargo.' }) },
      resolve: (_root, { input }, context) => {
        if (input.until === undefined)
          throw new InvalidInput(
            'until',
            '"until" is missing. Give a date and time, or null to end the embargo.',
          )
        return editArticle(embargoEdit(versionReadIn(input), input.until, context.now), context)
      },
    }),
    setCommenting: t.field({
      ...forEditors,
      ...editErrors,
      description: 'Opens or closes the comments on an article. For editors.',
      args: {
        input: t.arg({ type: SetCommentingInput, required: true, description: 'The comment settings.' }),
      },
      resolve: (_root, { input }, context) => {
        const { open, closesAt = null } = input
        return editArticle(commenting(versionReadIn(input), { open, closesAt }, context.now), context)
      },
    }),
  }
})

/** The notice to partners about a withdrawn article. */
function noticeIn(input: typeof ArticleVersionInput.$inferInput): WithdrawalNotice {
  const text = (field: 'publicReason' | 'advisory') => {
    const value = normaliseText(input[field] ?? '')
    if (isBlank(value)) return null
    checkText(field, value, MAX_NOTICE_CHARACTERS)
    return value
  }
  return { publicReason: text('publicReason'), advisory: text('advisory') }
}
