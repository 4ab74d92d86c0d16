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
import { builder, type InputFields } from '../graphql/builder.ts'
import { isBlank, normaliseText } from '../text/normalise.ts'
import { editPayload, forEditors, versionRead, versionReadIn } from './article-edit.ts'

// Mutations on the status of an article: withhold, release, cancel, embargo, open or close its comments.

const withdrawalNotice = (t: InputFields) => ({
  publicReason: t.string({
    description:
      'The reason to give to the public. It is sent to the partners that have the article. ' +
      `Maximum ${MAX_NOTICE_CHARACTERS} characters.`,
  }),
  advisory: t.string({
    description:
      'Instructions to the partners that have the article, in addition to removing it. ' +
      `Maximum ${MAX_NOTICE_CHARACTERS} characters.`,
  }),
})

builder.relayMutationField(
  'withholdArticle',
  {
    description: 'An article to withhold, and the notice to its partners.',
    inputFields: (t) => ({ ...versionRead(t), ...withdrawalNotice(t) }),
  },
  {
    ...forEditors,
    description:
      'Withholds an article: it is no longer visible anywhere. It can be released later. For editors.',
    resolve: (_root, { input }, context) =>
      editArticle(withholdEdit(versionReadIn(input), noticeIn(input)), context),
  },
  editPayload,
)

builder.relayMutationField(
  'releaseArticle',
  { description: 'A withheld article to release.', inputFields: versionRead },
  {
    ...forEditors,
    description: 'Releases a withheld article. A canceled article cannot be released. For editors.',
    resolve: (_root, { input }, context) => editArticle(releaseEdit(versionReadIn(input)), context),
  },
  editPayload,
)

builder.relayMutationField(
  'cancelArticle',
  {
    description: 'An article to cancel, and the notice to its partners.',
    inputFields: (t) => ({ ...versionRead(t), ...withdrawalNotice(t) }),
  },
  {
    ...forEditors,
    description: 'Cancels an article: it is withdrawn everywhere, permanently. For editors.',
    resolve: (_root, { input }, context) =>
      editArticle(cancelEdit(versionReadIn(input), noticeIn(input)), context),
  },
  editPayload,
)

builder.relayMutationField(
  'embargoArticle',
  {
    description: 'An embargo on an article.',
    inputFields: (t) => ({
      ...versionRead(t),
      until: t.field({
        type: 'DateTime',
        description: 'The end of the embargo. Send null to end the embargo now.',
      }),
    }),
  },
  {
    ...forEditors,
    description: 'Sets the embargo of an article, or ends it now. For editors.',
    resolve: (_root, { input }, context) => {
      if (input.until === undefined)
        throw new InvalidInput(
          'until',
          '"until" is missing. Give a date and time, or null to end the embargo.',
        )
      return editArticle(embargoEdit(versionReadIn(input), input.until, context.now), context)
    },
  },
  editPayload,
)

builder.relayMutationField(
  'setCommenting',
  {
    description: 'Whether readers can comment on an article.',
    inputFields: (t) => ({
      ...versionRead(t),
      open: t.boolean({ required: true, description: 'Whether the comments are open.' }),
      closesAt: t.field({ type: 'DateTime', description: 'When open comments close automatically.' }),
    }),
  },
  {
    ...forEditors,
    authScopes: { role: 'moderator' },
    description:
      'Opens or closes the comments on an article. For moderators; only editors can do so before it is public.',
    resolve: (_root, { input }, context) => {
      const { open, closesAt = null } = input
      return editArticle(commenting(versionReadIn(input), { open, closesAt }, context.now), context)
    },
  },
  editPayload,
)

type NoticeInput = { [Field in keyof WithdrawalNotice]?: string | null }

/** The notice to partners about a withdrawn article. */
function noticeIn(input: NoticeInput): WithdrawalNotice {
  const text = (field: keyof WithdrawalNotice) => {
    const value = normaliseText(input[field] ?? '')
    if (isBlank(value)) return null
    checkText(field, value, MAX_NOTICE_CHARACTERS)
    return value
  }
  return { publicReason: text('publicReason'), advisory: text('advisory') }
}
