import { hasRole } from '../auth/viewer.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { MAX_REASON_LENGTH, setReaderStatus } from '../comments/readers/status.ts'
import { builder } from '../graphql/builder.ts'
import { rowIdOf, toRowId } from '../graphql/ids.ts'

export const ReaderStatus = builder.enumType('ReaderStatus', {
  description: 'The status of a reader.',
  values: {
    GOOD: { description: 'The reader may comment.' },
    BANNED: {
      description:
        "The reader may not comment. Connections that use the reader's token are closed. Anonymous reading is possible.",
    },
  } as const,
})

builder.prismaObject('ReaderStatusChange', {
  select: {},
  fields: (t) => ({
    status: t.expose('status', { type: ReaderStatus, description: 'The new status.' }),
    reason: t.exposeString('reason'),
    adminName: t.exposeString('adminName', { description: 'The name of the administrator.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When the decision was made.' }),
  }),
})

/** For moderators only; other viewers see Comment.author. */
export const Reader = builder.prismaNode('Reader', {
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id: toRowId(hasRole(viewer, 'moderator') ? id : '') }),
  select: {},
  fields: (t) => ({
    subject: t.exposeString('subject'),
    displayName: t.exposeString('displayName', {
      description:
        'The name in the token of the last submission. Each comment keeps the name with which it was submitted.',
    }),
    status: t.expose('status', { type: ReaderStatus, description: 'The current status.' }),
    statusChanges: t.relation('changes', {
      description: 'The decisions of administrators, latest first.',
      query: { orderBy: { at: 'desc' } },
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When the reader was first seen.',
    }),
  }),
})

builder.prismaObjectField('Comment', 'reader', (t) =>
  t.relation('author', {
    type: Reader,
    nullable: true,
    description: 'The reader who wrote the comment. For moderators.',
    authScopes: { role: 'moderator' },
  }),
)

builder.relayMutationField(
  'setReaderStatus',
  {
    description: 'The reader, by "subject" or "readerId", and the new status.',
    inputFields: (t) => ({
      subject: t.string({
        description:
          'The subject of the reader at the identity provider. The reader does not need to have commented before.',
      }),
      readerId: t.id({ description: 'The id of the reader: see Comment.reader.' }),
      status: t.field({ type: ReaderStatus, required: true, description: 'The new status.' }),
      reason: t.string({
        required: true,
        description: `The reason, for other moderators. 1 to ${MAX_REASON_LENGTH} characters.`,
      }),
    }),
  },
  {
    description:
      'Bans a reader, or lifts the ban. A banned reader cannot comment, and connections that use the ' +
      "reader's token are closed. For administrators.",
    authScopes: { role: 'admin' },
    errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] },
    resolve: (_root, { input }, context) =>
      setReaderStatus(
        { ...input, readerId: input.readerId == null ? null : rowIdOf('Reader', input.readerId) },
        context,
      ),
  },
  {
    description: 'The status was set. It takes effect on every gateway within seconds.',
    outputFields: (t) => ({
      reader: t.field({ type: Reader, description: 'The reader.', resolve: ({ reader }) => reader }),
      changed: t.exposeBoolean('changed', { description: 'False if the reader already had this status.' }),
    }),
  },
)
