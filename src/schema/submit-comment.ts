import { Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import { DisplayNameRefused } from '../comments/display-name.ts'
import { CommentsClosed, RepeatedComment, submitComment } from '../comments/submit.ts'
import type { AuthoredComment } from '../comments/visible.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Comment } from './comment.ts'

builder.objectType(CommentsClosed, {
  name: 'CommentsClosed',
  description: 'The comments on the article are closed.',
  interfaces: [ErrorInterface],
})

builder.objectType(RepeatedComment, {
  name: 'RepeatedComment',
  description: 'The reader submitted the same comment on the same article less than ten minutes ago.',
  interfaces: [ErrorInterface],
})

builder.objectType(DisplayNameRefused, {
  name: 'DisplayNameRefused',
  description: "The reader's display name could be mistaken for a name of the newsroom.",
  interfaces: [ErrorInterface],
})

const SubmitCommentInput = builder.inputType('SubmitCommentInput', {
  description: 'A comment to submit.',
  fields: (t) => ({
    articleId: t.id({ required: true, description: 'The id of the article.' }),
    body: t.string({
      required: true,
      description: 'Plain text. 1 to 2,000 characters after trimming, maximum 16,000 bytes.',
    }),
    parentId: t.id({ description: 'The id of the parent comment: an approved comment on the same article.' }),
    language: t.string({ description: 'The language of the comment, as a BCP 47 tag.' }),
  }),
})

const SubmitCommentSuccess = builder
  .objectRef<{ comment: AuthoredComment }>('SubmitCommentSuccess')
  .implement({
    description: 'The comment was submitted and is waiting for moderation.',
    fields: (t) => ({
      comment: t.field({
        type: Comment,
        description: 'The pending comment.',
        resolve: ({ comment }) => comment,
      }),
    }),
  })

builder.mutationField('submitComment', (t) =>
  t.field({
    type: SubmitCommentSuccess,
    description: 'Submits a comment. Only you and moderators see it before it is approved.',
    args: { input: t.arg({ type: SubmitCommentInput, required: true, description: 'The comment.' }) },
    errors: {
      types: [
        NotSignedIn,
        Forbidden,
        NotFound,
        InvalidInput,
        CommentsClosed,
        DisplayNameRefused,
        RepeatedComment,
        RateLimited,
      ],
    },
    authScopes: { role: 'reader' },
    resolve: async (_root, { input }, context) => ({
      comment: await submitComment(
        {
          ...input,
          articleId: rowIdOf('Article', input.articleId),
          parentId: input.parentId == null ? null : rowIdOf('Comment', input.parentId),
        },
        context,
      ),
    }),
  }),
)
