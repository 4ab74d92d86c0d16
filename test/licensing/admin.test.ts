import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freshApp, type TestApp } from '../support/app.ts'
import type { Json } from '../support/json.ts'
import { addPartner } from '../support/partner.ts'

const ADD = `mutation ($input: AddPartnerInput!) {
  addPartner(input: $input) {
    __typename
    ... on AddPartnerPayload {
      key prefix kind
      partner { slug name suspendedAt quotaPerMinute quotaPerDay keys { prefix kind lastUsedAt }
        licence { version topics agencies fullText attribution } licenceHistory { version admin } }
    }
    ... on InvalidInput { field }
    ... on Error { message }
  }
}`
const OWN = `{ viewerPartner {
  slug name quotaPerMinute quotaPerDay usage { minute day } licence { version topics } keys { prefix kind expiresAt lastUsedAt }
} }`
const QUOTA = `mutation ($input: SetPartnerQuotaInput!) {
  setPartnerQuota(input: $input) {
    ... on SetPartnerQuotaPayload { partner { quotaPerMinute quotaPerDay } } ... on InvalidInput { field }
  }
}`

let app: TestApp
let admin: string

beforeAll(async () => {
  app = await freshApp()
  admin = await app.token('admin', { name: 'Admin' })
})

afterAll(() => app.close())

async function add(input: object): Promise<Json> {
  return (await app.ask(ADD, { input }, admin)).addPartner
}

describe('addPartner', () => {
  test('adds a partner that may have nothing but what is said, with a key that works', async () => {
    const made = await add({ slug: 'wire', name: '  Wire   Service ', licence: { topics: ['*'] } })
    expect(made).toMatchObject({
      __typename: 'AddPartnerPayload',
      kind: 'FULL',
      partner: {
        slug: 'wire',
        name: 'Wire Service',
        suspendedAt: null,
        quotaPerMinute: 60,
        quotaPerDay: 20_000,
        keys: [{ prefix: made.prefix, kind: 'FULL', lastUsedAt: null }],
        licence: { version: 1, topics: ['*'], agencies: [], fullText: false, attribution: '' },
        licenceHistory: [{ version: 1, admin: 'admin-admin' }],
      },
    })
    expect((await app.ask(OWN, {}, made.key)).viewerPartner).toMatchObject({ slug: 'wire' })
  })

  test.each([
    ['a slug that is none', { slug: 'Wire Service' }, 'slug'],
    ['an endless slug', { slug: 'x'.repeat(81) }, 'slug'],
    ['no name', { name: ' ' }, 'name'],
    ['a name with control characters', { name: 'a\u0007b' }, 'name'],
    ['a quota of nothing', { quotaPerMinute: 0 }, 'quotaPerMinute'],
    ['an endless quota', { quotaPerDay: 2_000_000_000 }, 'quotaPerDay'],
    ['a licence that is none', { licence: { topics: ['nowhere'] } }, 'topics'],
  ])('refuses %s', async (_what, change, field) => {
    const before = await app.database.prisma.partner.count()
    expect(await add({ slug: 'refused', name: 'Refused', ...change })).toMatchObject({
      __typename: 'InvalidInput',
      field,
    })
    expect(await app.database.prisma.partner.count()).toBe(before)
  })

  test('refuses a slug that is taken, and leaves its owner as it is', async () => {
    const input = { slug: 'taken', name: 'Taken' }
    const results = await Promise.all([add(input), add(input)])
    expect(results.map(({ __typename }) => __typename).sort()).toEqual(['AddPartnerPayload', 'InvalidInput'])
    expect(await app.database.prisma.partnerKey.count({ where: { partner: { slug: 'taken' } } })).toBe(1)
  })
})

test('a quota that is set holds from the next request', async () => {
  const { slug, key } = await addPartner(app.database.prisma)
  const set = async (variables: object) =>
    (await app.ask(QUOTA, { input: { partner: slug, ...variables } }, admin)).setPartnerQuota
  expect(await set({ perDay: 1 })).toEqual({ partner: { quotaPerMinute: 60, quotaPerDay: 1 } })
  expect((await app.post(OWN, {}, key)).status).toBe(200)
  expect((await app.post(OWN, {}, key)).status).toBe(429)
  expect(await set({ perDay: 100 })).toMatchObject({ partner: { quotaPerDay: 100 } })
  expect((await app.post(OWN, {}, key)).status).toBe(200)
  expect(await set({ perMinute: 0 })).toEqual({ field: 'quotaPerMinute' })
})

test('administrators read all partners, page by page', async () => {
  for (const slug of ['zz-one', 'zz-two']) await addPartner(app.database.prisma, { slug })
  const query = `query ($after: String) {
    partners(first: 1, after: $after) { edges { node { slug } } pageInfo { endCursor hasNextPage } }
  }`
  const slugs: string[] = []
  for (let after: string | null = null, more = true; more; ) {
    const { partners }: Json = await app.ask(query, { after }, admin)
    slugs.push(...partners.edges.map(({ node }: Json) => node.slug))
    after = partners.pageInfo.endCursor
    more = partners.pageInfo.hasNextPage
  }
  expect(slugs).toEqual([...slugs].sort())
  expect(slugs).toEqual(expect.arrayContaining(['zz-one', 'zz-two']))
  const one = 'query ($slug: String!) { partner(slug: $slug) { slug } }'
  expect(await app.ask(one, { slug: 'zz-one' }, admin)).toEqual({ partner: { slug: 'zz-one' } })
  expect(await app.ask(one, { slug: 'nobody' }, admin)).toEqual({ partner: null })
})

test('orders about a partner that there is not find none', async () => {
  const orders = [
    'suspendPartner(input: { partner: "nobody" })',
    'reinstatePartner(input: { partner: "nobody" })',
    'rotateKey(input: { partner: "nobody" })',
    'setLicence(input: { partner: "nobody", licence: {} })',
    'setPartnerQuota(input: { partner: "nobody", perDay: 1 })',
  ]
  for (const order of orders) {
    const data = await app.ask(
      `mutation { result: ${order} { __typename ... on Error { message } } }`,
      {},
      admin,
    )
    expect(data.result).toEqual({
      __typename: 'NotFound',
      message: 'The partner "nobody" does not exist, or you may not see it. Check the id or slug.',
    })
  }
})

test('only administrators order partners about, and read about them', async () => {
  const { slug, key } = await addPartner(app.database.prisma)
  const before = await app.database.prisma.partner.findUnique({ where: { slug }, include: { keys: true } })
  const mutations = [
    'addPartner(input: { slug: "new", name: "New" })',
    `suspendPartner(input: { partner: "${slug}" })`,
    `reinstatePartner(input: { partner: "${slug}" })`,
    `rotateKey(input: { partner: "${slug}" })`,
    `setLicence(input: { partner: "${slug}", licence: { agencies: ["*"] } })`,
    `setPartnerQuota(input: { partner: "${slug}", perDay: 1000000 })`,
  ]
  const tokens = await Promise.all(
    (['reader', 'moderator', 'editor'] as const).map((role) => app.token(role)),
  )
  for (const token of [undefined, ...tokens, key]) {
    const refusal = token === undefined ? 'NotSignedIn' : 'Forbidden'
    for (const mutation of mutations) {
      const data = await app.ask(`mutation { result: ${mutation} { __typename } }`, {}, token)
      expect([mutation, data.result]).toEqual([mutation, { __typename: refusal }])
    }
    for (const query of [`partner(slug: "${slug}") { slug }`, 'partners { edges { node { slug } } }']) {
      const { errors } = await app.post(`{ ${query} }`, {}, token)
      expect(errors?.[0]?.extensions?.code).toBe(refusal === 'Forbidden' ? 'FORBIDDEN' : 'NOT_SIGNED_IN')
    }
  }
  const after = await app.database.prisma.partner.findUnique({ where: { slug }, include: { keys: true } })
  expect(after).toMatchObject({ ...before, keys: [{ hash: before?.keys[0]?.hash, expiresAt: null }] })
})

test('a partner sees its own terms and no others, and who administers it stays hidden', async () => {
  const { slug, key } = await addPartner(app.database.prisma, { name: 'Own' })
  expect((await app.ask(OWN, {}, key)).viewerPartner).toMatchObject({
    slug,
    name: 'Own',
    usage: { minute: 1, day: 1 },
    licence: { version: 1, topics: ['*'] },
    keys: [{ prefix: key.slice(0, 12), kind: 'FULL', expiresAt: null }],
  })
  const { errors } = await app.post('{ viewerPartner { licenceHistory { admin } } }', {}, key)
  expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  const nobody = await app.post(OWN)
  expect(nobody.errors?.[0]?.extensions?.code).toBe('NOT_SIGNED_IN')
  const others = await app.post(OWN, {}, admin)
  expect(others.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
})
