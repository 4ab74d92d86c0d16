import type { Catalogue, TableDescription } from './catalogue.ts'

/** A model of the Prisma schema, and the rules that the comment above it names. */
export interface ModelRules {
  table: string
  /** "CHECK Comment_body_length", "trigger …", "partial index …", or "no index for" a foreign key. */
  rules: string[]
}

const RULE = /^\/\/ - ((?:CHECK|trigger|partial index|no index for) \w+): \S.*\.$/
const MODEL = /^model (\w+) \{$/
const TABLE_NAME = /^ {2}@@map\("(\w+)"\)$/

/**
 * Reads which rules the comments of the models name, one a line: `// - CHECK Name: one sentence.`
 * A rule belongs to the next model below it.
 */
export function rulesInModels(files: readonly { content: string }[]): ModelRules[] {
  const models: ModelRules[] = []
  for (const { content } of files) {
    let rules: string[] = []
    for (const line of content.split('\n')) {
      const [, rule] = RULE.exec(line) ?? []
      const [, model] = MODEL.exec(line) ?? []
      const [, table] = TABLE_NAME.exec(line) ?? []
      const last = models.at(-1)
      if (rule) rules.push(rule)
      if (table && last) last.table = table
      if (!model) continue
      models.push({ table: model, rules })
      rules = []
    }
  }
  return models
}

/** The differences between the comments of the models and the database, one sentence each. */
export function ruleProblems({ tables }: Catalogue, models: readonly ModelRules[]): string[] {
  return tables.flatMap((table) => {
    const named = models.find((model) => model.table === table.name)?.rules ?? []
    const actual = rulesOf(table)
    const missing = actual.filter((rule) => !named.includes(rule))
    const stale = named.filter((rule) => !actual.includes(rule))
    return [
      ...missing.map((rule) => problemOfMissing(table.name, rule)),
      ...stale.map((rule) => `The model of ${table.name} names "${rule}", which the database does not have.`),
    ]
  })
}

function rulesOf({ constraints, triggers, indexes, unindexed }: TableDescription): string[] {
  return [
    ...constraints.filter(({ kind }) => kind === 'c').map(({ name }) => `CHECK ${name}`),
    ...triggers.map(({ name }) => `trigger ${name}`),
    ...indexes.filter(({ partial }) => partial).map(({ name }) => `partial index ${name}`),
    ...unindexed.map((name) => `no index for ${name}`),
  ]
}

function problemOfMissing(table: string, rule: string): string {
  const line = `The model of ${table} does not name "${rule}": add "// - ${rule}: one sentence." above it`
  return rule.startsWith('no index for')
    ? `${line} with the reason, or add an index that begins with the columns of the foreign key.`
    : `${line}.`
}
