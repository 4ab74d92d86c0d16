import { parseDurationSeconds } from '../base/duration.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { addPartner } from '../licensing/add-partner.ts'
import type { AdminDeps } from '../licensing/admin-mutations.ts'
import { setLicence } from '../licensing/licence.ts'
import { rotateKey } from '../licensing/rotate-key.ts'
import { setPartnerQuota } from '../licensing/set-quota.ts'
import { reinstatePartner, suspendPartner } from '../licensing/suspend.ts'
import { LicenceInput, termsIn } from './licence-input.ts'
import { KeyKind, Licence, Partner } from './partner.ts'

// Mutations for administrators on partners.

const AddPartnerInput = builder.inputType('AddPartnerInput', {
  description: 'A new partner.',
  fields: (t) => ({
    slug: t.string({
      required: true,
      description: 'The slug of the partner: lower-case letters, digits and hyphens.',
    }),
    name: t.string({ required: true, description: 'The name of the outlet.' }),
    quotaPerMinute: t.int({ description: 'The maximum number of requests per minute. Default 60.' }),
    quotaPerDay: t.int({ description: 'The maximum number of requests per day (UTC). Default 20,000.' }),
    licence: t.field({ type: LicenceInput, description: 'The licence.' }),
  }),
})

type CreatedKey = Awaited<ReturnType<typeof addPartner>> & { oldKeysExpireAt?: Date | null }

const PartnerKeyCreated = builder.objectRef<CreatedKey>('PartnerKeyCreated').implement({
  description: 'A new API key. It is shown only once: only its hash is stored.',
  fields: (t) => ({
    partner: t.field({ type: Partner, description: 'The partner.', resolve: ({ partner }) => partner }),
    key: t.string({ description: 'The key. Store it now.', resolve: ({ key }) => key.text }),
    prefix: t.string({ description: 'The public prefix of the key.', resolve: ({ key }) => key.prefix }),
    kind: t.field({ type: KeyKind, description: 'The kind of key.', resolve: ({ key }) => key.kind }),
    oldKeysExpireAt: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the older keys of this kind expire; null if there are none, or if they expire earlier.',
      resolve: ({ oldKeysExpireAt }) => oldKeysExpireAt ?? null,
    }),
  }),
})

type LicenceOutcome = Awaited<ReturnType<typeof setLicence>>

const LicenceSet = builder.objectRef<LicenceOutcome>('LicenceSet').implement({
  description: 'The licence was set. The partner receives the resulting changes.',
  fields: (t) => ({
    licence: t.field({ type: Licence, description: 'The licence.', resolve: ({ licence }) => licence }),
    changed: t.exposeBoolean('changed', { description: 'False if the licence was already the same.' }),
  }),
})

builder.mutationFields((t) => {
  const slug = t.arg.string({ required: true, description: 'The slug of the partner.' })
  const authScopes = { role: 'admin' } as const
  const invalid = [NotSignedIn, Forbidden, NotFound, InvalidInput]
  return {
    addPartner: t.field({
      type: PartnerKeyCreated,
      description: 'Adds a partner and creates its first API key. For administrators.',
      args: { input: t.arg({ type: AddPartnerInput, required: true, description: 'The partner.' }) },
      errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
      authScopes,
      resolve: (_root, { input }, context) =>
        addPartner({ ...input, licence: termsIn(input.licence ?? {}) }, depsOf(context)),
    }),
    rotateKey: t.field({
      type: PartnerKeyCreated,
      description:
        'Creates a new key. Older keys of the same kind expire after the overlap. Use the kind FEED to create the ' +
        'first feed key. For administrators.',
      args: {
        partner: slug,
        kind: t.arg({ type: KeyKind, defaultValue: 'FULL', description: 'The kind of key.' }),
        overlap: t.arg.string({
          defaultValue: '24h',
          description:
            'How long the older keys stay valid: "30s", "15m", "1h", "7d", or "0" to expire them now.',
        }),
      },
      errors: { types: invalid },
      authScopes,
      resolve: (_root, { partner, kind, overlap }, context) =>
        rotateKey(
          { slug: partner, kind: kind ?? 'FULL', overlap: overlapIn(overlap ?? '24h') },
          depsOf(context),
        ),
    }),
    suspendPartner: t.field({
      type: Partner,
      description:
        'Suspends a partner: its keys allow only removals and acknowledgements, and its connections are closed ' +
        'within 5 seconds. For administrators.',
      args: { partner: slug },
      errors: { types: [NotSignedIn, Forbidden, NotFound] },
      authScopes,
      resolve: (_root, { partner }, context) => suspendPartner(partner, depsOf(context)),
    }),
    reinstatePartner: t.field({
      type: Partner,
      description: 'Reinstates a suspended partner with its keys and licence. For administrators.',
      args: { partner: slug },
      errors: { types: [NotSignedIn, Forbidden, NotFound] },
      authScopes,
      resolve: (_root, { partner }, context) => reinstatePartner(partner, depsOf(context)),
    }),
    setLicence: t.field({
      type: LicenceSet,
      description:
        'Updates the licence of a partner. The partner receives a change for each article that it gains, loses ' +
        'or receives in a different form. For administrators.',
      args: {
        partner: slug,
        licence: t.arg({ type: LicenceInput, required: true, description: 'The changes to the licence.' }),
      },
      errors: { types: invalid },
      authScopes,
      resolve: (_root, { partner, licence }, context) =>
        setLicence({ slug: partner, terms: termsIn(licence) }, depsOf(context)),
    }),
    setPartnerQuota: t.field({
      type: Partner,
      description: 'Sets the quotas of a partner. They apply from the next request. For administrators.',
      args: {
        partner: slug,
        perMinute: t.arg.int({ description: 'The maximum number of requests per minute.' }),
        perDay: t.arg.int({ description: 'The maximum number of requests per day (UTC).' }),
      },
      errors: { types: invalid },
      authScopes,
      resolve: (_root, { partner, perMinute, perDay }, context) =>
        setPartnerQuota({ slug: partner, quotaPerMinute: perMinute, quotaPerDay: perDay }, depsOf(context)),
    }),
  }
})

function depsOf({ bus, now, viewer }: Context): AdminDeps {
  return { bus, now, admin: viewer.subject ?? '' }
}

function overlapIn(text: string): number {
  const seconds = text === '0' ? 0 : parseDurationSeconds(text)
  if (seconds === null) {
    throw new InvalidInput(
      'overlap',
      '"overlap" must be a number with a unit, such as 30s, 15m, 1h or 7d, or 0.',
    )
  }
  return seconds
}
