import { errorCodes } from '../base/error-codes.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn, RateLimited } from '../base/errors.ts'
import { DisplayNameRefused } from '../comments/display-name.ts'
import { CommentsClosed, RepeatedComment, submitComment } from '../comments/submit.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { rowIdOf } from '../graphql/ids.ts'
import { Comment } from './comment.ts'

builder.objectType(CommentsClosed, {
  name: 'CommentsClosed',
  ...errorCodes.COMMENTS_CLOSED,
  interfaces: [ErrorInterface],
})

builder.objectType(RepeatedComment, {
  name: 'RepeatedComment',
  ...errorCodes.REPEATED_COMMENT,
  interfaces: [ErrorInterface],
})

builder.objectType(DisplayNameRefused, {
  name: 'DisplayNameRefused',
  ...errorCodes.DISPLAY_NAME_REFUSED,
  interfaces: [ErrorInterface],
})

builder.relayMutationField(
  'submitComment',
  {
    description: 'A comment to submit.',
    inputFields: (t) => ({
      articleId: t.id({ required: true, description: 'The id of the article.' }),
      body: t.string({
        required: true,
        description: 'Plain text. 1 to 2,000 characters after trimming, maximum 16,000 bytes.',
      }),
      parentId: t.id({
        description: 'The id of the parent comment: an approved comment on the same article.',
      }),
      language: t.string({ description: 'The language of the comment, as a BCP 47 tag.' }),
    }),
  },
  {
    description: 'Submits a comment. Only you and moderators see it before it is approved.',
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
    resolve: (_root, { input }, context) =>
      submitComment(
        {
          ...input,
          articleId: rowIdOf('Article', input.articleId),
          parentId: input.parentId == null ? null : rowIdOf('Comment', input.parentId),
        },
        context,
      ),
  },
  {
    description: 'The comment was submitted and is waiting for moderation.',
    outputFields: (t) => ({
      comment: t.field({
        type: Comment,
        description: 'The pending comment.',
        resolve: (comment) => comment,
      }),
    }),
  },
)
