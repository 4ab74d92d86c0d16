import { expect, test } from 'vitest'
import { withoutBatches } from '../../src/db/unbatched.ts'
import { freshDatabase } from '../support/database.ts'

const statements: string[] = []

test('two rows that are asked for at the same moment are read by a statement each', async () => {
  await using database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
  const [first, second] = await Promise.all([
    database.prisma.entity.create({ data: { kind: 'PERSON', slug: 'first', name: 'First' } }),
    database.prisma.entity.create({ data: { kind: 'PERSON', slug: 'second', name: 'Second' } }),
  ])
  const ids = [first.id, second.id]

  statements.length = 0
  await Promise.all(ids.map((id) => database.prisma.entity.findUnique({ where: { id } })))
  expect(statements).toHaveLength(1)

  statements.length = 0
  const { entity } = withoutBatches(database.prisma)
  const third = { kind_slug: { kind: 'PERSON' as const, slug: 'third' } }
  const found = await Promise.all([
    entity.findUnique({ where: { kind_slug: { kind: 'PERSON', slug: 'first' } }, select: { name: true } }),
    entity.findUniqueOrThrow({ where: { id: second.id }, select: { name: true } }),
    entity.findUnique({ where: third }),
  ])
  expect(statements).toHaveLength(3)
  expect(found).toEqual([{ name: 'First' }, { name: 'Second' }, null])
  await expect(entity.findUniqueOrThrow({ where: third })).rejects.toMatchObject({
    code: 'P2025',
  })
})

test('a row is found by a key of several columns', async () => {
  await using database = await freshDatabase()
  await database.prisma.externalId.create({
    data: {
      scheme: 'wikidata',
      value: 'Q1',
      entity: { create: { kind: 'PERSON', slug: 'first', name: 'First' } },
    },
  })
  const { externalId } = withoutBatches(database.prisma)
  const where = { scheme_value: { scheme: 'wikidata', value: 'Q1' } }
  expect(await externalId.findUnique({ where, select: { entity: { select: { slug: true } } } })).toEqual({
    entity: { slug: 'first' },
  })
})

test('reads in a transaction see what it has written, and are not batched either', async () => {
  await using database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
  const found = await database.prisma.$transaction(async (tx) => {
    await tx.topic.create({ data: { slug: 'first', label: 'First' } })
    await tx.topic.create({ data: { slug: 'second', label: 'Second' } })
    statements.length = 0
    const { topic } = withoutBatches(tx)
    return Promise.all(
      ['first', 'second'].map((slug) => topic.findUnique({ where: { slug }, select: { label: true } })),
    )
  })
  expect(statements.filter((sql) => sql.startsWith('SELECT'))).toHaveLength(2)
  expect(found).toEqual([{ label: 'First' }, { label: 'Second' }])
})
