import { expect, inject, test } from 'vitest'
import { operationText } from '../../src/graphql/operations.ts'
import { freshApp } from '../support/app.ts'

test.runIf(inject('database').kind === 'template')(
  'the statement of a document in schema/operations is prepared although others have sent hundreds before',
  async () => {
    await using app = await freshApp()
    const { prisma } = app.database
    const prepared = async (part: string) => {
      const rows = await Promise.all(
        Array.from(
          { length: 20 },
          () => prisma.$queryRaw<{ statement: string }[]>`SELECT statement FROM pg_prepared_statements`,
        ),
      )
      return rows.flat().filter(({ statement }) => statement.includes(part)).length
    }
    for (let i = 0; i < 620; i++) {
      const fields = [
        'slug',
        'headline',
        'kicker',
        'byline',
        'language',
        'updatedAt',
        'standfirst',
        'version',
        'url',
        'commentCount',
      ]
      const selected = fields.filter((_, bit) => (i + 1) & (1 << bit))
      for (let n = 0; n < 3; n++)
        await app.ask(`{ articles(first: 1) { edges { node { ${selected.join(' ')} } } } }`)
    }
    const mine = operationText('FrontPage')
    expect(await prepared('"Topic"')).toBe(0)
    for (let n = 0; n < 4; n++) await app.ask(mine)
    expect(await prepared('"Topic"')).toBeGreaterThan(0)
  },
)
