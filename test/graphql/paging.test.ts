import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyset } from '../../src/graphql/keyset.ts'
import { freshApp, type TestApp } from '../support/app.ts'
import { addArticle, addComment, approve, reject } from '../support/newsroom.ts'

let app: TestApp
beforeAll(async () => {
  app = await freshApp()
  const { prisma } = app.database
  // Five moments for twenty stories: most are published in the same instant as others.
  for (let i = 0; i < 20; i++) {
    await addArticle(prisma, { slug: `paged-${i}`, publishedAt: new Date(Date.UTC(2026, 0, 1 + (i % 5))) })
  }
  // One whose comments stay as they are, and one for each test that changes them.
  for (const slug of ['talked-about', 'changing', 'moderated']) {
    const article = await addArticle(prisma, { slug, publishedAt: new Date('2025-01-01T00:00:00Z') })
    for (let i = 0; i < 12; i++) await say(article.key, `${slug} ${i}`)
  }
})

afterAll(() => app.close())

async function say(articleKey: string, body: string): Promise<void> {
  const { id } = await addComment(app.database.prisma, articleKey, { body })
  await approve(app.database.prisma, [id])
}

interface Page {
  names: string[]
  next: string | null
  previous: string | null
}

type Turn = { first: number; after?: string | null } | { last: number; before?: string | null }

/** The lists that are paged through: how to ask for a page, and what to know its items by. */
const articles = { open: 'articles(ARGS)', name: 'slug', close: '' }
const commentsOf = (slug: string) => ({
  open: `article(slug: "${slug}") { comments(ARGS)`,
  name: 'body',
  close: '}',
})

type List = typeof articles

async function page({ open, name, close }: List, turn: Turn): Promise<Page> {
  const args = Object.entries(turn).flatMap(([key, value]) =>
    value == null ? [] : `${key}: ${JSON.stringify(value)}`,
  )
  const data =
    await app.ask(`{ ${open.replace('ARGS', args.join(', '))} { edges { cursor node { name: ${name} } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } ${close} }`)
  const { edges, pageInfo } = data.articles ?? data.article.comments
  expect(pageInfo.startCursor).toBe(edges.at(0)?.cursor ?? null)
  expect(pageInfo.endCursor).toBe(edges.at(-1)?.cursor ?? null)
  return {
    names: edges.map(({ node }: { node: { name: string } }) => node.name),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
    previous: pageInfo.hasPreviousPage ? pageInfo.startCursor : null,
  }
}

async function forwards(list: List, sizes: number[], between?: (turn: number) => Promise<void>) {
  const pages: string[][] = []
  let after: string | null = null
  do {
    const { names, next }: Page = await page(list, { first: sizes[pages.length % sizes.length]!, after })
    pages.push(names)
    await between?.(pages.length)
    after = next
  } while (after)
  return pages.flat()
}

async function backwards(list: List, sizes: number[]) {
  const pages: string[][] = []
  let before: string | null = null
  do {
    const { names, previous }: Page = await page(list, { last: sizes[pages.length % sizes.length]!, before })
    pages.unshift(names)
    before = previous
  } while (before)
  return pages.flat()
}

const sizes = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 5 })

describe.each([
  ['articles', articles, 23],
  ['comments', commentsOf('talked-about'), 12],
] as const)('the list of %s', (_, list, size) => {
  test('is whole and in order, however it is cut into pages and from either end', {
    timeout: 60_000,
  }, async () => {
    const whole = (await page(list, { first: 100 })).names
    expect(new Set(whole).size).toBe(size)
    const cut = fc.asyncProperty(sizes, sizes, async (there, back) => {
      expect(await forwards(list, there)).toEqual(whole)
      expect(await backwards(list, back)).toEqual(whole)
    })
    await fc.assert(cut, { numRuns: 15 })
  })
})

test('what is inserted or taken down between pages moves nothing else', async () => {
  const { prisma } = app.database
  const list = commentsOf('changing')
  const { id: articleKey } = await prisma.article.findUniqueOrThrow({ where: { slug: 'changing' } })
  const before = (await page(list, { first: 100 })).names
  const doomed = await prisma.comment.findFirstOrThrow({ where: { body: before[4] } })
  const seen = await forwards(list, [3], async (turn) => {
    // On page two by now: new comments stand in front of it, and the row of its cursor goes.
    if (turn === 1) await say(articleKey, 'A comment in between')
    if (turn === 2) await reject(prisma, [doomed.id])
  })
  expect(seen).toEqual(before)
  expect((await page(list, { first: 100 })).names).toEqual([
    'A comment in between',
    ...before.filter((name) => name !== before[4]),
  ])
})

test('a cursor stays good when its row is taken down', async () => {
  const list = commentsOf('moderated')
  const { names, next } = await page(list, { first: 2 })
  const row = await app.database.prisma.comment.findFirstOrThrow({ where: { body: names[1] } })
  const { names: expected } = await page(list, { first: 3, after: next })
  await reject(app.database.prisma, [row.id])
  expect((await page(list, { first: 3, after: next })).names).toEqual(expected)
})

describe('page arguments that make no sense are refused by name', () => {
  const code = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const uuid = '01900000-0000-7000-8000-000000000000'
  const good = { publishedAt: '2026-01-01T00:00:00.000Z', id: uuid }
  const refused: [string, string][] = [
    ['first: -1', 'first'],
    ['first: 101', 'first'],
    ['first: 2147483647', 'first'],
    ['last: 101', 'last'],
    ['last: -5', 'last'],
    ['first: 2, last: 2', 'last'],
    ...[
      'garbage',
      '',
      '\\u0000',
      '🙂',
      code(null),
      code([]),
      code(5),
      code({}),
      code({ position: 3 }),
      code({ name: 'A', id: uuid }),
      code({ submittedAt: good.publishedAt, id: uuid }),
      code({ ...good, id: "x' OR 1=1 --" }),
      code({ ...good, id: null }),
      code({ ...good, more: 1 }),
      code({ ...good, publishedAt: 'yesterday' }),
      code({ ...good, publishedAt: '-200000-01-01T00:00:00Z' }),
      code({ ...good, publishedAt: '+200000-01-01T00:00:00Z' }),
      code({ ...good, publishedAt: 5 }),
      'x'.repeat(5000),
    ].map((cursor): [string, string] => [`after: "${cursor}"`, 'after']),
    ['before: "garbage"', 'before'],
  ]
  test.each(refused)('articles(%s)', async (args, field) => {
    const { errors } = await app.post(`{ articles(${args}) { edges { node { id } } } }`)
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field } }])
  })

  test.each([
    [
      'comments',
      'article(slug: "talked-about") { comments(ARGS) { edges { node { id } } } }',
      { position: 1.5 },
    ],
    [
      'comments',
      'article(slug: "talked-about") { comments(ARGS) { edges { node { id } } } }',
      { position: 1e300 },
    ],
    ['comments', 'article(slug: "talked-about") { comments(ARGS) { edges { node { id } } } }', good],
    ['people', 'people(ARGS) { edges { node { id } } }', { name: 'A\0', id: uuid }],
    ['people', 'people(ARGS) { edges { node { id } } }', { slug: 'a' }],
    ['organisations', 'organisations(ARGS) { edges { node { id } } }', { name: 'A', id: 'B' }],
    ['topics', 'topics(ARGS) { edges { node { id } } }', { slug: '\ud800' }],
    ['search', 'search(text: "a") { articles(ARGS) { edges { node { id } } } }', { rank: 1e300, id: uuid }],
    ['search', 'search(text: "a") { articles(ARGS) { edges { node { id } } } }', good],
  ])('a cursor of another list or none, given to %s', async (_list, query, cursor) => {
    const { errors } = await app.post(`{ ${query.replace('ARGS', `after: "${code(cursor)}"`)} }`)
    expect(errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT', field: 'after' } }])
  })

  test('first: 0 is a page without items', async () => {
    expect(await page(articles, { first: 0 })).toEqual({ names: [], next: null, previous: null })
  })
})

test('whatever a cursor says, reading it gives its values or an InvalidInput', () => {
  const order = keyset<{ publishedAt: Date; id: string }>(
    { field: 'publishedAt', direction: 'desc', kind: 'date' },
    { field: 'id', direction: 'desc', kind: 'uuid' },
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.jsonValue().map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const cursor = Buffer.from(text).toString('base64url')
        expect(() => order.query({ after: cursor })).toThrow('"after" is not a cursor of this list.')
      },
    ),
  )
})

describe('a page says whether the list goes on at each of its ends', () => {
  const cursors = async () => {
    const { articles } = await app.ask('{ articles(first: 100) { edges { cursor } } }')
    return articles.edges.map(({ cursor }: { cursor: string }) => cursor) as string[]
  }
  const ends = async (args: string) => {
    const { articles } = await app.ask(
      `{ articles(${args}) { edges { cursor } pageInfo { hasNextPage hasPreviousPage } } }`,
    )
    return articles.pageInfo
  }

  test('backwards: there is more after it only when it ends ahead of a cursor', async () => {
    const all = await cursors()
    expect(await ends('last: 2')).toEqual({ hasNextPage: false, hasPreviousPage: true })
    expect(await ends(`last: 2, before: "${all[5]}"`)).toEqual({ hasNextPage: true, hasPreviousPage: true })
    expect(await ends(`last: 5, before: "${all[5]}"`)).toEqual({ hasNextPage: true, hasPreviousPage: false })
    expect(await ends(`last: ${all.length}`)).toEqual({ hasNextPage: false, hasPreviousPage: false })
  })

  test('forwards: there is more before it only when it begins behind a cursor', async () => {
    const all = await cursors()
    expect(await ends('first: 2')).toEqual({ hasNextPage: true, hasPreviousPage: false })
    expect(await ends(`first: 2, after: "${all[5]}"`)).toEqual({ hasNextPage: true, hasPreviousPage: true })
    expect(await ends(`first: 2, after: "${all.at(-3)}"`)).toEqual({
      hasNextPage: false,
      hasPreviousPage: true,
    })
    expect(await ends(`first: ${all.length}`)).toEqual({ hasNextPage: false, hasPreviousPage: false })
  })
})
