import { parseDurationSeconds } from '../base/duration.ts'
import { Forbidden, InvalidInput, NotFound, NotSignedIn } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import type { Context } from '../graphql/context.ts'
import { addPartner } from '../licensing/add-partner.ts'
import type { OrderDeps } from '../licensing/admin-mutations.ts'
import { setLicence } from '../licensing/licence.ts'
import { rotateKey } from '../licensing/rotate-key.ts'
import { setPartnerQuota } from '../licensing/set-quota.ts'
import { reinstatePartner, suspendPartner } from '../licensing/suspend.ts'
import type { Terms } from '../licensing/terms.ts'
import { KeyKind, Licence, Partner } from './partner.ts'

// What administrators order about partners.

const LicenceInput = builder.inputType('LicenceInput', {
  description:
    'What a partner may have. In a list "*" stands for everything and nothing for nothing. What is left out ' +
    'stays as it is; a new partner may have nothing that is not said here.',
  fields: (t) => ({
    topics: t.stringList({ description: 'Slugs of topics; those under them are covered too.' }),
    sections: t.stringList({ description: 'Slugs of sections, which are the topics that have no parent.' }),
    languages: t.stringList({ description: 'BCP 47 tags; "en" covers "en-GB" too.' }),
    agencies: t.stringList({
      description: 'Picture agencies, spelled as in the agency of a picture; the credit line is not read.',
    }),
    fullText: t.boolean({ description: 'Whether it may have the body, or only headline, summary and link.' }),
    quotations: t.boolean({ description: 'Whether it may have blocks that quote somebody.' }),
    embeds: t.boolean({ description: 'Whether it may have posts from social networks.' }),
    validFrom: t.field({ type: 'DateTime', description: 'From when it is in force; null for always.' }),
    validUntil: t.field({
      type: 'DateTime',
      description: 'From when it is in force no longer; null for never.',
    }),
    keepDays: t.int({ description: 'For so many days a story may be shown; null for ever.' }),
    attribution: t.string({ description: 'The line that must stand with each story.' }),
  }),
})

const AddPartnerInput = builder.inputType('AddPartnerInput', {
  description: 'An outlet that is to take our stories.',
  fields: (t) => ({
    slug: t.string({
      required: true,
      description: 'Its name in commands: lower-case letters, digits, hyphens.',
    }),
    name: t.string({ required: true, description: 'What it is called.' }),
    quotaPerMinute: t.int({ description: 'Requests that the partner may make in a minute. Default 60.' }),
    quotaPerDay: t.int({ description: 'Requests that the partner may make in a day (UTC). Default 20,000.' }),
    licence: t.field({ type: LicenceInput, description: 'What it may have.' }),
  }),
})

type KeyMade = Awaited<ReturnType<typeof addPartner>> & { oldExpireAt?: Date | null }

const PartnerKeyMade = builder.objectRef<KeyMade>('PartnerKeyMade').implement({
  description: 'A key was made. It is shown here and nowhere else: only a hash of it is kept.',
  fields: (t) => ({
    partner: t.field({ type: Partner, description: 'Whose it is.', resolve: ({ partner }) => partner }),
    key: t.string({ description: 'The key itself.', resolve: ({ key }) => key.text }),
    prefix: t.string({ description: 'The part by which it is listed.', resolve: ({ key }) => key.prefix }),
    kind: t.field({ type: KeyKind, description: 'What it is for.', resolve: ({ key }) => key.kind }),
    oldExpireAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the older keys of that kind expire; null where none was to expire later.',
      resolve: ({ oldExpireAt }) => oldExpireAt ?? null,
    }),
  }),
})

type LicenceOutcome = Awaited<ReturnType<typeof setLicence>>

const LicenceSet = builder.objectRef<LicenceOutcome>('LicenceSet').implement({
  description: 'The licence says so now; its partner hears of it through the change sequence.',
  fields: (t) => ({
    licence: t.field({ type: Licence, description: 'The licence.', resolve: ({ licence }) => licence }),
    changed: t.exposeBoolean('changed', { description: 'False when it said the same before.' }),
  }),
})

builder.mutationFields((t) => {
  const slug = t.arg.string({ required: true, description: "The partner's slug." })
  const authScopes = { role: 'admin' } as const
  const invalid = [NotSignedIn, Forbidden, NotFound, InvalidInput]
  return {
    addPartner: t.field({
      type: PartnerKeyMade,
      description: 'Adds a partner, with its first key for the header. For administrators.',
      args: { input: t.arg({ type: AddPartnerInput, required: true, description: 'Which one.' }) },
      errors: { types: [NotSignedIn, Forbidden, InvalidInput] },
      authScopes,
      resolve: (_root, { input }, context) =>
        addPartner({ ...input, licence: termsIn(input.licence ?? {}) }, depsOf(context)),
    }),
    rotateKey: t.field({
      type: PartnerKeyMade,
      description:
        'Makes a new key; the older ones of its kind expire after the overlap. Makes the first key for ' +
        'feeds too. For administrators.',
      args: {
        partner: slug,
        kind: t.arg({ type: KeyKind, defaultValue: 'FULL', description: 'What the key is for.' }),
        overlap: t.arg.string({
          defaultValue: '24h',
          description:
            'How long the older keys stay good: "30s", "15m", "1h", "7d", or "0" to end them at once.',
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
        'Serves a partner no longer: its keys are refused, and what it has open ends within 5 seconds. ' +
        'For administrators.',
      args: { partner: slug },
      errors: { types: [NotSignedIn, Forbidden, NotFound] },
      authScopes,
      resolve: (_root, { partner }, context) => suspendPartner(partner, depsOf(context)),
    }),
    reinstatePartner: t.field({
      type: Partner,
      description: 'Serves a partner again, by the keys and the licence that it has. For administrators.',
      args: { partner: slug },
      errors: { types: [NotSignedIn, Forbidden, NotFound] },
      authScopes,
      resolve: (_root, { partner }, context) => reinstatePartner(partner, depsOf(context)),
    }),
    setLicence: t.field({
      type: LicenceSet,
      description:
        'Changes what a partner may have. Stories that it loses, gains or gets otherwise are changes for it. ' +
        'For administrators.',
      args: {
        partner: slug,
        licence: t.arg({ type: LicenceInput, required: true, description: 'What changes.' }),
      },
      errors: { types: invalid },
      authScopes,
      resolve: (_root, { partner, licence }, context) =>
        setLicence({ slug: partner, terms: termsIn(licence) }, depsOf(context)),
    }),
    setPartnerQuota: t.field({
      type: Partner,
      description: 'Changes how much a partner may ask for, from the next request. For administrators.',
      args: {
        partner: slug,
        perMinute: t.arg.int({ description: 'Requests in a minute.' }),
        perDay: t.arg.int({ description: 'Requests in a day (UTC).' }),
      },
      errors: { types: invalid },
      authScopes,
      resolve: (_root, { partner, perMinute, perDay }, context) =>
        setPartnerQuota({ slug: partner, quotaPerMinute: perMinute, quotaPerDay: perDay }, depsOf(context)),
    }),
  }
})

function depsOf({ bus, now, viewer }: Context): OrderDeps {
  return { bus, now, admin: viewer.subject ?? '' }
}

/** Terms that may be given as null, which means without a limit. */
const UNLIMITED: ReadonlySet<string> = new Set(['validFrom', 'validUntil', 'keepDays'])

/** What is given of a licence; null where null means nothing is left out. */
function termsIn(input: { [Term in keyof Terms]?: Terms[Term] | null }): Partial<Terms> {
  const given = Object.entries(input).filter(
    ([term, value]) => value !== undefined && (value !== null || UNLIMITED.has(term)),
  )
  return Object.fromEntries(given)
}

function overlapIn(text: string): number {
  const seconds = text === '0' ? 0 : parseDurationSeconds(text)
  if (seconds === null) {
    throw new InvalidInput('overlap', 'The overlap is a number with a unit: 30s, 15m, 1h or 7d; or 0.')
  }
  return seconds
}
