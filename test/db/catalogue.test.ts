import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Catalogue, readCatalogue } from '../../src/db/catalogue.ts'
import { ruleProblems, rulesInModels } from '../../src/db/model-rules.ts'
import { readModels } from '../../src/db/schema-files.ts'
import { changedLines, printSchema, readSnapshot } from '../../src/db/schema-snapshot.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(() => database.close())

/** The catalogue of the database after some statements, which are then rolled back. */
async function catalogueAfter(...statements: string[]): Promise<Catalogue> {
  const transaction = database.prisma.$transaction(async (tx) => {
    for (const sql of statements) await tx.$executeRawUnsafe(sql)
    throw new Described(await readCatalogue((sql) => tx.$queryRawUnsafe(sql)))
  })
  return transaction.catch((error: unknown) => {
    if (error instanceof Described) return error.catalogue
    throw error
  })
}

/** Rolls a transaction back. */
class Described extends Error {
  readonly catalogue: Catalogue

  constructor(catalogue: Catalogue) {
    super('described')
    this.catalogue = catalogue
  }
}

/** The lines in which a database differs from prisma/schema.sql after some statements. */
async function changes(...statements: string[]): Promise<string[]> {
  return changedLines(await readSnapshot(), printSchema(await catalogueAfter(...statements)))
}

test('a migrated database, embedded or on a server, is as prisma/schema.sql says', async () => {
  expect(printSchema(await catalogueAfter())).toBe(await readSnapshot())
})

describe('the snapshot shows a change of', () => {
  test('a trigger', async () => {
    expect(
      await changes(
        'DROP TRIGGER "Decision_append_only" ON "Decision"',
        `CREATE TRIGGER "Decision_append_only" BEFORE UPDATE ON "Decision" FOR EACH ROW
           EXECUTE FUNCTION "refuse_change_of_record"()`,
      ),
    ).toEqual([
      '- CREATE TRIGGER "Decision_append_only" BEFORE DELETE OR UPDATE ON "Decision" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();',
      '+ CREATE TRIGGER "Decision_append_only" BEFORE UPDATE ON "Decision" FOR EACH ROW EXECUTE FUNCTION refuse_change_of_record();',
    ])
  })

  test('a trigger that is disabled', async () => {
    const [, line] = await changes('ALTER TABLE "Decision" DISABLE TRIGGER "Decision_append_only"')
    expect(line).toMatch(/^\+ CREATE TRIGGER "Decision_append_only".* -- not enabled;$/)
  })

  test('the function of a trigger', async () => {
    const lines = await changes(`
      CREATE OR REPLACE FUNCTION "Comment_words_stay"() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RETURN NEW;
      END $$`)
    expect(lines).toContain("-     RAISE EXCEPTION 'a comment is never edited'")
  })

  test('a CHECK', async () => {
    expect(
      await changes(
        'ALTER TABLE "Article" DROP CONSTRAINT "Article_version_from_1"',
        'ALTER TABLE "Article" ADD CONSTRAINT "Article_version_from_1" CHECK ("version" >= 0)',
      ),
    ).toEqual([
      '-     CONSTRAINT "Article_version_from_1" CHECK (version >= 1),',
      '+     CONSTRAINT "Article_version_from_1" CHECK (version >= 0),',
    ])
  })

  test('a CHECK that is not validated', async () => {
    const lines = await changes(
      'ALTER TABLE "Article" DROP CONSTRAINT "Article_version_from_1"',
      'ALTER TABLE "Article" ADD CONSTRAINT "Article_version_from_1" CHECK ("version" >= 1) NOT VALID',
    )
    expect(lines.at(-1)).toBe('+     CONSTRAINT "Article_version_from_1" CHECK (version >= 1) NOT VALID,')
  })

  test('a partial index', async () => {
    expect(
      await changes(
        'DROP INDEX "Comment_pending_idx"',
        `CREATE INDEX "Comment_pending_idx" ON "Comment" ("submittedAt", "id") WHERE "status" <> 'REJECTED'`,
      ),
    ).toEqual([
      `- CREATE INDEX "Comment_pending_idx" ON "Comment" USING btree ("submittedAt", id, "articleId", language) WHERE status = 'PENDING'::"CommentStatus";`,
      `+ CREATE INDEX "Comment_pending_idx" ON "Comment" USING btree ("submittedAt", id) WHERE status <> 'REJECTED'::"CommentStatus";`,
    ])
  })
})

test('an object that the snapshot cannot show is refused', async () => {
  await expect(catalogueAfter('CREATE VIEW "Headlines" AS SELECT "headline" FROM "Article"')).rejects.toThrow(
    'does not describe Headlines',
  )
})

describe('the comments of the models', () => {
  let models: Awaited<ReturnType<typeof readModels>>
  beforeAll(async () => {
    models = await readModels()
  })

  test('name every trigger, CHECK and partial index, and no other', async () => {
    expect(ruleProblems(await catalogueAfter(), rulesInModels(models))).toEqual([])
  })

  test('that miss a new trigger, CHECK, partial index or foreign key without index are reported', async () => {
    const catalogue = await catalogueAfter(
      'ALTER TABLE "Topic" ADD CONSTRAINT "Topic_label_present" CHECK ("label" <> \'\')',
      'CREATE INDEX "Topic_sections_idx" ON "Topic" ("slug") WHERE "parentId" IS NULL',
      `CREATE TRIGGER "Topic_append_only" BEFORE DELETE ON "Topic" FOR EACH ROW
         EXECUTE FUNCTION "refuse_change_of_record"()`,
      'DROP INDEX "Topic_parentId_idx"',
    )
    expect(ruleProblems(catalogue, rulesInModels(models))).toEqual([
      expect.stringContaining('does not name "CHECK Topic_label_present"'),
      expect.stringContaining('does not name "trigger Topic_append_only"'),
      expect.stringContaining('does not name "partial index Topic_sections_idx"'),
      expect.stringMatching(/does not name "no index for Topic_parentId_fkey".*or add an index/),
    ])
  })

  test('that name what is gone are reported, also for a table with another name than its model', async () => {
    const catalogue = await catalogueAfter(
      'DROP TRIGGER "StandingChange_append_only" ON "StandingChange"',
      'DROP INDEX "Comment_pending_idx"',
    )
    expect(ruleProblems(catalogue, rulesInModels(models))).toEqual([
      'The model of Comment names "partial index Comment_pending_idx", which the database does not have.',
      'The model of StandingChange names "trigger StandingChange_append_only", which the database does not have.',
    ])
  })

  test('name a rule by its kind, its name and a sentence', () => {
    const content = [
      '// - CHECK One_form: one sentence.',
      '// - CHECK One_other: no full stop',
      '// - trigger One_stays:',
      'model One {',
      '}',
      'model Two {',
      '  @@map("Second")',
      '}',
    ].join('\n')
    expect(rulesInModels([{ content }])).toEqual([
      { table: 'One', rules: ['CHECK One_form'] },
      { table: 'Second', rules: [] },
    ])
  })
})
