import { Forbidden, NotSignedIn } from '../base/errors.ts'
import { batchLoader } from '../graphql/batch-loader.ts'
import { builder } from '../graphql/builder.ts'
import { pageComplexity, rootPage } from '../graphql/connections.ts'
import { rowIdIn } from '../graphql/ids.ts'
import { keyset } from '../graphql/keyset.ts'
import { FOR_PARTNERS } from '../graphql/partner-access.ts'
import { currentUnits } from '../licensing/quota.ts'
import { termColumns } from '../licensing/terms.ts'
import { coversArticle, licenceCoverage, licensedFactsOf } from '../syndication/coverage.ts'
import { LicenceCoverage } from './licence-coverage.ts'

/** It reads all articles and images. */
const COVERAGE_COMPLEXITY = 1_000

/** For the licences of all partners in a list. */
const loadFacts = batchLoader(licensedFactsOf)

export const Licence = builder.prismaObject('Licence', {
  select: {},
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
      description: 'The start of the licence; null for no limit.',
    }),
    validUntil: t.expose('validUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'The end of the licence, exclusive; null for no limit.',
    }),
    retentionDays: t.exposeInt('retentionDays', { nullable: true }),
    attribution: t.exposeString('attribution'),
    coverage: t.field({
      type: LicenceCoverage,
      description:
        'The articles and images that the licence covers now, and warnings for entries that match no article or image. For administrators.',
      authScopes: { role: 'admin' },
      complexity: { field: COVERAGE_COMPLEXITY },
      select: { partnerId: true, ...termColumns },
      resolve: (licence, _args, { db, now }) => licenceCoverage(licence, { db, now }),
    }),
    covers: t.boolean({
      description: 'Whether the licence covers an article now. For administrators.',
      authScopes: { role: 'admin' },
      args: { articleId: t.arg.id({ required: true, description: 'The id of the article.' }) },
      select: termColumns,
      resolve: async (licence, { articleId }, context) =>
        coversArticle(licence, await loadFacts(rowIdIn('Article', articleId), context), context.now()),
    }),
  }),
})

builder.prismaObject('LicenceChange', {
  select: {},
  fields: (t) => ({
    version: t.exposeInt('version', { description: 'The version of the licence.' }),
    terms: t.string({
      description: 'The whole licence of the version, as JSON.',
      select: { terms: true },
      resolve: ({ terms }) => JSON.stringify(terms),
    }),
    admin: t.exposeString('admin'),
    at: t.expose('at', { type: 'DateTime', description: 'When the licence was changed.' }),
  }),
})

export const KeyKind = builder.enumType('KeyKind', {
  description: 'The kind of API key.',
  values: {
    FULL: { description: 'For the Authorization header. Allows everything that a partner may do.' },
    FEED: { description: 'For feed URLs only.' },
  } as const,
})

builder.prismaObject('PartnerKey', {
  select: {},
  fields: (t) => ({
    prefix: t.exposeString('prefix'),
    kind: t.expose('kind', { type: KeyKind, description: 'The kind of key.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the key was created.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
})

const PartnerUsage = builder.objectRef<{ minute: number; day: number }>('PartnerUsage').implement({
  description: 'The number of requests in the current minute and day (UTC).',
  fields: (t) => ({
    minute: t.exposeInt('minute', { description: 'Requests in the current minute.' }),
    day: t.exposeInt('day', { description: 'Requests in the current day.' }),
  }),
})

export const Partner = builder.prismaObject('Partner', {
  select: {},
  fields: (t) => ({
    slug: t.exposeString('slug'),
    name: t.exposeString('name'),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When the partner was added.' }),
    suspendedAt: t.expose('suspendedAt', { type: 'DateTime', nullable: true }),
    quotaPerMinute: t.exposeInt('quotaPerMinute', {
      description: 'The maximum number of requests per minute.',
    }),
    quotaPerDay: t.exposeInt('quotaPerDay', { description: 'The maximum number of requests per day (UTC).' }),
    usage: t.field({
      type: PartnerUsage,
      description: 'The number of requests used in the current minute and day.',
      select: (_args, { now }) => {
        const { minute, day } = currentUnits(now())
        return {
          usage: {
            select: { unit: true, requests: true },
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
    licence: t.relation('licence', { nullable: true, description: 'The licence.' }),
    licenceHistory: t.relation('licenceHistory', {
      description: 'The versions of the licence, latest first. For administrators.',
      authScopes: { role: 'admin' },
      query: { orderBy: { version: 'desc' } },
    }),
    keys: t.relation('keys', {
      description: 'The API keys, newest first, without the secrets.',
      query: { orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] },
    }),
  }),
})

const bySlug = keyset<{ slug: string }>({ field: 'slug', direction: 'asc', kind: 'text' })

builder.queryFields((t) => ({
  partner: t.prismaField({
    type: Partner,
    nullable: true,
    description: 'Finds a partner by slug. For administrators.',
    authScopes: { role: 'admin' },
    args: { slug: t.arg.string({ required: true, description: 'The slug of the partner.' }) },
    resolve: (query, _root, { slug }, { db }) => db.partner.findUnique({ ...query, where: { slug } }),
  }),
  partners: t.connection(
    {
      type: Partner,
      description: 'The partners, ordered by slug. For administrators.',
      authScopes: { role: 'admin' },
      complexity: pageComplexity,
      resolve: async (_root, args, context, info) =>
        bySlug.page(await context.db.partner.findMany(rootPage(bySlug, args, [], context, info)), args),
    },
    { name: 'PartnerConnection' },
    { name: 'PartnerEdge' },
  ),
  viewerPartner: t.prismaField({
    type: Partner,
    description: 'The partner that owns the API key of the request. For partners.',
    extensions: FOR_PARTNERS,
    resolve: (query, _root, _args, { db, viewer }) => {
      if (viewer.role === 'anonymous')
        throw new NotSignedIn('Send a partner\'s key as "Authorization: Bearer …".')
      if (viewer.partnerId === undefined)
        throw new Forbidden(
          'Only partners can read this field. Send a partner key as "Authorization: Bearer …".',
        )
      return db.partner.findUniqueOrThrow({ ...query, where: { id: viewer.partnerId } })
    },
  }),
}))
