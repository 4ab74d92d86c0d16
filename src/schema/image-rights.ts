import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { setImageRights } from '../editing/image-rights.ts'
import { checkLimits } from '../editing/limits.ts'
import { builder } from '../graphql/builder.ts'

builder.relayMutationField(
  'setImageRights',
  {
    description: 'The rights to an image.',
    inputFields: (t) => ({
      url: t.string({ required: true, description: 'The URL of the image, as in Image.url.' }),
      syndicatable: t.boolean({
        required: true,
        description: 'Whether every partner may use the image.',
      }),
      partners: t.stringList({
        required: true,
        defaultValue: [],
        description: 'Slugs of the partners that may use the image even if "syndicatable" is false.',
      }),
    }),
  },
  {
    description:
      'Sets which partners may use an image, in every article that shows this URL. A partner whose ' +
      'licence names the agency of the image may also use it. For editors.',
    authScopes: { role: 'editor' },
    errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] },
    resolve: (_root, { input }, context) => {
      checkLimits(input)
      return setImageRights(input, context)
    },
  },
  {
    description: 'The rights to the image were set in every article that shows the image.',
    outputFields: (t) => ({
      articleCount: t.exposeInt('articleCount', {
        description: 'The number of articles that show the image.',
      }),
      changedCount: t.exposeInt('changedCount', {
        description:
          'The number of articles in which the rights to the image changed. Each of them has a new version.',
      }),
      changed: t.boolean({
        description: 'Whether the mutation changed the rights to the image in any article.',
        resolve: ({ changedCount }) => changedCount > 0,
      }),
    }),
  },
)
