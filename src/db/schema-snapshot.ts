import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Catalogue, TableDescription } from './catalogue.ts'
import { prismaFolder } from './schema-files.ts'

const HEADING = `-- The database as the migrations make it, sorted by table. Written by \`npm run schema:snapshot\`; do not edit.
-- \`npm run check\` fails when the migrations and this file differ.`

/** The text of prisma/schema.sql. */
export function printSchema({ extensions, enums, tables, functions }: Catalogue): string {
  const parts = [
    HEADING,
    extensions.map((name) => `CREATE EXTENSION ${name};`).join('\n'),
    enums.map(({ name, labels }) => `CREATE TYPE "${name}" AS ENUM (${labels});`).join('\n'),
    ...tables.map(printTable),
    ...functions.map(({ definition }) => `${definition.trim()};`),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function printTable({ name, unlogged, options, ...parts }: TableDescription): string {
  const lines = [
    ...parts.columns,
    ...parts.constraints.map((constraint) => `CONSTRAINT "${constraint.name}" ${constraint.definition}`),
  ]
  const create = `CREATE ${unlogged ? 'UNLOGGED ' : ''}TABLE "${name}" (\n${indented(lines)}\n)`
  const statements = [
    `${create}${options ? ` WITH (${options})` : ''}`,
    ...parts.indexes.map(({ definition }) => definition),
    ...parts.triggers.map(({ definition }) => definition),
  ]
  return statements.map((statement) => `${statement};`).join('\n')
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `    ${onOneLine(line)}`).join(',\n')
}

/** Invisible characters in literals are escaped. */
function onOneLine(definition: string): string {
  return definition
    .replace(/'[^']*'/g, (literal) =>
      INVISIBLE.test(literal) ? `E${literal.replace(ESCAPED, escaped)}` : literal,
    )
    .replace(/\s*\n\s*/g, ' ')
}

/** Control characters, and white space except the space. */
const INVISIBLE = /\p{C}|(?! )\p{Z}/u
const ESCAPED = /\p{C}|(?! )\p{Z}|\\/gu

function escaped(character: string): string {
  return character === '\\' ? '\\\\' : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** The committed snapshot; empty if there is none. */
export async function readSnapshot(prisma = prismaFolder): Promise<string> {
  return readFile(join(prisma, 'schema.sql'), 'utf8').catch(() => '')
}

/** @returns the path of the file */
export async function writeSnapshot(text: string, prisma = prismaFolder): Promise<string> {
  const file = join(prisma, 'schema.sql')
  await writeFile(file, text)
  return file
}

/** The lines that only one of two texts contains, with "-" for the first and "+" for the second. */
export function changedLines(before: string, after: string): string[] {
  const [old, current] = [before.split('\n'), after.split('\n')]
  const [oldLines, currentLines] = [new Set(old), new Set(current)]
  return [
    ...old.filter((line) => !currentLines.has(line)).map((line) => `- ${line}`),
    ...current.filter((line) => !oldLines.has(line)).map((line) => `+ ${line}`),
  ]
}
