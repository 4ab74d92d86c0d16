import { Forbidden, InvalidInput, NotSignedIn, RateLimited } from '../base/errors.ts'
import { builder, ErrorInterface } from '../graphql/builder.ts'
import { NEVER_CHARGED } from '../graphql/operation-charge.ts'
import { FOR_SUSPENDED_PARTNERS } from '../graphql/partner-access.ts'
import { acknowledge } from '../syndication/acknowledge.ts'
import { UnknownCursor } from '../syndication/cursor.ts'
import { countRemovalRequest } from '../syndication/removal-limit.ts'

builder.objectType(UnknownCursor, {
  name: 'UnknownCursor',
  description: 'The cursor is not from this list or this database. The message says what to do.',
  interfaces: [ErrorInterface],
})

builder.relayMutationField(
  'acknowledge',
  {
    description: 'The changes that you have applied.',
    inputFields: (t) => ({
      cursor: t.string({
        required: true,
        description: 'The cursor of the last change that you have applied.',
      }),
    }),
  },
  {
    description:
      'Confirms that you have applied all changes up to a cursor: you have stored or removed these articles. For partners.',
    extensions: { ...FOR_SUSPENDED_PARTNERS, ...NEVER_CHARGED },
    errors: { types: [NotSignedIn, Forbidden, InvalidInput, UnknownCursor, RateLimited] },
    resolve: async (_root, { input: { cursor } }, { viewer, prisma, now, removalRequests }) => {
      if (viewer.role === 'anonymous') throw new NotSignedIn()
      if (viewer.partnerId === undefined)
        throw new Forbidden('Only partners can acknowledge changes. Send a partner key.')
      await countRemovalRequest(viewer.partnerId, removalRequests)
      return acknowledge({ partnerId: viewer.partnerId, cursor }, { prisma, now })
    },
  },
  {
    description: 'The result of the acknowledgement.',
    outputFields: (t) => ({
      confirmed: t.exposeInt('confirmed', {
        description: 'The number of articles that this mutation acknowledged.',
      }),
      removed: t.exposeInt('removed', {
        description: 'The number of removals that this mutation acknowledged.',
      }),
    }),
  },
)
