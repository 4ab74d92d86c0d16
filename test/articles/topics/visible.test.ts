import { expect, test } from 'vitest'
import { freshApp } from '../../support/app.ts'
import { addArticle, globalId } from '../../support/newsroom.ts'

const TOPICS = '{ topics { edges { node { slug } } } }'

test('a topic that only hidden stories are filed under is hidden too, until one of them may be seen', async () => {
  let now = new Date('2026-02-01T00:00:00Z')
  await using app = await freshApp({ now: () => now })
  const { prisma } = app.database
  const topic = { slug: 'coup', label: 'A coup that nobody knows of yet' }
  await addArticle(prisma, { topic, embargoedUntil: new Date('2026-02-02T00:00:00Z') })
  const { id } = await prisma.topic.findUniqueOrThrow({ where: { slug: 'coup' } })
  const seenBy = async (token?: string) => {
    const { topics } = await app.ask(TOPICS, {}, token)
    const { node } = await app.ask(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: globalId('Topic', id) },
      token,
    )
    return [topics.edges.length, node !== null]
  }
  const feed = async () => (await fetch(new URL('/feeds/topic/coup/rss.xml', app.url))).status
  expect([await seenBy(), await feed()]).toEqual([[0, false], 404])
  expect(await seenBy(await app.token('editor', { ttlSeconds: 10 * 365 * 24 * 3600 }))).toEqual([1, true])
  now = new Date('2026-02-02T00:00:00Z')
  expect([await seenBy(), await feed()]).toEqual([[1, true], 200])
})

test('a topic is seen when a story under one of its own topics is', async () => {
  await using app = await freshApp()
  const { prisma } = app.database
  await addArticle(prisma, { topic: { slug: 'floods', label: 'Floods' } })
  await prisma.topic.create({ data: { slug: 'world', label: 'World' } })
  await prisma.topic.create({
    data: { slug: 'weather', label: 'Weather', parent: { connect: { slug: 'world' } } },
  })
  await prisma.topic.create({ data: { slug: 'empty', label: 'Empty' } })
  await prisma.topic.update({ where: { slug: 'floods' }, data: { parent: { connect: { slug: 'weather' } } } })
  const { topics } = await app.ask(TOPICS)
  expect(topics.edges.map(({ node }: { node: { slug: string } }) => node.slug)).toEqual([
    'floods',
    'weather',
    'world',
  ])
})
