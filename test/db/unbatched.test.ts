import { expect, test } from 'vitest'
import { withoutBatches } from '../../src/db/unbatched.ts'
import { freshDatabase } from '../support/database.ts'

const statements: string[] = []

test('two rows that are asked for at the same moment are read by a statement each', async () => {
  await using database = await freshDatabase({ onStatement: (sql) => statements.push(sql) })
  const [first, second] = await Promise.all([
    database.prisma.person.create({ data: { slug: 'first', name: 'First' } }),
    database.prisma.person.create({ data: { slug: 'second', name: 'Second' } }),
  ])
  const ids = [first.id, second.id]

  statements.length = 0
  await Promise.all(ids.map((id) => database.prisma.person.findUnique({ where: { id } })))
  expect(statements).toHaveLength(1)

  statements.length = 0
  const { person } = withoutBatches(database.prisma)
  const found = await Promise.all([
    person.findUnique({ where: { slug: 'first' }, select: { name: true } }),
    person.findUniqueOrThrow({ where: { id: second.id }, select: { name: true } }),
    person.findUnique({ where: { slug: 'third' } }),
  ])
  expect(statements).toHaveLength(3)
  expect(found).toEqual([{ name: 'First' }, { name: 'Second' }, null])
  await expect(person.findUniqueOrThrow({ where: { slug: 'third' } })).rejects.toMatchObject({
    code: 'P2025',
  })
})

test('a row is found by a key of several columns', async () => {
  await using database = await freshDatabase()
  await database.prisma.externalId.create({
    data: { scheme: 'wikidata', value: 'Q1', person: { create: { slug: 'first', name: 'First' } } },
  })
  const { externalId } = withoutBatches(database.prisma)
  const where = { scheme_value: { scheme: 'wikidata', value: 'Q1' } }
  expect(await externalId.findUnique({ where, select: { person: { select: { slug: true } } } })).toEqual({
    person: { slug: 'first' },
  })
})
