import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import type { Partner as PartnerRow } from '../db/client/client.ts'
import { builder, type InputFields, type ObjectFields } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import type { AdminDeps } from '../licensing/admin-mutations.ts'
import { setLicence } from '../licensing/licence.ts'
import { setPartnerQuota } from '../licensing/set-quota.ts'
import { reinstatePartner, suspendPartner } from '../licensing/suspend.ts'
import { LicenceInput, termsIn } from './licence-input.ts'
import { Licence, Partner } from './partner.ts'

// Mutations for administrators on partners: suspend, reinstate, licence, quotas.

/** The required role and the expected errors of a mutation on an existing partner. */
export const forAdmins = {
  authScopes: { role: 'admin' } as const,
  errors: { types: [NotSignedIn, Forbidden, NotFound, InvalidInput] },
}

/** The input field of a mutation on an existing partner. */
export const partnerSlug = (t: InputFields) => ({
  partner: t.string({ required: true, description: 'The slug of the partner.' }),
})

const partnerField = (t: ObjectFields<PartnerRow>) => ({
  partner: t.field({ type: Partner, description: 'The partner.', resolve: (partner) => partner }),
})

builder.relayMutationField(
  'suspendPartner',
  { description: 'A partner to suspend.', inputFields: partnerSlug },
  {
    ...forAdmins,
    description:
      'Suspends a partner: its keys allow only removals and acknowledgements, and its connections are closed ' +
      'within 5 seconds. For administrators.',
    resolve: (_root, { input }, context) => suspendPartner(input.partner, adminDepsOf(context)),
  },
  { description: 'The partner is suspended.', outputFields: partnerField },
)

builder.relayMutationField(
  'reinstatePartner',
  { description: 'A suspended partner to reinstate.', inputFields: partnerSlug },
  {
    ...forAdmins,
    description: 'Reinstates a suspended partner with its keys and licence. For administrators.',
    resolve: (_root, { input }, context) => reinstatePartner(input.partner, adminDepsOf(context)),
  },
  { description: 'The partner is reinstated.', outputFields: partnerField },
)

builder.relayMutationField(
  'setPartnerQuota',
  {
    description: 'The new quotas of a partner. An omitted quota keeps its value.',
    inputFields: (t) => ({
      ...partnerSlug(t),
      perMinute: t.int({ description: 'The maximum number of requests per minute.' }),
      perDay: t.int({ description: 'The maximum number of requests per day (UTC).' }),
    }),
  },
  {
    ...forAdmins,
    description: 'Sets the quotas of a partner. They apply from the next request. For administrators.',
    resolve: (_root, { input: { partner, perMinute, perDay } }, context) =>
      setPartnerQuota(
        { slug: partner, quotaPerMinute: perMinute, quotaPerDay: perDay },
        adminDepsOf(context),
      ),
  },
  { description: 'The quotas were set.', outputFields: partnerField },
)

builder.relayMutationField(
  'setLicence',
  {
    description: 'A partner, and the changes to its licence.',
    inputFields: (t) => ({
      ...partnerSlug(t),
      licence: t.field({ type: LicenceInput, required: true, description: 'The changes to the licence.' }),
    }),
  },
  {
    ...forAdmins,
    description:
      'Updates the licence of a partner. The partner receives a change for each article that the new terms ' +
      'add, remove or change. For administrators.',
    resolve: (_root, { input: { partner, licence } }, context) =>
      setLicence({ slug: partner, terms: termsIn(licence) }, adminDepsOf(context)),
  },
  {
    description: 'The licence was set. The partner receives the resulting changes.',
    outputFields: (t) => ({
      licence: t.field({ type: Licence, description: 'The licence.', resolve: ({ licence }) => licence }),
      changed: t.exposeBoolean('changed', { description: 'False if the licence already had these terms.' }),
    }),
  },
)

/** What the rules for administrators need. */
export function adminDepsOf({ bus, now, viewer }: Context): AdminDeps {
  return { bus, now, admin: viewer.subject ?? '' }
}
