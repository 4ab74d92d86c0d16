import { Forbidden, NotSignedIn } from '../base/errors.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { keyset } from '../graphql/keyset.ts'
import { FOR_PARTNERS } from '../graphql/partner-access.ts'
import { currentUnits } from '../licensing/quota.ts'
import { licenceCoverage } from '../syndication/coverage.ts'
import { LicenceCoverage } from './licence-coverage.ts'

/** It reads every story and every picture. */
const COVERAGE_COMPLEXITY = 1_000

/** What a licence says, as the type and its history show it. */
export const Licence = builder.prismaObject('Licence', {
  fields: (t) => ({
    version: t.exposeInt('version'),
    topics: t.exposeStringList('topics'),
    sections: t.exposeStringList('sections'),
    languages: t.exposeStringList('languages'),
    agencies: t.exposeStringList('agencies'),
    fullText: t.exposeBoolean('fullText'),
    quotations: t.exposeBoolean('quotations'),
    embeds: t.exposeBoolean('embeds'),
    validFrom: t.expose('validFrom', {
      type: 'DateTime',
      nullable: true,
      description: 'From when it is in force; null for always.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'From when it is in force no longer; null for never.',
    }),
    keepDays: t.exposeInt('keepDays', { nullable: true }),
    attribution: t.exposeString('attribution'),
    coverage: t.field({
      type: LicenceCoverage,
      description: 'What the licence covers now, and which of its entries cover nothing. For administrators.',
      authScopes: { role: 'admin' },
      complexity: { field: COVERAGE_COMPLEXITY },
      resolve: (licence, _args, { db, now }) => licenceCoverage(licence, { db, now }),
    }),
  }),
})

builder.prismaObject('LicenceChange', {
  fields: (t) => ({
    version: t.exposeInt('version', { description: "The licence's version." }),
    terms: t.string({
      description: 'The whole licence of that version, as JSON.',
      resolve: ({ terms }) => JSON.stringify(terms),
    }),
    admin: t.exposeString('admin'),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
  }),
})

export const KeyKind = builder.enumType('KeyKind', {
  description: 'What a key is for.',
  values: {
    FULL: { description: 'For the Authorization header, and everything a partner may do.' },
    FEED: { description: 'For the address of a feed, and good for nothing else.' },
  } as const,
})

builder.prismaObject('PartnerKey', {
  fields: (t) => ({
    prefix: t.exposeString('prefix'),
    kind: t.expose('kind', { type: KeyKind, description: 'What it is for.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
})

const PartnerUsage = builder.objectRef<{ minute: number; day: number }>('PartnerUsage').implement({
  description: 'Requests that were served in the current minute and day (UTC).',
  fields: (t) => ({
    minute: t.exposeInt('minute', { description: 'In this minute.' }),
    day: t.exposeInt('day', { description: 'In this day.' }),
  }),
})

export const Partner = builder.prismaObject('Partner', {
  fields: (t) => ({
    slug: t.exposeString('slug'),
    name: t.exposeString('name'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'Since when it is a partner.' }),
    suspendedAt: t.expose('suspendedAt', { type: 'DateTime', nullable: true }),
    quotaPerMinute: t.exposeInt('quotaPerMinute', { description: 'Requests it may make in a minute.' }),
    quotaPerDay: t.exposeInt('quotaPerDay', { description: 'Requests it may make in a day (UTC).' }),
    usage: t.field({
      type: PartnerUsage,
      description: 'What it has used of its quotas.',
      select: (_args, { now }) => {
        const { minute, day } = currentUnits(now())
        return {
          usage: {
            where: {
              OR: [
                { unit: 'MINUTE', start: minute },
                { unit: 'DAY', start: day },
              ],
            },
          },
        }
      },
      resolve: ({ usage }) => {
        const requests = (unit: string) => usage.find((row) => row.unit === unit)?.requests ?? 0
        return { minute: requests('MINUTE'), day: requests('DAY') }
      },
    }),
    licence: t.relation('licence', { nullable: true, description: 'What it may have.' }),
    licenceHistory: t.relation('licenceHistory', {
      description: 'What the licence was in each version, latest first. For administrators.',
      authScopes: { role: 'admin' },
      query: { orderBy: { version: 'desc' } },
    }),
    keys: t.relation('keys', {
      description: 'Its keys, newest first; the secrets themselves are kept nowhere.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
  }),
})

const bySlug = keyset<{ slug: string }>({ field: 'slug', direction: 'asc', kind: 'text' })

builder.queryFields((t) => ({
  partner: t.prismaField({
    type: Partner,
    nullable: true,
    description: 'The partner of that slug; null when there is none. For administrators.',
    authScopes: { role: 'admin' },
    args: { slug: t.arg.string({ required: true, description: "The partner's slug." }) },
    resolve: (query, _root, { slug }, { db }) => db.partner.findUnique({ ...query, where: { slug } }),
  }),
  partners: t.connection(
    {
      type: Partner,
      description: 'The outlets that take our stories, by slug. For administrators.',
      authScopes: { role: 'admin' },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) =>
        bySlug.page(await context.db.partner.findMany(rootPage(bySlug, args, [], context, info)), args),
    },
    { name: 'PartnerConnection' },
    { name: 'PartnerEdge' },
  ),
  ownPartner: t.prismaField({
    type: Partner,
    description:
      'The partner whose key the request carries: its licence, its quotas, its keys. For partners.',
    extensions: FOR_PARTNERS,
    resolve: (query, _root, _args, { db, viewer }) => {
      if (viewer.role === 'anonymous')
        throw new NotSignedIn('Send a partner\'s key as "Authorization: Bearer …".')
      if (viewer.partnerId === undefined)
        throw new Forbidden('This is for partners, who send a key of theirs.')
      return db.partner.findUniqueOrThrow({ ...query, where: { id: viewer.partnerId } })
    },
  }),
}))
