import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/config.ts'
import type { PrismaClient } from '../../../src/db/client/client.ts'
import { dataModelOf, withCompiledReads } from '../../../src/db/compiled-reads/client.ts'
import type { DataModel } from '../../../src/db/compiled-reads/data-model.ts'
import { fillWithSample } from '../../../src/sample/fill.ts'
import { freshDatabase, type TestDatabase } from '../../support/database.ts'
import { conditionsOn, isCompared, orderOf, type RandomRead, RandomReads } from './random-reads.ts'

let database: TestDatabase
let compiled: PrismaClient
let dataModel: DataModel
let left: object[]

type Finds = Record<string, Record<string, (args: object) => Promise<unknown>>>

beforeAll(async () => {
  database = await freshDatabase()
  const dataDir = await mkdtemp(join(tmpdir(), 'dateline-reads-'))
  await fillWithSample(database, loadConfig({ DATA_DIR: dataDir, SAMPLE: 'on' }), () => new Date())
  dataModel = dataModelOf(database.prisma)
  left = []
  compiled = withCompiledReads(database, {
    onLeft: (model, operation, args) => left.push({ model, operation, args }),
  })
})
afterAll(() => database?.close())

test('any read of the sample newsroom has the result that Prisma returns', async () => {
  const reads = new RandomReads(dataModel.models, await valuesOf(database.prisma))
  await fc.assert(
    fc.asyncProperty(reads.any(), async (read) => {
      expect(await find(compiled, read)).toStrictEqual(await find(database.prisma, read))
      expect(left).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('each operator on each column has the result that Prisma returns', async () => {
  const values = await valuesOf(database.prisma)
  for (const model of dataModel.models.values()) {
    for (const field of model.fields.values()) {
      const [value] = values.get(`${model.name}.${field.name}`) ?? []
      if (field.kind !== 'scalar' || value === undefined) continue
      for (const condition of conditionsOn(field, value)) {
        const args = { where: { [field.name]: condition }, select: { [field.name]: true } }
        const read = { model, operation: 'findMany', args: { ...args, orderBy: orderOf(model) } } as const
        expect(await find(compiled, read), JSON.stringify(args)).toStrictEqual(
          await find(database.prisma, read),
        )
      }
    }
  }
  expect(left).toEqual([])
})

function find(client: PrismaClient, { model, operation, args }: RandomRead): Promise<unknown> {
  return (client as unknown as Finds)[delegateOf(model.name)]?.[operation]?.(args) as Promise<unknown>
}

function delegateOf(model: string): string {
  return model.charAt(0).toLowerCase() + model.slice(1)
}

/** Up to 20 values of each column. */
async function valuesOf(prisma: PrismaClient): Promise<Map<string, unknown[]>> {
  const values = new Map<string, unknown[]>()
  for (const model of dataModel.models.values()) {
    const rows = (await (prisma as unknown as Finds)[delegateOf(model.name)]?.findMany?.({
      take: 20,
    })) as Record<string, unknown>[]
    for (const field of model.fields.values()) {
      if (field.kind !== 'scalar' || !isCompared(field)) continue
      const found = [...new Set(rows.map((row) => row[field.name]))].filter((value) => value !== null)
      values.set(`${model.name}.${field.name}`, found)
    }
  }
  return values
}
