import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { type RightsSet, setPictureRights } from '../editing/image-rights.ts'
import { checkLimits } from '../editing/limits.ts'
import { builder } from '../graphql/builder.ts'

const SetPictureRightsInput = builder.inputType('SetPictureRightsInput', {
  description: 'Who may have a picture.',
  fields: (t) => ({
    url: t.string({ required: true, description: "The picture's address, as its stories have it." }),
    syndicatable: t.boolean({
      required: true,
      description: 'Whether partners may have it without a right of their own to it.',
    }),
    partners: t.stringList({
      required: true,
      defaultValue: [],
      description: 'Slugs of the partners who may have it all the same.',
    }),
  }),
})

const PictureRightsSet = builder.objectRef<RightsSet>('PictureRightsSet').implement({
  description: 'The picture may be had so from now on, in every story.',
  fields: (t) => ({
    articleCount: t.exposeInt('articleCount', { description: 'How many stories show it.' }),
    changedCount: t.exposeInt('changedCount', {
      description: 'How many of them had it otherwise, and got a version.',
    }),
    changed: t.boolean({
      description: 'Whether any had it otherwise.',
      resolve: ({ changedCount }) => changedCount > 0,
    }),
  }),
})

builder.mutationField('setPictureRights', (t) =>
  t.field({
    type: PictureRightsSet,
    description:
      'Says which partners may have a picture, in every story that shows this address. Licences may give an ' +
      "agency's pictures beside that. For editors.",
    args: { input: t.arg({ type: SetPictureRightsInput, required: true, description: 'The rights.' }) },
    errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] },
    authScopes: { role: 'editor' },
    resolve: (_root, { input }, context) => {
      checkLimits(input)
      return setPictureRights(input, context)
    },
  }),
)
