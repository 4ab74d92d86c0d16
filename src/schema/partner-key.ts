import { Forbidden, InvalidInput, NotSignedIn } from '../base/errors.ts'
import { builder, type ObjectFields } from '../graphql/builder.ts'
import { addPartner } from '../licensing/add-partner.ts'
import { rotateKey } from '../licensing/rotate-key.ts'
import { LicenceInput, termsIn } from './licence-input.ts'
import { overlapField, overlapIn } from './overlap.ts'
import { KeyKind, Partner } from './partner.ts'
import { adminDepsOf, forAdmins, partnerSlug } from './partner-admin.ts'

// Mutations for administrators that create API keys: add a partner, rotate a key.

type CreatedKey = Awaited<ReturnType<typeof addPartner>>

/** A key is shown only once: only its hash is stored. */
const keyFields = (t: ObjectFields<CreatedKey>) => ({
  partner: t.field({ type: Partner, description: 'The partner.', resolve: ({ partner }) => partner }),
  key: t.string({ description: 'The key. Store it now.', resolve: ({ key }) => key.text }),
  prefix: t.string({ description: 'The public prefix of the key.', resolve: ({ key }) => key.prefix }),
  kind: t.field({ type: KeyKind, description: 'The kind of key.', resolve: ({ key }) => key.kind }),
})

builder.relayMutationField(
  'addPartner',
  {
    description: 'A new partner.',
    inputFields: (t) => ({
      slug: t.string({
        required: true,
        description: 'The slug of the partner: lower-case letters, digits and hyphens.',
      }),
      name: t.string({ required: true, description: 'The name of the outlet.' }),
      quotaPerMinute: t.int({ description: 'The maximum number of requests per minute. Default 60.' }),
      quotaPerDay: t.int({ description: 'The maximum number of requests per day (UTC). Default 20,000.' }),
      licence: t.field({ type: LicenceInput, description: 'The licence.' }),
    }),
  },
  {
    authScopes: forAdmins.authScopes,
    errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
    description: 'Adds a partner and creates its first API key. For administrators.',
    resolve: (_root, { input }, context) =>
      addPartner({ ...input, licence: termsIn(input.licence ?? {}) }, adminDepsOf(context)),
  },
  {
    description: 'A new partner with its API key. The key is shown only once: only its hash is stored.',
    outputFields: keyFields,
  },
)

builder.relayMutationField(
  'rotateKey',
  {
    description: 'A partner and the kind of its new key.',
    inputFields: (t) => ({
      ...partnerSlug(t),
      kind: t.field({ type: KeyKind, defaultValue: 'FULL', description: 'The kind of key.' }),
      ...overlapField(t, 'keys'),
    }),
  },
  {
    ...forAdmins,
    description:
      'Creates a new key. Older keys of the same kind expire after the overlap. Use the kind FEED to create the ' +
      'first feed key. For administrators.',
    resolve: (_root, { input }, context) =>
      rotateKey(
        { slug: input.partner, kind: input.kind ?? 'FULL', overlap: overlapIn(input) },
        adminDepsOf(context),
      ),
  },
  {
    description: 'A new API key. It is shown only once: only its hash is stored.',
    outputFields: (t) => ({
      ...keyFields(t),
      oldKeysExpireAt: t.expose('oldKeysExpireAt', {
        type: 'DateTime',
        nullable: true,
        description:
          'The time at which this mutation makes the older keys of this kind expire; null if there are no older keys, or ' +
          'if all of them expire earlier.',
      }),
    }),
  },
)
