import { hasRole } from '../auth/viewer.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { MAX_REASON_LENGTH, setReaderStanding } from '../comments/readers/status.ts'
import { builder } from '../graphql/builder.ts'
import { rowIdOf, toRowId } from '../graphql/ids.ts'

const ReaderStanding = builder.enumType('ReaderStanding', {
  description: 'What a reader may do here.',
  values: {
    GOOD: { description: 'May comment.' },
    BANNED: { description: 'May not comment, nor be connected under this name; reading needs none.' },
  } as const,
})

builder.prismaObject('StandingChange', {
  fields: (t) => ({
    standing: t.expose('standing', { type: ReaderStanding, description: 'What was decided.' }),
    reason: t.exposeString('reason'),
    adminName: t.exposeString('adminName', { description: 'Who decided.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
})

/** Readers are nobody's business but the moderators'; others know them as a comment's Author. */
const Reader = builder.prismaNode('Reader', {
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id: toRowId(hasRole(viewer, 'moderator') ? id : '') }),
  fields: (t) => ({
    subject: t.exposeString('subject'),
    displayName: t.exposeString('displayName', {
      description:
        'The name in the token of the last submission. Each comment keeps the name it was submitted with.',
    }),
    standing: t.expose('standing', { type: ReaderStanding, description: 'What they may do here.' }),
    standingChanges: t.relation('changes', {
      description: 'What administrators decided, latest first.',
      query: { orderBy: { at: 'desc' } },
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When they were first heard of here.',
    }),
  }),
})

builder.prismaObjectField('Comment', 'reader', (t) =>
  t.relation('author', {
    type: Reader,
    nullable: true,
    description: 'Who wrote it, as moderators know them. For moderators.',
    authScopes: { role: 'moderator' },
  }),
)

const SetReaderStandingInput = builder.inputType('SetReaderStandingInput', {
  description: 'Whom it is about, by "subject" or "readerId", and what they may do from now on.',
  fields: (t) => ({
    subject: t.string({
      description: "The reader's subject at the identity provider; it need not have commented yet.",
    }),
    readerId: t.id({ description: 'The reader: see Comment.reader.' }),
    standing: t.field({ type: ReaderStanding, required: true, description: 'What they may do.' }),
    reason: t.string({
      required: true,
      description: `Why, for other moderators to read: 1 to ${MAX_REASON_LENGTH} characters.`,
    }),
  }),
})

type Outcome = Awaited<ReturnType<typeof setReaderStanding>>

const ReaderStandingSet = builder.objectRef<Outcome>('ReaderStandingSet').implement({
  description: 'The reader stands so now, on every gateway within seconds.',
  fields: (t) => ({
    reader: t.field({ type: Reader, description: 'The reader.', resolve: ({ reader }) => reader }),
    changed: t.exposeBoolean('changed', { description: 'False when the reader stood so before.' }),
  }),
})

builder.mutationField('setReaderStanding', (t) =>
  t.field({
    type: ReaderStandingSet,
    description:
      'Bans a reader, or lifts a ban. A banned reader can not comment, and what is connected with their ' +
      'token is cut. For administrators.',
    args: { input: t.arg({ type: SetReaderStandingInput, required: true, description: 'The decision.' }) },
    errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] },
    authScopes: { role: 'admin' },
    resolve: (_root, { input }, context) =>
      setReaderStanding(
        { ...input, readerId: input.readerId == null ? null : rowIdOf('Reader', input.readerId) },
        context,
      ),
  }),
)
