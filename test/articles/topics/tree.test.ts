import { afterAll, beforeAll, expect, test } from 'vitest'
import { readTopicPaths } from '../../../src/articles/topics/paths.ts'
import { topicsUnder } from '../../../src/articles/topics/under.ts'
import { freshApp, type TestApp } from '../../support/app.ts'
import { addArticle, globalId } from '../../support/newsroom.ts'

let app: TestApp
const ids: Record<string, string> = {}

beforeAll(async () => {
  app = await freshApp({ now: () => new Date('2026-02-01T00:00:00Z') })
  const { prisma } = app.database
  // a > b > c > d > e > f, a story under f and others under b; x and y stand in a circle.
  for (const [slug, parent] of ['a', 'b', 'c', 'd', 'e', 'f', 'x', 'y'].map((slug, i, all) => [
    slug,
    all[i - 1],
  ])) {
    const parentId = slug === 'x' ? null : (ids[parent ?? ''] ?? null)
    ids[slug!] = (
      await prisma.topic.create({ data: { slug: slug!, label: slug!.toUpperCase(), parentId } })
    ).id
  }
  await prisma.topic.update({ where: { slug: 'x' }, data: { parentId: ids.y! } })
  const topic = (slug: string) => ({ slug, label: slug.toUpperCase() })
  await addArticle(prisma, { slug: 'deep', topic: topic('f') })
  for (const [slug, day] of [
    ['second', 2],
    ['third', 3],
    ['first', 1],
  ] as const) {
    await addArticle(prisma, { slug, topic: topic('b'), publishedAt: new Date(Date.UTC(2026, 0, day)) })
  }
  await addArticle(prisma, { slug: 'hidden', topic: topic('b'), status: 'WITHHELD' })
})
afterAll(() => app.close())

test('a topic’s path goes from its section down to itself, and a circle ends', async () => {
  const paths = await readTopicPaths(app.database.prisma)
  const pathOf = (slug: string) => paths.get(ids[slug]!)
  expect(pathOf('a')).toEqual({ slug: 'a', label: 'A', path: ['a'] })
  expect(pathOf('d')?.path).toEqual(['a', 'b', 'c', 'd'])
  expect(pathOf('x')?.path).toEqual(['y', 'x'])
  expect(paths.size).toBe(8)
})

test('under a topic are it and all below it, and nothing above or beside it', async () => {
  const under = async (slug: string) => (await topicsUnder(slug, app.database.prisma)).toSorted()
  const all = (...slugs: string[]) => slugs.map((slug) => ids[slug]).toSorted()
  expect(await under('a')).toEqual(all('a', 'b', 'c', 'd', 'e', 'f'))
  expect(await under('e')).toEqual(all('e', 'f'))
  expect(await under('x')).toEqual(all('x', 'y'))
  expect(await under('none')).toEqual([])
})

test('topics are listed by slug, in pages, those that have a story at most four levels below', async () => {
  const list = async (args = '', token?: string) => {
    const { topics } = await app.ask(
      `{ topics${args} { edges { node { slug name } } pageInfo { endCursor hasNextPage } } }`,
      {},
      token,
    )
    return {
      ...topics.pageInfo,
      slugs: topics.edges.map(({ node }: { node: { slug: string } }) => node.slug),
    }
  }
  // The story under "f" makes "b" to "e" visible, and one under "b" makes "a" so.
  expect((await list()).slugs).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  const first = await list('(first: 4)')
  expect(first).toMatchObject({ slugs: ['a', 'b', 'c', 'd'], hasNextPage: true })
  expect(await list(`(first: 4, after: "${first.endCursor}")`)).toMatchObject({
    slugs: ['e', 'f'],
    hasNextPage: false,
  })
  const editor = await app.token('editor', { ttlSeconds: 10 * 365 * 24 * 3600 })
  expect((await list('', editor)).slugs).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'x', 'y'])
  const { prisma } = app.database
  await prisma.article.updateMany({ where: { topicId: ids.b! }, data: { topicId: ids.x! } })
  expect((await list()).slugs).toEqual(['b', 'c', 'd', 'e', 'f', 'x', 'y'])
  await prisma.article.updateMany({ where: { topicId: ids.x! }, data: { topicId: ids.b! } })
})

test('a topic has its label, the one above it, and the stories filed exactly under it, newest first', async () => {
  const of = async (slug: string, token?: string) => {
    const { node } = await app.ask(
      `query ($id: ID!) { node(id: $id) { ... on Topic { slug name parent { slug }
        articles { edges { node { slug topic { slug } } } } } } }`,
      { id: globalId('Topic', ids[slug]!) },
      token,
    )
    return (
      node && {
        ...node,
        articles: node.articles.edges.map(({ node }: { node: { slug: string } }) => node.slug),
      }
    )
  }
  expect(await of('b')).toEqual({
    slug: 'b',
    name: 'B',
    parent: { slug: 'a' },
    articles: ['third', 'second', 'first'],
  })
  expect(await of('a')).toEqual({ slug: 'a', name: 'A', parent: null, articles: [] })
  expect(await of('x')).toBeNull()
  const editor = await app.token('editor', { ttlSeconds: 10 * 365 * 24 * 3600 })
  expect((await of('b', editor)).articles).toHaveLength(4)
})
